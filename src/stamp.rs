//! The nonce and timestamp of a request, as one value that signing consumes (RFC 5849 §3.3).

mod error;
mod clock;
mod random;

use std::fmt;

pub use error::StampError;

pub(crate) use clock::Clock;
pub(crate) use random::{alphanumeric, random_bytes, system_bytes};

use clock::system_time;

/// A timestamp and a nonce, for one request (RFC 5849 §3.3).
///
/// [`Signer::sign`](crate::Signer::sign) makes one for each request.
/// [`Signer::sign_with`](crate::Signer::sign_with) takes one that you made.
///
/// # Examples
///
/// ```
/// use oauth1_signer::Stamp;
///
/// # fn main() -> Result<(), oauth1_signer::StampError> {
/// let fixed = Stamp::new(1_700_000_000, "n1")?;
/// let random = Stamp::at(1_700_000_000)?;
/// # Ok(()) }
/// ```
///
/// Signing takes the stamp by value, and a stamp cannot be cloned. So the reuse of a nonce does not
/// compile:
///
/// ```compile_fail
/// # use oauth1_signer::{RequestRef, Signer, Stamp};
/// # fn f(signer: Signer, a: RequestRef<'_>, b: RequestRef<'_>) -> Result<(), Box<dyn std::error::Error>> {
/// let stamp = Stamp::now()?;
/// signer.sign_with(a, stamp)?;
/// signer.sign_with(b, stamp)?; // use of moved value
/// # Ok(()) }
/// ```
#[doc(alias = "nonce")]
#[doc(alias = "timestamp")]
#[doc(alias = "oauth_nonce")]
#[doc(alias = "oauth_timestamp")]
pub struct Stamp {
    timestamp: Text,
    nonce: Text,
}

/// A timestamp or a nonce, as it is sent.
pub(crate) enum Text {
    /// Letters and digits, which need no encoding, and their number.
    Plain([u8; PLAIN], usize),
    /// Text from the caller, which may need encoding.
    Given(Box<str>),
}

/// The capacity of [`Text::Plain`]: enough for a generated nonce and for any number of seconds.
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
    /// Creates a stamp with the system's time and a random nonce.
    ///
    /// The nonce has 26 letters and digits, made from 128 bits of a cryptographically secure generator.
    ///
    /// # Errors
    /// - Returns [`StampError::ClockBeforeEpoch`] if the clock shows a time before 1970.
    /// - Returns [`StampError::Clock`] if there is no clock, as on `wasm32-unknown-unknown`.
    /// - Returns [`StampError::Rng`] if the operating system returns no random bytes.
    pub fn now() -> Result<Self, StampError> {
        let (seconds, nanos) = system_time()?;
        Self::from_bytes(seconds, random_bytes(nanos)?)
    }

    /// Creates a stamp with a given time, in seconds since the Unix epoch, and a random nonce.
    ///
    /// # Errors
    /// - Returns [`StampError::InvalidTimestamp`] if `timestamp` is 0.
    /// - Returns [`StampError::Rng`] if the operating system returns no random bytes.
    pub fn at(timestamp: u64) -> Result<Self, StampError> {
        Self::from_bytes(timestamp, random_bytes(0)?)
    }

    /// Creates a stamp with a given time, in seconds since the Unix epoch, and a given nonce.
    ///
    /// Use it in tests, or if you have your own source of nonces. You must not use a nonce twice.
    ///
    /// # Errors
    /// - Returns [`StampError::InvalidTimestamp`] if `timestamp` is 0.
    /// - Returns [`StampError::InvalidNonce`] if `nonce` is empty or contains ASCII control characters.
    pub fn new(timestamp: u64, nonce: &str) -> Result<Self, StampError> {
        Ok(Self { timestamp: seconds(timestamp)?, nonce: Text::Given(check_nonce(nonce)?) })
    }

    /// Creates a stamp with the exact text of another program's timestamp and nonce.
    ///
    /// Use it to reproduce a signature of that program. The timestamp may be text that is not a number,
    /// although the RFC requires one (§3.3).
    ///
    /// # Errors
    /// Returns [`StampError::InvalidTimestamp`] or [`StampError::InvalidNonce`] if the text is empty or
    /// contains ASCII control characters.
    pub fn verbatim(timestamp: &str, nonce: &str) -> Result<Self, StampError> {
        if timestamp.is_empty() || timestamp.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(StampError::InvalidTimestamp);
        }
        Ok(Self { timestamp: Text::Given(timestamp.into()), nonce: Text::Given(check_nonce(nonce)?) })
    }

    /// Creates a stamp with a given time, and a nonce made of random bytes.
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
