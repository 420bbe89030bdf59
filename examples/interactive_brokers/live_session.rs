//! The client's side: what you need to call Interactive Brokers.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use num_bigint::{BigInt, BigUint};
use oauth1_signer::signature::{RsaPrivateKey, Signature};
use oauth1_signer::{
    BoxError, ClientCredentials, RequestRef, SignatureMethod, Signer, Stamp, TokenCredentials, providers,
};
use rand::TryRng;
use rand::rngs::SysRng;
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::PublicKeyParts;
use sha1::Sha1;
use sha2::Sha256;

/// What the self-service portal gave you, and what you gave it.
pub(crate) struct Account {
    pub(crate) consumer_key: String,
    pub(crate) access_token: String,
    /// The access token secret, encrypted and in base64, as the portal shows it.
    pub(crate) access_token_secret: String,
    /// `limited_poa`, or `test_realm` for the consumer `TESTCONS`.
    pub(crate) realm: String,
    /// The prime of your Diffie-Hellman parameters, in hexadecimal digits
    /// (`openssl asn1parse -in dhparam.pem` shows it).
    pub(crate) prime: String,
    /// The private encryption key, in PEM (PKCS#8).
    pub(crate) encryption_key: String,
    /// The private signature key, in PEM.
    pub(crate) signature_key: String,
}

/// The decrypted access token secret.
pub(crate) struct AccessSecret(Vec<u8>);

/// A random number, and the challenge that hides it.
pub(crate) struct Challenge {
    prime: BigUint,
    random: BigUint,
    public: BigUint,
}

/// The key of all further calls.
#[derive(Clone)]
pub(crate) struct LiveSessionToken(Vec<u8>);

/// The reason why there is no live session. It repeats no secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LiveSessionError {
    #[error("the encryption key is not a private RSA key in PEM (PKCS#8)")]
    EncryptionKey,
    #[error("the access token secret is not base64: copy it as the portal shows it")]
    SecretNotBase64,
    #[error(
        "the access token secret is not as long as the encryption key: is this the key that you registered?"
    )]
    SecretNotDecrypted,
    #[error("the Diffie-Hellman prime is not a hexadecimal number of at least 2048 bits")]
    Prime,
    #[error("the operating system gives no random bytes")]
    Random,
    #[error("diffie_hellman_response is not a hexadecimal number between 1 and the prime less 1")]
    Response,
    #[error("live_session_token_signature does not match: check the prime, the secret and both keys")]
    TokenSignature,
}

impl Account {
    /// Decrypts the access token secret with the encryption key.
    ///
    /// With another key of the same length the result is random bytes, since the `rsa` crate does not tell
    /// whether the padding is right. Then the broker rejects the next request.
    pub(crate) fn decrypt_secret(&self) -> Result<AccessSecret, LiveSessionError> {
        let key = rsa::PrivateKey::from_pkcs8_pem(&self.encryption_key)
            .map_err(|_| LiveSessionError::EncryptionKey)?;
        let encrypted = STANDARD
            .decode(self.access_token_secret.trim())
            .map_err(|_| LiveSessionError::SecretNotBase64)?;
        if encrypted.len() != key.size() {
            return Err(LiveSessionError::SecretNotDecrypted);
        }
        let secret = key
            .decrypt(rsa::Pkcs1v15Encrypt, &encrypted)
            .map_err(|_| LiveSessionError::SecretNotDecrypted)?;
        Ok(AccessSecret(secret))
    }

    /// Returns the Authorization header of the request for a live session token.
    ///
    /// The text that is signed is the base string with the secret, in hexadecimal digits, before it.
    pub(crate) fn authorize_live_session(
        &self,
        url: &str,
        secret: &AccessSecret,
        challenge: &Challenge,
    ) -> Result<String, BoxError> {
        self.authorize_live_session_with(url, secret, challenge, Stamp::now()?)
    }

    pub(crate) fn authorize_live_session_with(
        &self,
        url: &str,
        secret: &AccessSecret,
        challenge: &Challenge,
        stamp: Stamp,
    ) -> Result<String, BoxError> {
        let key = RsaPrivateKey::from_pem(&self.signature_key)?;
        let signer = self
            .builder("")
            .parameter("diffie_hellman_challenge", challenge.to_hex())
            .method(SignatureMethod::rsa_sha256(key))
            .build()?;
        let prepared = signer.prepare_with(RequestRef::new("POST", url)?, stamp)?;
        let text = secret.to_hex() + prepared.base_string();
        let signature = signer.sign_bytes(text.as_bytes())?;
        Ok(prepared.finish(signature).to_header().to_str()?.to_owned())
    }

    /// Returns a signer for calls with the live session token.
    pub(crate) fn signer(&self, token: &LiveSessionToken) -> Result<Signer, BoxError> {
        let token = token.clone();
        let method = SignatureMethod::custom("HMAC-SHA256", move |base_string| {
            let mut mac = Hmac::<Sha256>::new_from_slice(&token.0)?;
            mac.update(base_string);
            Ok(Signature::Bytes(mac.finalize().into_bytes().to_vec()))
        });
        Ok(self.builder("unused").method(method).build()?)
    }

    fn builder(&self, secret: &str) -> oauth1_signer::SignerBuilder {
        providers::interactive_brokers()
            .signer(ClientCredentials::new(&self.consumer_key, secret))
            .realm(self.realm.as_str())
            .token(TokenCredentials::new(&self.access_token, "unused"))
    }
}

impl AccessSecret {
    pub(crate) fn to_hex(&self) -> String {
        hex(&self.0)
    }
}

impl Challenge {
    /// Draws a random number of 256 bits.
    pub(crate) fn new(prime: &str) -> Result<Self, LiveSessionError> {
        let mut random = [0; 32];
        SysRng.try_fill_bytes(&mut random).map_err(|_| LiveSessionError::Random)?;
        Self::with_random(prime, BigUint::from_bytes_be(&random))
    }

    pub(crate) fn with_random(prime: &str, random: BigUint) -> Result<Self, LiveSessionError> {
        let prime = hexadecimal(prime)
            .filter(|prime| prime.bits() >= 2048 && prime.bits() <= 8192)
            .ok_or(LiveSessionError::Prime)?;
        let public = BigUint::from(2_u8).modpow(&random, &prime);
        Ok(Self { prime, random, public })
    }

    pub(crate) fn to_hex(&self) -> String {
        self.public.to_str_radix(16)
    }

    /// Computes the live session token from the broker's response.
    pub(crate) fn live_session_token(
        &self,
        response: &str,
        secret: &AccessSecret,
    ) -> Result<LiveSessionToken, LiveSessionError> {
        // With 0, 1 or the prime less 1 everybody would know the shared number.
        let (one, last) = (BigUint::from(1_u8), &self.prime - 1_u8);
        let response = hexadecimal(response)
            .filter(|response| *response > one && *response < last)
            .ok_or(LiveSessionError::Response)?;
        let shared = BigInt::from(response.modpow(&self.random, &self.prime));
        // With a zero byte before it if the first bit is set: it is a positive number.
        let key = shared.to_signed_bytes_be();
        Ok(LiveSessionToken(hmac_sha1(&key, &secret.0)))
    }
}

impl LiveSessionToken {
    /// Checks the broker's signature of the token.
    pub(crate) fn check(&self, consumer_key: &str, signature: &str) -> Result<(), LiveSessionError> {
        let expected = hex(&hmac_sha1(&self.0, consumer_key.as_bytes()));
        // The time of this comparison tells nothing: the signature is the broker's, not a guess of somebody.
        if expected.eq_ignore_ascii_case(signature) { Ok(()) } else { Err(LiveSessionError::TokenSignature) }
    }

    #[cfg(test)]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

fn hexadecimal(digits: &str) -> Option<BigUint> {
    // `parse_bytes` takes a sign and underscores too.
    let is_clean = digits.len() <= 4096 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_clean.then(|| BigUint::parse_bytes(digits.as_bytes(), 16)).flatten()
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn hmac_sha1(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

macro_rules! redact {
    ($($type:ident),*) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($type), "([redacted])"))
            }
        }
    )*};
}

redact!(Account, AccessSecret, Challenge, LiveSessionToken);
