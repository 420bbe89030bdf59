//! RFC 5849 §4.10: random tokens, secrets and codes that nobody can guess.

use crate::boxed::BoxError;
use crate::credentials::TokenCredentials;
use crate::percent::is_all_unreserved;
use crate::stamp::{alphanumeric, system_bytes};

/// Returns a random token with its secret.
pub(super) fn credentials() -> Result<TokenCredentials, BoxError> {
    prefixed("")
}

/// Returns a random token that begins with `prefix`, with its secret.
///
/// # Errors
///
/// Returns an error if a token with this prefix would be too long for clients and servers, or contain
/// characters that a client may have to escape.
pub(super) fn prefixed(prefix: &str) -> Result<TokenCredentials, BoxError> {
    if prefix.len() > MAX_PREFIX_LEN {
        return Err(format!("the prefix of an access token is longer than {MAX_PREFIX_LEN} bytes").into());
    }
    if !is_all_unreserved(prefix.as_bytes()) {
        return Err("the prefix of an access token has other characters than A-Z a-z 0-9 - . _ ~".into());
    }
    Ok(TokenCredentials::new(format!("{prefix}{}", text()?), text()?))
}

/// With the random part, a token is far below the 255 bytes that a server reads by default.
const MAX_PREFIX_LEN: usize = 64;

/// Returns 26 random letters and digits, with 128 bits of randomness.
pub(super) fn text() -> Result<String, BoxError> {
    Ok(alphanumeric(system_bytes()?).map(char::from).iter().collect())
}

/// Returns 8 random digits, for people to type.
///
/// They are the remainder of 128 bits, so no PIN is likelier than another by more than one in 2¹⁰⁰.
pub(super) fn pin() -> Result<String, BoxError> {
    Ok(digits(system_bytes()?))
}

fn digits(bytes: [u8; 16]) -> String {
    format!("{:08}", u128::from_le_bytes(bytes) % 100_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_has_all_its_digits() {
        assert_eq!(digits([0; 16]), "00000000");
        assert_eq!(digits(7_u128.to_le_bytes()), "00000007");
        assert_eq!(digits(123_456_789_012_u128.to_le_bytes()), "56789012");
    }

    #[test]
    fn a_prefix_leaves_the_random_part_as_it_is() {
        let token = prefixed("785027577-").expect("a prefix").token().to_owned();
        assert_eq!(token.strip_prefix("785027577-").map(str::len), Some(26));
        assert!(prefixed(&"a".repeat(64)).is_ok() && prefixed(&"a".repeat(65)).is_err());
        for wrong in ["a b", "ä", "a%", "a\n", "\"", "a/b", "a+"] {
            assert!(prefixed(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn no_text_comes_twice() {
        let mut texts: Vec<_> = (0..10_000).map(|_| text().expect("random bytes")).collect();
        assert!(texts.iter().all(|text| text.len() == 26 && text.bytes().all(|b| b.is_ascii_alphanumeric())));
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), 10_000);
    }

    /// Counts each digit in each place: about one in ten of 80,000.
    ///
    /// Six standard deviations (fewer than one false alarm in a million runs) are 180.
    #[test]
    fn no_digit_of_a_pin_is_likelier() {
        let mut counts = [[0_u32; 10]; 8];
        for _ in 0..10_000 {
            let pin = pin().expect("random bytes");
            assert_eq!(pin.len(), 8);
            for (place, digit) in pin.bytes().enumerate() {
                counts[place][usize::from(digit - b'0')] += 1;
            }
        }
        assert!(counts.iter().flatten().all(|count| count.abs_diff(1_000) < 180), "{counts:?}");
    }
}
