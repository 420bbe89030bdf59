//! The command-line options that the examples share.
//!
//! Two of the signature methods are always available. The others need a feature.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use oauth1_signer::SignatureMethod;

/// The options for signing, which are the same in each example.
#[derive(Args)]
pub(crate) struct MethodOptions {
    /// How to sign
    #[arg(long, value_enum, ignore_case = true, default_value = "HMAC-SHA1", help_heading = "Signature")]
    signature_method: Method,

    /// The private key of an RSA method, in PEM
    #[arg(long, value_name = "FILE", help_heading = "Signature")]
    private_key: Option<PathBuf>,
}

/// The methods of RFC 5849 §3.4, and the same with newer hashes.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Method {
    #[value(name = "HMAC-SHA1")]
    HmacSha1,
    #[value(name = "HMAC-SHA256")]
    HmacSha256,
    #[value(name = "HMAC-SHA512")]
    HmacSha512,
    #[value(name = "RSA-SHA1")]
    RsaSha1,
    #[value(name = "RSA-SHA256")]
    RsaSha256,
    #[value(name = "RSA-SHA512")]
    RsaSha512,
    #[value(name = "PLAINTEXT")]
    Plaintext,
}

impl MethodOptions {
    /// Returns `true` if the key is a private key, so that the secrets are not used.
    pub(crate) fn has_private_key(&self) -> bool {
        matches!(self.signature_method, Method::RsaSha1 | Method::RsaSha256 | Method::RsaSha512)
    }

    pub(crate) fn signature_method(&self) -> Result<SignatureMethod, Box<dyn Error>> {
        match self.signature_method {
            Method::HmacSha1 => Ok(SignatureMethod::hmac_sha1()),
            Method::Plaintext => Ok(SignatureMethod::plaintext()),
            Method::HmacSha256 | Method::HmacSha512 => self.hmac_sha2(),
            Method::RsaSha1 | Method::RsaSha256 | Method::RsaSha512 => self.rsa(),
        }
    }

    #[cfg(feature = "sha2")]
    #[expect(clippy::unnecessary_wraps, reason = "without the feature it fails")]
    fn hmac_sha2(&self) -> Result<SignatureMethod, Box<dyn Error>> {
        Ok(match self.signature_method {
            Method::HmacSha512 => SignatureMethod::hmac_sha512(),
            _ => SignatureMethod::hmac_sha256(),
        })
    }

    #[cfg(not(feature = "sha2"))]
    #[expect(clippy::unused_self, reason = "with the feature it is used")]
    fn hmac_sha2(&self) -> Result<SignatureMethod, Box<dyn Error>> {
        Err("this signature method needs a feature: cargo run --features sha2 --example …".into())
    }

    #[cfg(feature = "rsa")]
    fn rsa(&self) -> Result<SignatureMethod, Box<dyn Error>> {
        let file =
            self.private_key.as_ref().ok_or("an RSA method needs a key: give --private-key FILE, in PEM")?;
        let key = oauth1_signer::signature::RsaPrivateKey::from_pem(&String::from_utf8_lossy(&read(file)?))?;
        Ok(match self.signature_method {
            Method::RsaSha256 => SignatureMethod::rsa_sha256(key),
            Method::RsaSha512 => SignatureMethod::rsa_sha512(key),
            _ => SignatureMethod::rsa_sha1(key),
        })
    }

    #[cfg(not(feature = "rsa"))]
    fn rsa(&self) -> Result<SignatureMethod, Box<dyn Error>> {
        let _ = &self.private_key;
        Err("this signature method needs a feature: cargo run --features rsa --example …".into())
    }
}

/// Reads a whole file. The error names the file.
#[allow(dead_code, reason = "not every example reads files, whatever the features")]
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()).into())
}

/// Splits `NAME=VALUE`.
pub(crate) fn pair(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("there is no '=': write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Prints an error with its sources, and returns the exit code. The library's errors name the remedy.
pub(crate) fn exit_code(result: Result<(), Box<dyn Error>>) -> ExitCode {
    let Err(failure) = result else { return ExitCode::SUCCESS };
    eprintln!("error: {failure}");
    let mut cause = failure.source();
    while let Some(error) = cause {
        eprintln!("  because {error}");
        cause = error.source();
    }
    ExitCode::from(2)
}
