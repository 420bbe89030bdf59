//! RFC 5849 §3.3: the command that stores a nonce, with its keys and times.

use crate::redis::milliseconds;

use super::super::{Nonce, NonceKey};

/// A nonce to insert, as Redis needs it.
pub(super) struct Insertion {
    pub(super) keys: Keys,
    /// How long to remember the nonce, in milliseconds.
    pub(super) lifetime: u64,
    /// The length of a period, in milliseconds.
    pub(super) period: u64,
}

impl Insertion {
    pub(super) fn new(prefix: &str, skew: u64, nonce: &Nonce<'_>, now: u64, expires: u64) -> Self {
        Self {
            keys: Keys::new(prefix, nonce),
            lifetime: lifetime(now, expires, skew),
            period: period(nonce.timestamp, expires, skew),
        }
    }
}

pub(super) struct Keys {
    pub(super) nonce: String,
    pub(super) client: String,
    pub(super) token: String,
}

impl Keys {
    /// Creates the keys for a nonce.
    ///
    /// The part in curly brackets puts them all in one hash slot of a cluster: a script may use one slot
    /// only.
    fn new(prefix: &str, nonce: &Nonce<'_>) -> Self {
        let mut tag = String::with_capacity(prefix.len() + 2 * HEX_LEN + 3);
        tag.push_str(prefix);
        tag.push('{');
        push_hex(&mut tag, &NonceKey::of_client(nonce.client_key));
        tag.push('}');
        let with = |letter: &str, key: &NonceKey| {
            let mut text = String::with_capacity(tag.len() + 1 + HEX_LEN);
            text.push_str(&tag);
            text.push_str(letter);
            push_hex(&mut text, key);
            text
        };
        let nonce_key = with("", &nonce.key());
        // No nonce has this key: the keys of nonces are hexadecimal.
        let token = with("t", &NonceKey::of_token(nonce.client_key, nonce.token));
        Self { nonce: nonce_key, client: tag, token }
    }
}

const HEX_LEN: usize = 32;

/// Does what `Display` does, without a call of the formatter for each byte.
fn push_hex(text: &mut String, key: &NonceKey) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in key.as_bytes() {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// Returns how long to remember a nonce, in milliseconds.
///
/// `expires` is admitted until its second is over, so one second is added. `now` is the start of its second,
/// and Redis counts from the arrival of the command: both make the real lifetime longer.
fn lifetime(now: u64, expires: u64, skew: u64) -> u64 {
    milliseconds(expires.saturating_sub(now).saturating_add(1).saturating_add(skew))
}

/// Returns the length of a period in which shares are counted: the longest lifetime, in milliseconds.
fn period(timestamp: u64, expires: u64, skew: u64) -> u64 {
    let window = expires.saturating_sub(timestamp);
    milliseconds(window.saturating_mul(2).saturating_add(1).saturating_add(skew))
}

#[cfg(test)]
mod tests {
    use super::{Keys, Nonce, lifetime, period};

    const NONCE: Nonce<'_> = Nonce { client_key: "ab", token: Some("cd"), timestamp: 7, nonce: "ef" };

    /// The digests must be the same in another version of this crate and on another machine.
    #[test]
    fn keys_are_the_same_for_ever() {
        let keys = Keys::new("p:", &NONCE);
        assert_eq!(keys.nonce, "p:{069ba26d185edc184e2c0ff0a104c50d}bdd33bf0c108534faf9a1e4a081e9a0c");
        assert_eq!(keys.client, "p:{069ba26d185edc184e2c0ff0a104c50d}");
        assert_eq!(keys.token, "p:{069ba26d185edc184e2c0ff0a104c50d}t0f13d2bbbee61523e20f74d5550555b6");
    }

    #[test]
    fn no_two_shares_have_one_key() {
        let of = |nonce| Keys::new("", &nonce).token;
        let mut keys = [
            of(NONCE),
            of(Nonce { token: None, ..NONCE }),
            of(Nonce { token: Some(""), ..NONCE }),
            of(Nonce { client_key: "abc", token: Some("d"), ..NONCE }),
            Keys::new("", &NONCE).client,
        ];
        keys.sort_unstable();
        assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "{keys:?}");
        // The nonce and the timestamp do not matter.
        assert_eq!(of(NONCE), of(Nonce { timestamp: 8, nonce: "gh", ..NONCE }));
    }

    /// A replay at a second machine, whose clock is behind by the skew (§3.3).
    ///
    /// At no time does it still admit the timestamp after Redis has forgotten the nonce. Times are those of
    /// the first machine, in milliseconds.
    #[test]
    fn machines_within_the_skew_admit_nothing_that_is_forgotten() {
        const WINDOW: u64 = 30;
        for skew in [0, 1, 5, 60] {
            for timestamp in 1_000..1_000 + WINDOW {
                let expires = timestamp + WINDOW;
                for now in timestamp - WINDOW..=expires {
                    // The earliest possible call is at the start of this second.
                    let forgotten = now * 1_000 + lifetime(now, expires, skew);
                    let of_the_other = forgotten / 1_000 - skew;
                    assert!(of_the_other > expires, "{skew} {timestamp} {now}");
                    assert!(lifetime(now, expires, skew) <= period(timestamp, expires, skew));
                }
            }
        }
    }

    #[test]
    fn the_longest_lifetime_is_one_that_redis_takes() {
        assert_eq!(lifetime(0, u64::MAX, u64::MAX), u64::MAX >> 2);
        assert_eq!(period(0, u64::MAX, u64::MAX), u64::MAX >> 2);
        assert_eq!(lifetime(10, 10, 0), 1_000);
        assert_eq!(period(1_000, 1_300, 300), 901_000);
    }
}
