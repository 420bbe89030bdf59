//! Why a text or bytes are no key.

/// The reason why a text or bytes were not accepted as an RSA key.
///
/// Each text names the next step. Nothing of the key is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text is no PEM, or what is in it is no key.
    #[error("the RSA key is not valid PEM: give the whole file, from -----BEGIN to -----END")]
    InvalidPem,
    /// The bytes are no PKCS#8 or PKCS#1 private key.
    #[error("the private key is not valid DER: give PKCS#8 or PKCS#1 bytes; a PEM text goes to from_pem")]
    InvalidDer,
    /// The text is the path of a file.
    #[error("this is the path of a file, not the RSA key: give its content (std::fs::read_to_string(path))")]
    Path,
    /// A certificate, which holds a public key and no private one.
    #[error(
        "this is a certificate, not the RSA key: sign with the private key that belongs to it, verify with its \
         public key (openssl x509 -in cert.pem -pubkey -noout)"
    )]
    Certificate,
    /// A PKCS#12 container (`.p12`, `.pfx`).
    #[error(
        "this is a PKCS#12 file (.p12, .pfx): take the private key out of it (openssl pkcs12 -in key.p12 -nodes \
         -nocerts -out key.pem) and give that to from_pem"
    )]
    Pkcs12,
    /// A key in OpenSSH's own format.
    #[error("the private key is in OpenSSH's format: convert a copy of it (ssh-keygen -p -m PEM -f key)")]
    OpenSsh,
    /// A public key, where the private one is needed.
    #[error("this is a public key: signing takes the private key, in PKCS#8 or PKCS#1")]
    PublicKey,
    /// A private key, where the public one is needed.
    #[error("this is a private key: verifying takes the public one (openssl pkey -in key.pem -pubout)")]
    PrivateKey,
    /// A key of another algorithm than RSA, such as an elliptic curve's.
    #[error("the key is not an RSA key but one of another algorithm: the RSA methods need an RSA key")]
    OtherAlgorithm,
    /// The key is protected by a password.
    #[error("the private key is encrypted: decrypt it first (openssl pkcs8 -in key.pem -out plain.pem)")]
    Encrypted,
    /// The modulus is too short to be safe.
    #[error(
        "the RSA key has {bits} bits, fewer than {minimum}: make a longer one (openssl genrsa -out key.pem 3072)"
    )]
    WeakKey {
        /// The length of its modulus.
        bits: usize,
        /// What is asked for.
        minimum: usize,
    },
}
