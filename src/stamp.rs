//! RFC 5849 §3.3: nonce and timestamp, as one value that signing consumes.

use std::cell::RefCell;
use std::error::Error;
use std::fmt;

use rand::rngs::{StdRng, SysRng};
use rand::{Rng, SeedableRng};

/// Why there is no stamp.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StampError {
    /// The clock could not be read.
    #[error("the clock could not be read: supply one with SignerBuilder::clock")]
    Clock(#[source] Box<dyn Error + Send + Sync>),
    /// The clock, its offset added, says it is 1970 or earlier.
    #[error("the clock stands before 1970: set it, or supply one with SignerBuilder::clock")]
    ClockBeforeEpoch,
    /// The operating system, or the source that was supplied, gave no random octets. There is no
    /// fallback: a nonce that can be guessed is worse than none.
    #[error("no random octets could be had for the nonce")]
    Rng(#[source] Box<dyn Error + Send + Sync>),
    /// §3.3: the nonce is empty, or has ASCII control characters.
    #[error("the nonce is empty or has control characters: give printable text")]
    InvalidNonce,
    /// §3.3: the timestamp must be a positive number of seconds.
    #[error("the timestamp is not a positive number of seconds since 1970")]
    InvalidTimestamp,
}

/// A timestamp and a nonce that no other request has (§3.3).
///
/// Signing takes it by value and it cannot be cloned, so that reusing a nonce does not compile:
///
/// ```compile_fail
/// # use oauth1_signer::*;
/// # fn f(signer: Signer, a: RequestRef<'_>, b: RequestRef<'_>) -> Result<(), Box<dyn std::error::Error>> {
/// let stamp = Stamp::now()?;
/// signer.sign_with(a, stamp)?;
/// signer.sign_with(b, stamp)?; // use of moved value
/// # Ok(()) }
/// ```
pub struct Stamp {
    timestamp: Timestamp,
    nonce: Nonce,
}

/// As it is sent.
enum Timestamp {
    Seconds(u64),
    Verbatim(Box<str>),
}

enum Nonce {
    /// Alphanumeric, so that it needs no encoding.
    Random([u8; NONCE_LEN]),
    Given(Box<str>),
}

/// 62^22 > 2^128: two times eleven letters and digits carry two times 64 bits. Longer ones gain
/// nothing, and common servers take from 20 to 30 alphanumeric characters only.
const NONCE_LEN: usize = 22;

impl Stamp {
    /// The system's time, and a random nonce: 22 letters and digits that carry 128 bits from a
    /// cryptographically secure generator.
    ///
    /// # Errors
    /// If the clock stands before 1970 or there is none (as on `wasm32-unknown-unknown`), or the
    /// operating system gives no random octets.
    pub fn now() -> Result<Self, StampError> {
        let (seconds, nanos) = system_time()?;
        Self::from_octets(seconds, random_octets(nanos)?)
    }

    /// A given time, in seconds since the Unix epoch, and a random nonce.
    ///
    /// # Errors
    /// If `timestamp` is 0, or the operating system gives no random octets.
    pub fn at(timestamp: u64) -> Result<Self, StampError> {
        Self::from_octets(timestamp, random_octets(0)?)
    }

    /// A given time, in seconds since the Unix epoch, and a given nonce: for tests, or where nonces
    /// come from elsewhere. It is up to the caller that no nonce comes twice.
    ///
    /// # Errors
    /// If `timestamp` is 0, or `nonce` is empty or has ASCII control characters.
    pub fn new(timestamp: u64, nonce: &str) -> Result<Self, StampError> {
        if timestamp == 0 {
            return Err(StampError::InvalidTimestamp);
        }
        Ok(Self { timestamp: Timestamp::Seconds(timestamp), nonce: Nonce::Given(check_nonce(nonce)?) })
    }

    /// Timestamp and nonce as somebody else wrote them, to reproduce their signature. The timestamp
    /// need not be a number here, though §3.3 wants one.
    ///
    /// # Errors
    /// If one of them is empty or has ASCII control characters.
    pub fn verbatim(timestamp: &str, nonce: &str) -> Result<Self, StampError> {
        if timestamp.is_empty() || timestamp.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(StampError::InvalidTimestamp);
        }
        Ok(Self { timestamp: Timestamp::Verbatim(timestamp.into()), nonce: Nonce::Given(check_nonce(nonce)?) })
    }

    /// The time of `seconds`, and a nonce made of random octets.
    pub(crate) fn from_octets(seconds: u64, octets: [u8; 16]) -> Result<Self, StampError> {
        if seconds == 0 {
            return Err(StampError::InvalidTimestamp);
        }
        Ok(Self { timestamp: Timestamp::Seconds(seconds), nonce: Nonce::Random(alphanumeric(octets)) })
    }

    /// `oauth_timestamp` as it is sent, formatted into `buffer`.
    pub(crate) fn timestamp<'b>(&'b self, buffer: &'b mut itoa::Buffer) -> &'b str {
        match &self.timestamp {
            Timestamp::Seconds(seconds) => buffer.format(*seconds),
            Timestamp::Verbatim(text) => text,
        }
    }

    /// `oauth_nonce` as it is sent, before encoding.
    pub(crate) fn nonce(&self) -> &[u8] {
        match &self.nonce {
            Nonce::Random(nonce) => nonce,
            Nonce::Given(nonce) => nonce.as_bytes(),
        }
    }
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stamp")
            .field("timestamp", &self.timestamp(&mut itoa::Buffer::new()))
            .field("nonce", &String::from_utf8_lossy(self.nonce()))
            .finish()
    }
}

fn check_nonce(nonce: &str) -> Result<Box<str>, StampError> {
    if nonce.is_empty() || nonce.bytes().any(|byte| byte.is_ascii_control()) {
        return Err(StampError::InvalidNonce);
    }
    Ok(nonce.into())
}

/// Seconds and nanoseconds since 1970.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub(crate) fn system_time() -> Result<(u64, u32), StampError> {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_err(|_| StampError::ClockBeforeEpoch)?;
    Ok((now.as_secs(), now.subsec_nanos()))
}

/// `SystemTime::now` panics where there is no operating system.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub(crate) fn system_time() -> Result<(u64, u32), StampError> {
    Err(StampError::Clock("this target has no system clock".into()))
}

/// How many nonces a thread draws from one seed. What leaks with a process image then speaks of few
/// nonces only, and asking the operating system (some 0.6 µs) costs nothing that could be measured.
const NONCES_PER_SEED: u32 = 4096;

thread_local! {
    static GENERATOR: RefCell<Option<(StdRng, u32)>> = const { RefCell::new(None) };
}

/// 128 random bits.
///
/// `rand::rng()` would do but for two things: it panics where the operating system gives no octets,
/// and a forked process repeats its parent's. The nanosecond that is mixed in parts the two; being
/// independent of the generator it takes nothing from the randomness.
pub(crate) fn random_octets(nanos: u32) -> Result<[u8; 16], StampError> {
    GENERATOR.with_borrow_mut(|slot| {
        let (generator, left) = match slot {
            Some(seeded) if seeded.1 > 0 => seeded,
            _ => {
                let generator = StdRng::try_from_rng(&mut SysRng).map_err(|error| StampError::Rng(error.into()))?;
                slot.insert((generator, NONCES_PER_SEED))
            }
        };
        *left -= 1;
        let mut octets = [0; 16];
        octets[..8].copy_from_slice(&(generator.next_u64() ^ u64::from(nanos)).to_le_bytes());
        octets[8..].copy_from_slice(&generator.next_u64().to_le_bytes());
        Ok(octets)
    })
}

/// Octets as letters and digits, one to one: each half is a fraction of 2^64, written in base 62.
fn alphanumeric(octets: [u8; 16]) -> [u8; NONCE_LEN] {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut text = [0; NONCE_LEN];
    let (high, low) = (u128::from_le_bytes(octets) >> 64, u128::from_le_bytes(octets) & u128::from(u64::MAX));
    let mut fractions = [low, high];
    for place in 0..NONCE_LEN / 2 {
        for (half, fraction) in fractions.iter_mut().enumerate() {
            let product = *fraction * 62;
            *fraction = product & u128::from(u64::MAX);
            // The product is below 62 · 2^64, so its upper half is below 62.
            text[half * NONCE_LEN / 2 + place] = DIGITS[(product >> 64) as usize % 62];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_are_alphanumeric_and_one_to_one_at_the_edges() {
        let edge = |low: u64, high: u64| {
            let octets = (u128::from(high) << 64 | u128::from(low)).to_le_bytes();
            String::from_utf8(alphanumeric(octets).to_vec()).expect("ASCII")
        };
        assert_eq!(edge(0, 0), "0".repeat(22));
        // Neighbours differ, at both ends of the range and in both halves.
        for (one, other) in [(0, 1), (u64::MAX - 1, u64::MAX), (1 << 63, (1 << 63) + 1)] {
            assert_ne!(edge(one, 7), edge(other, 7));
            assert_ne!(edge(7, one), edge(7, other));
        }
        assert!(edge(u64::MAX, u64::MAX).bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }

    #[test]
    fn the_generator_is_seeded_anew() {
        for _ in 0..=NONCES_PER_SEED {
            random_octets(0).expect("random octets");
        }
        let left = GENERATOR.with_borrow(|slot| slot.as_ref().map(|seeded| seeded.1));
        assert_eq!(left, Some(NONCES_PER_SEED - 1));
    }
}
