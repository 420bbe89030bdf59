//! Why a text or bytes are no key.

/// Why a text or bytes are no private key to sign with. Nothing of them is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text is no PEM, or what is in it is no key.
    #[error("the RSA key is not valid PEM: give the whole file, from -----BEGIN to -----END")]
    InvalidPem,
    /// The bytes are no PKCS#8 or PKCS#1 private key.
    #[error("the private key is not valid DER: give PKCS#8 or PKCS#1 bytes")]
    InvalidDer,
    /// A public key, a certificate, or a key of another algorithm.
    #[error(
        "this is not the RSA key that is needed: signing takes the private key, in PKCS#8 or PKCS#1; verifying the public one"
    )]
    WrongKeyKind,
    /// The key is protected by a password.
    #[error("the private key is encrypted: decrypt it first (openssl pkcs8 -in key.pem -out plain.pem)")]
    Encrypted,
    /// The modulus is too short to be safe.
    #[error("the RSA key has {bits} bits, fewer than {minimum}: use a longer key")]
    WeakKey {
        /// The length of its modulus.
        bits: usize,
        /// What is asked for.
        minimum: usize,
    },
}
