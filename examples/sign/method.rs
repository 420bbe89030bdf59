//! The signature method: two of them are always there, the others behind a feature.

use oauth1_signer::SignatureMethod;

use crate::Failure;
use crate::options::{Method, Options};

pub(crate) fn signature_method(options: &Options) -> Result<SignatureMethod, Failure> {
    match options.signature_method {
        Method::HmacSha1 => Ok(SignatureMethod::hmac_sha1()),
        Method::Plaintext => Ok(SignatureMethod::plaintext()),
        Method::HmacSha256 | Method::HmacSha512 => hmac_sha2(options),
        Method::RsaSha1 | Method::RsaSha256 | Method::RsaSha512 => rsa(options),
    }
}

#[cfg(feature = "sha2")]
#[expect(clippy::unnecessary_wraps, reason = "without the feature it fails")]
fn hmac_sha2(options: &Options) -> Result<SignatureMethod, Failure> {
    Ok(match options.signature_method {
        Method::HmacSha512 => SignatureMethod::hmac_sha512(),
        _ => SignatureMethod::hmac_sha256(),
    })
}

#[cfg(not(feature = "sha2"))]
fn hmac_sha2(_: &Options) -> Result<SignatureMethod, Failure> {
    Err("this signature method needs a feature: cargo run --features sha2 --example sign -- …".into())
}

#[cfg(feature = "rsa")]
fn rsa(options: &Options) -> Result<SignatureMethod, Failure> {
    let file =
        options.private_key.as_ref().ok_or("an RSA method needs a key: give --private-key FILE, in PEM")?;
    let key = oauth1_signer::RsaKey::from_pem(&String::from_utf8_lossy(&crate::request::read(file)?))?;
    Ok(match options.signature_method {
        Method::RsaSha256 => SignatureMethod::rsa_sha256(key),
        Method::RsaSha512 => SignatureMethod::rsa_sha512(key),
        _ => SignatureMethod::rsa_sha1(key),
    })
}

#[cfg(not(feature = "rsa"))]
fn rsa(_: &Options) -> Result<SignatureMethod, Failure> {
    Err("this signature method needs a feature: cargo run --features rsa --example sign -- …".into())
}
