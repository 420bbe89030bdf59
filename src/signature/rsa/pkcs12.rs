//! RSA private keys in PKCS#12 files (RFC 7292).

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error;

use super::error::KeyError;
use super::private::RsaPrivateKey;

/// The length limit of a file, in bytes. A file with a key and its certificates has some 5,000.
const MAX_LEN: usize = 64 * 1024;

impl RsaPrivateKey {
    /// Reads the private key of a PKCS#12 file (`.p12`, `.pfx`), as Mastercard gives out.
    ///
    /// The certificates in the file are not used. The file may be encrypted with AES (PBES2), triple DES or
    /// RC2. It may have 64 KiB.
    ///
    /// # Errors
    /// - Returns [`KeyError::WrongPassword`] if the password does not open the file.
    /// - Returns [`KeyError::NoPrivateKey`] or [`KeyError::SeveralPrivateKeys`] if there is not exactly one.
    /// - Returns [`KeyError::UnsupportedPkcs12`] if the file is encrypted in another way.
    /// - Returns [`KeyError::InvalidPkcs12`] if the bytes are not a PKCS#12 file, or too many.
    /// - Returns [`KeyError::WeakKey`] if the key is shorter than 2048 bits, and
    ///   [`KeyError::OtherAlgorithm`] if it is not an RSA key.
    ///
    /// # Security
    /// The file says how much work its password check is, up to some seconds. Read files of your own only.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use oauth1_signer::signature::RsaPrivateKey;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let password = std::env::var("KEYSTORE_PASSWORD")?;
    /// let key = RsaPrivateKey::from_pkcs12(&std::fs::read("sandbox-signing-key.p12")?, &password)?;
    /// # Ok(()) }
    /// ```
    #[doc(alias = "p12")]
    #[doc(alias = "pfx")]
    #[doc(alias = "Mastercard")]
    pub fn from_pkcs12(bytes: &[u8], password: &str) -> Result<Self, KeyError> {
        if bytes.len() > MAX_LEN {
            return Err(KeyError::InvalidPkcs12);
        }
        let archive = Pkcs12Archive::from_pkcs12(bytes, password).map_err(|error| match error {
            Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => KeyError::WrongPassword,
            Error::UnsupportedEncryptionScheme | Error::UnsupportedMacAlgorithm => {
                KeyError::UnsupportedPkcs12
            }
            _ => KeyError::InvalidPkcs12,
        })?;
        match &archive.keys[..] {
            [] => Err(KeyError::NoPrivateKey),
            [only] => Self::from_der(only.key.as_der()).map_err(|error| match error {
                KeyError::InvalidDer => KeyError::InvalidPkcs12,
                error => error,
            }),
            several => Err(KeyError::SeveralPrivateKeys { count: several.len() }),
        }
    }
}
