//! The error of reading an RSA key.

/// The reason why text or bytes were not accepted as an RSA key.
///
/// Each error text says what to do next. None repeats any part of the key.
///
/// # Examples
///
/// ```
/// use oauth1_signer::signature::{KeyError, RsaPrivateKey};
///
/// let error = RsaPrivateKey::from_pem("/etc/app/private-key.pem").unwrap_err();
/// assert_eq!(error, KeyError::Path);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text is not PEM, or the PEM does not hold a valid key.
    #[error("the RSA key is not valid PEM: give the whole file, from -----BEGIN to -----END")]
    InvalidPem,
    /// The bytes are not a PKCS#8 or PKCS#1 private key.
    #[error("the private key is not valid DER: give PKCS#8 or PKCS#1 bytes; a PEM text goes to from_pem")]
    InvalidDer,
    /// The text is the path of a file instead of its content.
    #[error("this is the path of a file, not the RSA key: give its content (std::fs::read_to_string(path))")]
    Path,
    /// The input is a certificate, which does not hold a private key.
    #[error(
        "this is a certificate, not the RSA key: sign with the private key that belongs to it, verify with its \
         public key (openssl x509 -in cert.pem -pubkey -noout)"
    )]
    Certificate,
    /// The input is a PKCS#12 container (`.p12`, `.pfx`).
    #[error(
        "this is a PKCS#12 file (.p12, .pfx): give it to from_pkcs12 (feature p12), or take the private key out \
         of it (openssl pkcs12 -in key.p12 -nodes -nocerts -out key.pem) and give that to from_pem"
    )]
    Pkcs12,
    /// The password does not open the PKCS#12 file.
    #[error("the password does not open the PKCS#12 file, or the file is damaged")]
    WrongPassword,
    /// The PKCS#12 file has no private key.
    #[error("the PKCS#12 file has no private key, only certificates: export it together with its key")]
    NoPrivateKey,
    /// The PKCS#12 file has more than one private key.
    #[error(
        "the PKCS#12 file has {count} private keys: make a file with one of them (openssl pkcs12 -in key.p12 \
         -nodes -nocerts -out keys.pem), and give that key to from_pem"
    )]
    SeveralPrivateKeys {
        /// The number of private keys.
        count: usize,
    },
    /// The PKCS#12 file is encrypted, or protected against changes, in a way that is not supported.
    #[error(
        "the PKCS#12 file is encrypted in a way that is not supported: take the private key out of it (openssl \
         pkcs12 -in key.p12 -nodes -nocerts -out key.pem) and give that to from_pem"
    )]
    UnsupportedPkcs12,
    /// The bytes are not a PKCS#12 file.
    #[error("this is not a PKCS#12 file, or it is damaged: give the bytes of the file (std::fs::read(path))")]
    InvalidPkcs12,
    /// The key is in OpenSSH's format.
    #[error("the private key is in OpenSSH's format: convert a copy of it (ssh-keygen -p -m PEM -f key)")]
    OpenSsh,
    /// The input is a public key, but a private key is needed.
    #[error("this is a public key: signing takes the private key, in PKCS#8 or PKCS#1")]
    PublicKey,
    /// The input is a private key, but a public key is needed.
    #[error("this is a private key: verifying takes the public one (openssl pkey -in key.pem -pubout)")]
    PrivateKey,
    /// The key is for another algorithm than RSA, such as ECDSA.
    #[error("the key is not an RSA key but one of another algorithm: the RSA methods need an RSA key")]
    OtherAlgorithm,
    /// The key is encrypted with a password.
    #[error("the private key is encrypted: decrypt it first (openssl pkcs8 -in key.pem -out plain.pem)")]
    Encrypted,
    /// The key is shorter than the minimum.
    #[error(
        "the RSA key has {bits} bits, fewer than {minimum}: make a longer one (openssl genrsa -out key.pem 3072)"
    )]
    WeakKey {
        /// The length of the modulus, in bits.
        bits: usize,
        /// The required length, in bits.
        minimum: usize,
    },
}
