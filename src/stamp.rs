//! RFC 5849 §3.3: nonce and timestamp, as one value that signing consumes.

mod error;
mod clock;
mod random;

use std::fmt;

pub use error::StampError;

pub(crate) use clock::Clock;
pub(crate) use random::{alphanumeric, random_bytes, system_bytes};

use clock::system_time;

/// A timestamp and a nonce that no other request has (§3.3).
///
/// Signing takes it by value and it cannot be cloned, so that reusing a nonce does not compile:
///
/// ```compile_fail
/// # use oauth1_signer::{RequestRef, Signer, Stamp};
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
}

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
