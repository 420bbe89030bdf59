//! Shows text from a request or a cause: limited in length, and without control characters.

use std::fmt::{self, Write as _};

/// The longest name that a rejection repeats, in bytes.
const MAX_NAME: usize = 64;
/// The longest cause that a rejection repeats, in bytes.
const MAX_CAUSE: usize = 512;
const CUT: &str = "...";

/// Returns a name, or a host, as printable ASCII of at most 64 bytes.
pub(super) fn name(bytes: &[u8]) -> String {
    cut(bytes.escape_ascii().map(char::from), MAX_NAME)
}

/// Returns the text of an error with its control characters escaped, in at most 512 bytes.
pub(super) fn cause(cause: &dyn fmt::Display) -> String {
    // A text without end is not collected: the writer stops the formatting.
    let mut bounded = Bounded(String::new());
    let _ = write!(bounded, "{cause}");
    let is_plain = |c: &char| matches!(c, '"' | '\'' | '\\');
    let escaped = bounded.0.chars().flat_map(|c| {
        let (plain, escaped) = if is_plain(&c) { (Some(c), None) } else { (None, Some(c.escape_debug())) };
        plain.into_iter().chain(escaped.into_iter().flatten())
    });
    cut(escaped, MAX_CAUSE)
}

fn cut(characters: impl Iterator<Item = char>, max: usize) -> String {
    let mut text = String::new();
    for character in characters {
        if text.len() + character.len_utf8() > max {
            while text.len() + CUT.len() > max {
                text.pop();
            }
            text.push_str(CUT);
            break;
        }
        text.push(character);
    }
    text
}

struct Bounded(String);

impl fmt::Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if self.0.len() > MAX_CAUSE {
                return Err(fmt::Error);
            }
            self.0.push(character);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_printable_and_cut() {
        assert_eq!(name(b"oauth_nonce"), "oauth_nonce");
        assert_eq!(name(b"a\r\n\x1b[31m\xff"), r"a\r\n\x1b[31m\xff");
        let long = name(&[b'a'; 65]);
        assert_eq!((long.len(), &long[60..]), (64, "a..."));
        assert_eq!(name(&[b'a'; 64]), "a".repeat(64));
        assert!(name(&vec![0xff; 1 << 20]).len() <= 64);
    }

    #[test]
    fn causes_are_cut_and_keep_no_control_character() {
        assert_eq!(
            cause(&"it's \"down\"\r\n\u{1b}[0m: caf\u{e9}"),
            "it's \"down\"\\r\\n\\u{1b}[0m: caf\u{e9}"
        );
        assert!(cause(&"\u{1F600}".repeat(1 << 16)).len() <= MAX_CAUSE);
        assert!(cause(&"\u{0}".repeat(1 << 16)).len() <= MAX_CAUSE);
    }
}
