//! The order of the modules: a file imports only from modules that its parent lists before its own, so
//! that the house can be read from the ground up. And no file is long.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The most lines that a file may have.
const MAX_LINES: usize = 600;

/// Parents that define the types which their children implement or fill: there a child takes from its parent.
const PARENTS_FIRST: &[&str] = &[
    "provider::store",
    "provider::store::redis",
    "verify",
    "verify::diagnosis",
    "verify::diagnosis::mistake",
    "verify::diagnosis::parameters",
    "verify::diagnosis::steps",
    "verify::nonce",
    "verify::nonce::memory",
    "verify::nonce::redis",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns all `.rs` files below a directory, as paths relative to the root.
fn files_below(directory: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut waiting = vec![root().join(directory)];
    while let Some(directory) = waiting.pop() {
        for entry in
            fs::read_dir(&directory).expect("a directory").map(|entry| entry.expect("an entry").path())
        {
            if entry.is_dir() {
                if !entry.ends_with("target") {
                    waiting.push(entry);
                }
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                files.push(entry.strip_prefix(root()).expect("below the root").to_owned());
            }
        }
    }
    files.sort();
    files
}

/// A module of `src`, by its path from the crate's root (`request::uri`; empty for the root itself).
struct Module {
    file: String,
    text: String,
    /// The child modules, in the order in which they are listed.
    children: Vec<String>,
}

/// The part of a file that is compiled outside of tests, without comments.
fn code(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    let text = text.replace("pub(in crate::", "pub(in ");
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn children(code: &str) -> Vec<String> {
    let declaration = |line: &str| {
        let line = line.trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ");
        line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned)
    };
    code.lines().filter_map(declaration).collect()
}

fn modules() -> BTreeMap<String, Module> {
    let module = |file: PathBuf| {
        let text = code(&fs::read_to_string(root().join(&file)).expect("a source file"));
        let file = file.to_str().expect("UTF-8").replace('\\', "/");
        let path = file.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
        let path = if path == "lib" { String::new() } else { path.replace('/', "::") };
        let children = children(&text);
        (path, Module { file, text, children })
    };
    files_below("src").into_iter().map(module).collect()
}

/// Splits `a::{b, c::d}` into `a::b` and `a::c::d`.
fn flatten(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((prefix, rest)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default().trim();
        return vec![path.trim_end_matches("::self").to_owned()];
    };
    let inner = rest.strip_suffix('}').unwrap_or(rest);
    let (mut depth, mut start, mut paths) = (0, 0, Vec::new());
    for (at, character) in inner.char_indices().chain([(inner.len(), ',')]) {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = inner[start..at].trim();
                if !part.is_empty() {
                    paths.extend(flatten(&format!("{prefix}{part}")));
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    paths
}

/// Returns the paths into this crate that a module names, from the crate's root: those of its `use`
/// declarations, and those that stand in its code.
fn imports(path: &str, module: &Module) -> Vec<String> {
    let mut named = Vec::new();
    for (at, _) in module.text.match_indices("use ") {
        let starts_line = module.text[..at].rsplit('\n').next().unwrap_or_default();
        let is_declaration = matches!(starts_line.trim(), "" | "pub" | "pub(crate)" | "pub(super)");
        let declaration = &module.text[at + "use ".len()..];
        if let (true, Some((tree, _))) = (is_declaration, declaration.split_once(';')) {
            named.extend(flatten(&tree.replace('\n', " ")));
        }
    }
    for prefix in ["crate::", "super::"] {
        for (at, _) in module.text.match_indices(prefix) {
            let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':');
            if !module.text[..at].ends_with(is_word) {
                let rest = &module.text[at..];
                named.push(rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())].to_owned());
            }
        }
    }
    named.into_iter().filter_map(|name| absolute(path, &module.children, &name)).collect()
}

/// Makes a path absolute; none where it leads out of the crate.
fn absolute(module: &str, children: &[String], name: &str) -> Option<String> {
    if let Some(path) = name.strip_prefix("crate::") {
        return Some(path.to_owned());
    }
    let mut parts: Vec<&str> = if module.is_empty() { Vec::new() } else { module.split("::").collect() };
    let mut rest = name;
    if let Some(path) = rest.strip_prefix("self::") {
        rest = path;
    } else if rest.starts_with("super::") {
        while let Some(path) = rest.strip_prefix("super::") {
            parts.pop()?;
            rest = path;
        }
    } else if !children.iter().any(|child| rest == child || rest.starts_with(&format!("{child}::"))) {
        return None;
    }
    parts.push(rest);
    Some(parts.join("::"))
}

/// Follows `pub use` in each module down to the module that an item is in.
fn home(modules: &BTreeMap<String, Module>, path: &str) -> String {
    let mut home = String::new();
    let mut rest: Vec<&str> = path.split("::").collect();
    loop {
        let Some(module) = modules.get(&home) else { return home };
        let Some(name) = rest.first().copied() else { return home };
        let child = if module.children.iter().any(|child| child == name) {
            rest.remove(0);
            Some(name.to_owned())
        } else {
            let is_it = |path: &String| path.rsplit("::").next() == Some(name);
            imports(&home, module).into_iter().find(is_it).and_then(|path| {
                let path = path.strip_prefix(&format!("{home}::")).unwrap_or(&path).to_owned();
                let first = path.split("::").next()?.to_owned();
                module.children.contains(&first).then_some(first)
            })
        };
        match child {
            Some(child) if home.is_empty() => home = child,
            Some(child) => home = format!("{home}::{child}"),
            None => return home,
        }
    }
}

/// Says what is wrong with an import, if anything is.
fn fault(modules: &BTreeMap<String, Module>, from: &str, to: &str) -> Option<String> {
    if from == to || to.is_empty() || to.starts_with(&format!("{from}::")) {
        // A module may use what is in its children.
        return None;
    }
    if from.starts_with(&format!("{to}::")) {
        if PARENTS_FIRST.contains(&to) {
            return None;
        }
        return Some(format!("takes from its parent {to}, which itself takes from it"));
    }
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split("::").collect(), to.split("::").collect());
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let siblings = &modules[&from[..common].join("::")].children;
    let place = |name: &str| siblings.iter().position(|sibling| sibling == name);
    let (own, other) = (place(from[common])?, place(to[common])?);
    (other > own).then(|| format!("takes from {}, which is listed after it", to.join("::")))
}

#[test]
fn a_module_imports_only_from_those_listed_before_it() {
    let modules = modules();
    let mut faults = Vec::new();
    for (path, module) in modules.iter().filter(|(path, _)| !path.is_empty()) {
        let mut homes: Vec<String> = imports(path, module).iter().map(|to| home(&modules, to)).collect();
        homes.sort();
        homes.dedup();
        for to in homes {
            faults.extend(fault(&modules, path, &to).map(|fault| format!("{} {fault}", module.file)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_reader_of_imports_sees_what_there_is() {
    assert_eq!(flatten("crate::{a::B, c::{D, self}}"), ["crate::a::B", "crate::c::D", "crate::c"]);
    assert_eq!(absolute("a::b", &[], "super::c::D"), Some("a::c::D".to_owned()));
    assert_eq!(absolute("a::b", &[], "std::fmt"), None);
    let modules = modules();
    assert!(modules.len() > 50, "{}", modules.len());
    assert_eq!(home(&modules, "signer::Signer"), "signer::signing");
    assert!(fault(&modules, "percent", "signer::signing").is_some());
    assert!(fault(&modules, "signer::signing", "percent").is_none());
    assert!(fault(&modules, "request::uri", "request::origin").is_some());
    assert!(fault(&modules, "request::origin", "request::uri").is_none());
    assert!(fault(&modules, "request::origin", "request").is_some());
}

#[test]
fn no_file_is_long() {
    let directories = ["src", "tests", "benches", "examples", "fuzz"];
    for file in directories.iter().flat_map(|directory| files_below(directory)) {
        let lines = fs::read_to_string(root().join(&file)).expect("a source file").lines().count();
        assert!(lines <= MAX_LINES, "{} has {lines} lines: split it", file.display());
    }
}
