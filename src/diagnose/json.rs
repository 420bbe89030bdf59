//! The members of a JSON text, without its structure.
//!
//! This is no parser. The diagnosis needs a few members of an error response, wherever they are nested. It
//! also reads a text that was cut off or is not quite JSON, which a parser rejects. So the crate needs no
//! JSON dependency, and neither depth nor size of the text costs more than one pass.

/// The maximum number of members to read. No error response has more that matter.
const MOST: usize = 256;

/// Returns the members whose value is a string, a number or a word, in the order of the text.
pub(super) fn members(text: &str) -> Vec<(String, String)> {
    let mut members = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('"') {
        let Some((name, after)) = string(&rest[at + 1..]) else { break };
        rest = after;
        let Some(value) = after.trim_start().strip_prefix(':').map(str::trim_start) else { continue };
        if let Some(quoted) = value.strip_prefix('"') {
            // A string that is cut off counts as far as it goes.
            let (value, after) = string(quoted).unwrap_or_else(|| (unescaped(quoted), ""));
            rest = after;
            members.push((name, value));
        } else {
            let end = value.find([',', '}', ']', '{', '[', '"']).unwrap_or(value.len());
            let word = value[..end].trim();
            rest = &value[end..];
            if !word.is_empty() {
                members.push((name, word.to_owned()));
            }
        }
        if members.len() == MOST {
            break;
        }
    }
    members
}

/// Returns the string that starts after a quote, and the text after it.
fn string(text: &str) -> Option<(String, &str)> {
    let mut is_escaped = false;
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    })?;
    Some((unescaped(&text[..end]), &text[end + 1..]))
}

/// Decodes the escapes of a string.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut characters = after.chars();
        match characters.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('b' | 'f') | None => {}
            Some('u') => {
                let code = after.get(1..5).and_then(|digits| u32::from_str_radix(digits, 16).ok());
                let Some(code) = code else {
                    out.push('u');
                    rest = &after[1..];
                    continue;
                };
                // Half of a surrogate pair is no character. Base strings and messages contain none.
                out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                rest = &after[5..];
                continue;
            }
            Some(other) => out.push(other),
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        members(text)
    }

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn reads_members_at_any_depth_and_from_text_that_was_cut_off() {
        for (text, expected) in [
            (r#"{"errors":[{"code":32,"message":"No"}]}"#, owned(&[("code", "32"), ("message", "No")])),
            (r#"{ "a" : { "b" : true , "c" : null } }"#, owned(&[("b", "true"), ("c", "null")])),
            (r#"{"m":"a\"b\\","n":1}"#, owned(&[("m", "a\"b\\"), ("n", "1")])),
            (r#"{"m":"GET\u0026x\/y\u00e9\ud83d"}"#, owned(&[("m", "GET&x/y\u{e9}\u{fffd}")])),
            (r#"["a","b"]"#, owned(&[])),
            (r#"{"m":"cut of"#, owned(&[("m", "cut of")])),
            (r#"{"m":"cut \u00"#, owned(&[("m", "cut u00")])),
            (r#"{"m"#, owned(&[])),
            (r#"{"m":"#, owned(&[])),
            ("", owned(&[])),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn agrees_with_a_parser_on_flat_objects() {
        for text in [
            r#"{"code":"json_oauth1_signature_mismatch","message":"OAuth signature does not match","status":401}"#,
            r#"{"a":"\"\\\/\b\f\n\r\t\u0041","b":-1.5e3,"c":"","d":"{\"e\":1}"}"#,
        ] {
            let parsed: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(text).expect("JSON");
            for (name, value) in read(text) {
                let expected = match &parsed[&name] {
                    // Control characters without a meaning on a page are dropped.
                    serde_json::Value::String(text) => text.replace(['\u{8}', '\u{c}'], ""),
                    serde_json::Value::Number(number) => number.to_string(),
                    other => panic!("{other}"),
                };
                let is_number = parsed[&name].is_number();
                assert!(value == expected || is_number && value == "-1.5e3", "{name}: {value}");
            }
        }
    }

    #[test]
    fn deep_and_long_texts_take_one_pass() {
        let deep = "{\"a\":[".repeat(10_000);
        assert!(read(&deep).is_empty());
        assert_eq!(read(&"{\"a\":1,".repeat(10_000)).len(), MOST);
    }
}
