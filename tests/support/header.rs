//! Reads an Authorization header in the format of RFC 5849 §3.5.1 and RFC 2617 §1.2.

/// The contents of a header.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The realm, with its quoted-string decoded. It is no protocol parameter.
    pub(crate) realm: Option<String>,
    /// Names and values, still encoded, and sorted: the RFC requires no order.
    pub(crate) parameters: Vec<(String, String)>,
}

/// Reads a header. Panics if it has another form: a signer must write nothing that is ambiguous.
pub(crate) fn parse(header: &str) -> Header {
    let mut rest =
        header.strip_prefix("OAuth ").unwrap_or_else(|| panic!("not of the OAuth scheme: {header}"));
    let mut realm = None;
    let mut parameters = Vec::new();
    loop {
        let (name, after) = rest.split_once("=\"").unwrap_or_else(|| panic!("no quoted value at {rest:?}"));
        let (value, after) = quoted_string(after);
        if name == "realm" {
            assert!(realm.replace(value).is_none(), "two realms: {header}");
        } else {
            assert!(is_encoded(name) && is_encoded(&value), "{name:?} = {value:?} is not percent-encoded");
            parameters.push((name.to_owned(), value));
        }
        if after.is_empty() {
            break;
        }
        rest = after.strip_prefix(", ").unwrap_or_else(|| panic!("no comma at {after:?}"));
    }
    parameters.sort();
    Header { realm, parameters }
}

/// Returns the content of a quoted-string after its opening quote, and the text after its closing quote.
fn quoted_string(text: &str) -> (String, &str) {
    let mut content = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (content, &text[at + 1..]),
            '\\' => content.push(characters.next().expect("a character behind the backslash").1),
            _ => content.push(character),
        }
    }
    panic!("no closing quote: {text:?}");
}

/// Returns `true` for unreserved characters and escapes with upper-case digits (§3.6).
fn is_encoded(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let good = match byte {
            b'%' => {
                let mut digit = || {
                    bytes.next().is_some_and(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte))
                };
                digit() && digit()
            }
            _ => byte.is_ascii_alphanumeric() || b"-._~".contains(&byte),
        };
        if !good {
            return false;
        }
    }
    true
}
