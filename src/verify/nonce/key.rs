//! RFC 5849 §3.3: all parts of a nonce as one key to store.

use std::fmt;

use sha1::{Digest, Sha1};

use super::Nonce;

/// The key under which a nonce log stores a nonce: 16 bytes, a digest of all its parts.
///
/// Store this key, and make it the primary key or a `UNIQUE` column. [`to_string`](ToString::to_string)
/// prints it as 32 lower-case hexadecimal digits. [`as_bytes`](Self::as_bytes) returns it as bytes, for a
/// column of type `BINARY(16)` or `uuid`.
///
/// Do not make a unique key of several columns. SQL never finds `NULL` equal to `NULL`, so a nonce without a
/// token would be fresh each time. Many collations ignore case and trailing spaces, and a column may cut
/// off a text that is too long.
///
/// # Layout
///
/// The key is the first 16 bytes of the SHA-1 digest of these parts:
///
/// 1. the length of the consumer key in bytes, and the consumer key;
/// 2. one byte: 1 with a token, 0 without; with a token, its length in bytes and the token;
/// 3. the timestamp;
/// 4. the length of the nonce in bytes, and the nonce.
///
/// Lengths and the timestamp are 8 bytes, the most significant first.
///
/// # Security
///
/// A client chooses only its own nonces. If two of its nonces have the same key, the log rejects the second:
/// a collision never admits a request. To use up another client's nonce, an attacker needs a second preimage
/// of 128 bits, and must find it before that client sends its request. SHA-1 resists that: its known attacks
/// are collisions.
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::Nonce;
///
/// let nonce = Nonce { client_key: "app", token: Some("jane"), timestamp: 137_131_200, nonce: "wIjqoxSZ" };
/// let key = nonce.key();
/// // INSERT INTO nonces (key, expires) VALUES (…) ON CONFLICT DO NOTHING
/// assert_eq!(key.to_string().len(), 32);
/// assert_eq!(key.as_bytes().len(), 16);
/// ```
// SHA-1 and not SHA-256: the key must not depend on a feature, and `sha2` may be off. Not SipHash: its key
// would be public here, and then it does not resist second preimages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NonceKey([u8; 16]);

impl NonceKey {
    pub(super) fn of(nonce: &Nonce<'_>) -> Self {
        let Nonce { client_key, token, timestamp, nonce } = nonce;
        let mut hash = Sha1::new();
        part(&mut hash, client_key);
        hash.update([u8::from(token.is_some())]);
        if let Some(token) = token {
            part(&mut hash, token);
        }
        hash.update(timestamp.to_be_bytes());
        part(&mut hash, nonce);
        Self::first_half(hash)
    }

    /// Returns the key that counts a client's share of a log.
    #[cfg(feature = "redis")]
    pub(super) fn of_client(client_key: &str) -> Self {
        let mut hash = Sha1::new();
        part(&mut hash, client_key);
        Self::first_half(hash)
    }

    /// Returns the key that counts the share of a client with one token, or without a token.
    #[cfg(feature = "redis")]
    pub(super) fn of_token(client_key: &str, token: Option<&str>) -> Self {
        let mut hash = Sha1::new();
        part(&mut hash, client_key);
        hash.update([u8::from(token.is_some())]);
        part(&mut hash, token.unwrap_or_default());
        Self::first_half(hash)
    }

    fn first_half(hash: Sha1) -> Self {
        let digest: [u8; 20] = hash.finalize().into();
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        Self(key)
    }

    /// Returns the key's 16 bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::verify::Nonce;
    ///
    /// let nonce = Nonce { client_key: "app", token: None, timestamp: 137_131_200, nonce: "wIjqoxSZ" };
    /// let column: [u8; 16] = *nonce.key().as_bytes();
    /// assert_eq!(format!("{:02x}", column[0]), nonce.key().to_string()[..2]);
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

fn part(hash: &mut Sha1, text: &str) {
    // A usize has at most 64 bits.
    hash.update((text.len() as u64).to_be_bytes());
    hash.update(text);
}

/// Prints 32 lower-case hexadecimal digits.
impl fmt::Display for NonceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for NonceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NonceKey({self})")
    }
}
