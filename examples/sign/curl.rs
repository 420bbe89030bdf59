//! Prints a request as a `curl` command that sends exactly what was signed.

use std::fmt;

use crate::request::{Body, Request};

/// A command line for a POSIX shell.
pub(crate) struct Curl(Vec<String>);

impl Curl {
    pub(crate) fn new(request: &Request) -> Self {
        // curl must not expand brackets and braces, nor resolve dot segments: the URL was signed as it is.
        let mut curl = Self(vec!["curl --globoff --path-as-is".to_owned()]);
        match (&*request.method, &request.body) {
            // With `-X HEAD`, curl would wait for a body that never comes.
            ("HEAD", None) => curl.push(&["--head"]),
            (method, _) => curl.push(&["-X", method]),
        }
        for header in &request.headers {
            curl.push(&["-H", header]);
        }
        if let Some(body) = &request.body {
            curl.push_body(body);
        }
        // curl accepts no spaces. They can only be in the query, where %20 means the same.
        curl.push(&[&request.url.replace(' ', "%20")]);
        curl
    }

    fn push_body(&mut self, body: &Body) {
        // An empty header removes the Content-Type of forms, which curl adds itself.
        let content_type = body.content_type.as_deref();
        let header = content_type
            .map_or("Content-Type:".to_owned(), |media_type| format!("Content-Type: {media_type}"));
        self.push(&["-H", &header]);
        match &body.file {
            Some(file) => self.push(&["--data-binary", &format!("@{}", file.display())]),
            None => self.push(&["--data-raw", &String::from_utf8_lossy(&body.bytes)]),
        }
    }

    fn push(&mut self, arguments: &[&str]) {
        self.0.push(arguments.iter().map(|argument| shell_quoted(argument)).collect::<Vec<_>>().join(" "));
    }
}

impl fmt::Display for Curl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" \\\n  "))
    }
}

/// Quotes text for a shell. In single quotes only the quote itself is special, so it goes outside of them.
fn shell_quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._/:@%+,".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_reads_back_what_was_quoted() {
        for (text, quoted) in [
            ("GET", "GET"),
            ("https://h:1/a%20b", "https://h:1/a%20b"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$(id)`id`\\!", r"'$(id)`id`\!'"),
            ("https://h/?a=1&b", "'https://h/?a=1&b'"),
            ("caf\u{e9}", "'caf\u{e9}'"),
        ] {
            assert_eq!(shell_quoted(text), quoted);
        }
    }
}
