//! Formats text for a page: short lines, without control characters for a terminal.

use std::fmt;

/// The maximum length of a line in characters. Longer lines are broken at a space.
const WIDTH: usize = 96;

/// Writes a label and a text, broken into short lines that are indented below the text.
pub(super) fn paragraph(f: &mut fmt::Formatter<'_>, label: &str, text: &str) -> fmt::Result {
    let indent = " ".repeat(label.len());
    let mut start = label;
    for line in text.lines() {
        let mut len = 0;
        for word in line.split(' ') {
            let word_len = word.chars().count();
            if len == 0 {
                write!(f, "\n{start}{word}")?;
                start = &indent;
                len = indent.len();
            } else if len + 1 + word_len > WIDTH {
                write!(f, "\n{indent}{word}")?;
                len = indent.len();
            } else {
                write!(f, " {word}")?;
                len += 1;
            }
            len += word_len;
        }
    }
    Ok(())
}

/// Returns at most `limit` characters of a text, without control characters.
pub(super) fn clip(text: &str, limit: usize) -> String {
    let is_shown = |c: &char| !c.is_control() && !('\u{200B}'..='\u{202E}').contains(c);
    let mut shown: String = text.chars().filter(is_shown).take(limit + 1).collect();
    if let Some((end, _)) = shown.char_indices().nth(limit) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Page<'t>(&'t str);

    impl fmt::Display for Page<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            paragraph(f, "do: ", self.0)
        }
    }

    #[test]
    fn breaks_lines_at_spaces_and_keeps_the_words() {
        let text = "word ".repeat(60) + &"x".repeat(200) + "\nanother line";
        let page = Page(&text).to_string();
        assert!(page.starts_with("\ndo: word word"));
        let long: Vec<&str> = page.lines().filter(|line| line.chars().count() > WIDTH).collect();
        assert_eq!(long, [format!("    {}", "x".repeat(200))]);
        assert!(page.ends_with("\n    another line"));
        assert_eq!(page.split_whitespace().count(), 1 + 60 + 1 + 2);
    }

    #[test]
    fn clips_and_drops_what_a_terminal_acts_on() {
        assert_eq!(clip("a\u{1b}[31mb\u{202e}c", 20), "a[31mbc");
        assert_eq!(clip("äöü", 3), "äöü");
        assert_eq!(clip("äöüx", 3), "äöü…");
    }
}
