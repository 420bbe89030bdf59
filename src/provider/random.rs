//! RFC 5849 §4.10: what is issued, so that nobody can guess it.

use crate::boxed::BoxError;
use crate::credentials::TokenCredentials;
use crate::stamp::{alphanumeric, system_bytes};

/// An identifier and a secret.
pub(super) fn credentials() -> Result<TokenCredentials, BoxError> {
    Ok(TokenCredentials::new(text()?, text()?))
}

/// 26 letters and digits that carry 128 bits.
pub(super) fn text() -> Result<String, BoxError> {
    Ok(alphanumeric(system_bytes()?).map(char::from).iter().collect())
}

/// 8 digits, for people to type. Of 128 bits, no remainder is likelier than another by more than one in
/// 2¹⁰⁰.
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
    fn no_text_comes_twice() {
        let mut texts: Vec<_> = (0..10_000).map(|_| text().expect("random bytes")).collect();
        assert!(texts.iter().all(|text| text.len() == 26 && text.bytes().all(|b| b.is_ascii_alphanumeric())));
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), 10_000);
    }

    /// Each digit in each place: of 80,000, each of the ten about one in ten. Six standard deviations
    /// (less than one false alarm in a million runs) are 180.
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
