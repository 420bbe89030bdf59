//! RFC 5849 §3.3: nonce and timestamp, as one value that signing consumes.

use std::cell::RefCell;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use rand::rngs::{StdRng, SysRng};
use rand::{Rng, SeedableRng, TryRng};

use crate::encode::{Coding, Decoded};
use crate::writer::{Sink, Writer};

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
    /// The operating system, or the source that was supplied, gave no random bytes. There is no
    /// fallback: a nonce that can be guessed is worse than none.
    #[error("no random bytes could be had for a nonce or for credentials")]
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
    timestamp: Text,
    nonce: Text,
}

/// A timestamp or a nonce, as it is sent.
pub(crate) enum Text {
    /// Letters and digits, which need no encoding, and how many there are.
    Plain([u8; PLAIN], usize),
    /// Any text that the caller gave.
    Given(Box<str>),
}

/// Room for a nonce made here, and for the digits of any number of seconds.
const PLAIN: usize = 32;

impl Text {
    #[inline]
    fn plain(text: &[u8]) -> Self {
        let mut plain = [0; PLAIN];
        plain[..text.len()].copy_from_slice(text);
        Self::Plain(plain, text.len())
    }

    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Plain(text, len) => String::from_utf8_lossy(&text[..*len]).into_owned(),
            Self::Given(text) => text.as_ref().to_owned(),
        }
    }

    /// Writes it encoded once, as headers have it.
    #[inline]
    pub(crate) fn write_once<S: Sink>(&self, out: &mut Writer<'_, S>) {
        match self {
            Self::Plain(text, len) => out.start_of(text, *len),
            Self::Given(text) => out.once(text.bytes()),
        }
    }

    /// Writes it encoded twice, as base strings have it.
    #[inline]
    pub(crate) fn write_twice<S: Sink>(&self, out: &mut Writer<'_, S>) {
        match self {
            Self::Plain(text, len) => out.start_of(text, *len),
            Self::Given(text) => out.twice(&Decoded::new(text.as_bytes(), Coding::Plain)),
        }
    }
}

/// 26 times five bits carry 128. Not hexadecimal, which would take 32: a common server library
/// (oauthlib) refuses nonces but of 20 to 30 letters and digits, unless it is told otherwise.
const NONCE_LEN: usize = 26;

impl Stamp {
    /// The system's time, and a random nonce: 26 letters and digits that carry 128 bits from a
    /// cryptographically secure generator.
    ///
    /// # Errors
    /// If the clock stands before 1970 or there is none (as on `wasm32-unknown-unknown`), or the
    /// operating system gives no random bytes.
    pub fn now() -> Result<Self, StampError> {
        let (seconds, nanos) = system_time()?;
        Self::from_bytes(seconds, random_bytes(nanos)?)
    }

    /// A given time, in seconds since the Unix epoch, and a random nonce.
    ///
    /// # Errors
    /// If `timestamp` is 0, or the operating system gives no random bytes.
    pub fn at(timestamp: u64) -> Result<Self, StampError> {
        Self::from_bytes(timestamp, random_bytes(0)?)
    }

    /// A given time, in seconds since the Unix epoch, and a given nonce: for tests, or where nonces
    /// come from elsewhere. It is up to the caller that no nonce comes twice.
    ///
    /// # Errors
    /// If `timestamp` is 0, or `nonce` is empty or has ASCII control characters.
    pub fn new(timestamp: u64, nonce: &str) -> Result<Self, StampError> {
        Ok(Self { timestamp: seconds(timestamp)?, nonce: Text::Given(check_nonce(nonce)?) })
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
        Ok(Self { timestamp: Text::Given(timestamp.into()), nonce: Text::Given(check_nonce(nonce)?) })
    }

    /// A given time, and a nonce made of random bytes.
    #[inline]
    pub(crate) fn from_bytes(timestamp: u64, bytes: [u8; 16]) -> Result<Self, StampError> {
        Ok(Self { timestamp: seconds(timestamp)?, nonce: Text::plain(&alphanumeric(bytes)) })
    }

    #[inline]
    pub(crate) fn timestamp(&self) -> &Text {
        &self.timestamp
    }

    #[inline]
    pub(crate) fn nonce(&self) -> &Text {
        &self.nonce
    }
}

#[inline]
fn seconds(timestamp: u64) -> Result<Text, StampError> {
    if timestamp == 0 {
        return Err(StampError::InvalidTimestamp);
    }
    Ok(Text::plain(itoa::Buffer::new().format(timestamp).as_bytes()))
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stamp")
            .field("timestamp", &self.timestamp.to_text())
            .field("nonce", &self.nonce.to_text())
            .finish()
    }
}

fn check_nonce(nonce: &str) -> Result<Box<str>, StampError> {
    if nonce.is_empty() || nonce.bytes().any(|byte| byte.is_ascii_control()) {
        return Err(StampError::InvalidNonce);
    }
    Ok(nonce.into())
}

type BoxError = Box<dyn Error + Send + Sync>;

/// The system's clock, or one that was supplied, which returns seconds since the Unix epoch.
#[derive(Clone, Default)]
pub(crate) struct Clock(Option<Arc<dyn Fn() -> Result<u64, BoxError> + Send + Sync>>);

impl Clock {
    pub(crate) fn of(clock: impl Fn() -> Result<u64, BoxError> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(clock)))
    }

    /// Seconds and nanoseconds since 1970; `failed` is for the error of a clock that was supplied.
    #[inline]
    pub(crate) fn read<E: From<StampError>>(
        &self,
        failed: impl FnOnce(BoxError) -> E,
    ) -> Result<(u64, u32), E> {
        match &self.0 {
            None => Ok(system_time()?),
            Some(clock) => Ok((clock().map_err(failed)?, 0)),
        }
    }

    /// The seconds only, for a server.
    pub(crate) fn seconds(&self) -> Result<u64, BoxError> {
        self.read(|error| error).map(|(seconds, _)| seconds)
    }
}

/// Seconds and nanoseconds since 1970.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
fn system_time() -> Result<(u64, u32), StampError> {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_err(|_| StampError::ClockBeforeEpoch)?;
    Ok((now.as_secs(), now.subsec_nanos()))
}

/// `SystemTime::now` panics where there is no operating system.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
fn system_time() -> Result<(u64, u32), StampError> {
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
/// `rand::rng()` would do but for two things: it panics where the operating system gives no bytes,
/// and a forked process repeats its parent's. The nanosecond that is mixed in parts the two; being
/// independent of the generator it takes nothing from the randomness.
pub(crate) fn random_bytes(nanos: u32) -> Result<[u8; 16], StampError> {
    GENERATOR.with_borrow_mut(|slot| {
        let (generator, left) = match slot {
            Some(seeded) if seeded.1 > 0 => seeded,
            _ => {
                let generator =
                    StdRng::try_from_rng(&mut SysRng).map_err(|error| StampError::Rng(error.into()))?;
                slot.insert((generator, NONCES_PER_SEED))
            }
        };
        *left -= 1;
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&(generator.next_u64() ^ u64::from(nanos)).to_le_bytes());
        bytes[8..].copy_from_slice(&generator.next_u64().to_le_bytes());
        Ok(bytes)
    })
}

/// 128 random bits, from the operating system itself: for what lives longer than a nonce, so that no
/// generator's state in this process tells the next ones.
pub(crate) fn system_bytes() -> Result<[u8; 16], StampError> {
    let mut bytes = [0; 16];
    SysRng.try_fill_bytes(&mut bytes).map_err(|error| StampError::Rng(error.into()))?;
    Ok(bytes)
}

/// Encodes bytes as letters and digits, five bits each.
#[inline]
pub(crate) fn alphanumeric(bytes: [u8; 16]) -> [u8; NONCE_LEN] {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
    let mut bits = u128::from_le_bytes(bytes);
    let mut text = [0; NONCE_LEN];
    for place in &mut text {
        *place = DIGITS[(bits & 31) as usize];
        bits >>= 5;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bit_counts_in_a_nonce() {
        let zero = alphanumeric([0; 16]);
        assert_eq!(zero, [b'0'; NONCE_LEN]);
        let mut seen: Vec<_> = (0..128).map(|bit| alphanumeric((1_u128 << bit).to_le_bytes())).collect();
        seen.push(zero);
        seen.push(alphanumeric([0xFF; 16]));
        assert!(seen.iter().flatten().all(u8::is_ascii_alphanumeric));
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 130);
    }

    #[test]
    fn the_generator_is_seeded_anew() {
        for _ in 0..=NONCES_PER_SEED {
            random_bytes(0).expect("random bytes");
        }
        let left = GENERATOR.with_borrow(|slot| slot.as_ref().map(|seeded| seeded.1));
        assert_eq!(left, Some(NONCES_PER_SEED - 1));
    }
}
