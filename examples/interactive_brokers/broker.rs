//! A stand-in for the broker, which checks all it gets with code of its own.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use num_bigint::{BigInt, BigUint};
use oauth1_signer::BoxError;
use rand::SeedableRng;
use rsa::pkcs8::DecodePrivateKey;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::cell::RefCell;

/// The prime of group 14 (RFC 3526 §3), of 2048 bits.
pub(crate) const PRIME: &str = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AACAA68FFFFFFFFFFFFFFFF";

pub(crate) const ENCRYPTION_KEY: &str = include_str!("../../tests/vectors/keys/rsa-a.pkcs8.pem");
pub(crate) const SIGNATURE_KEY: &str = include_str!("../../tests/vectors/keys/rsa-b.pkcs8.pem");

pub(crate) struct Broker {
    secret: [u8; 20],
    live_session_token: RefCell<Vec<u8>>,
}

pub(crate) struct LiveSessionResponse {
    pub(crate) diffie_hellman_response: String,
    pub(crate) live_session_token_signature: String,
    pub(crate) live_session_token_expiration: u64,
}

impl Broker {
    pub(crate) fn new() -> Self {
        Self { secret: *b"twenty secret bytes!", live_session_token: RefCell::default() }
    }

    #[expect(clippy::unused_self, reason = "the broker has it")]
    pub(crate) fn access_token(&self) -> &'static str {
        "a1234"
    }

    /// Returns the access token secret as the portal shows it: encrypted, in base64.
    pub(crate) fn encrypted_secret(&self) -> Result<String, BoxError> {
        let key = rsa::PrivateKey::from_pkcs8_pem(ENCRYPTION_KEY)?.to_public_key();
        let mut rng = rand::rngs::StdRng::try_from_rng(&mut rand::rngs::SysRng)?;
        Ok(STANDARD.encode(key.encrypt(&mut rng, rsa::Pkcs1v15Encrypt, &self.secret)?))
    }

    pub(crate) fn live_session(
        &self,
        url: &str,
        authorization: &str,
    ) -> Result<LiveSessionResponse, BoxError> {
        let parameters = parameters(authorization, "test_realm")?;
        let text = hex(&self.secret) + &base_string("POST", url, &parameters);
        let key = rsa::PrivateKey::from_pkcs8_pem(SIGNATURE_KEY)?.to_public_key();
        let signature = STANDARD.decode(value(&parameters, "oauth_signature")?)?;
        key.verify(rsa::Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(text.as_bytes()), &signature)?;

        let prime = BigUint::parse_bytes(PRIME.as_bytes(), 16).ok_or("no prime")?;
        let random = BigUint::from_bytes_be(b"a number that the broker drew..!");
        let challenge = value(&parameters, "diffie_hellman_challenge")?;
        let challenge = BigUint::parse_bytes(challenge.as_bytes(), 16).ok_or("no challenge")?;
        let shared = BigInt::from(challenge.modpow(&random, &prime)).to_signed_bytes_be();
        let token = hmac_sha1(&shared, &self.secret);
        let consumer = value(&parameters, "oauth_consumer_key")?;
        let signature = hmac_sha1(&token, consumer.as_bytes());
        self.live_session_token.replace(token);
        Ok(LiveSessionResponse {
            diffie_hellman_response: BigUint::from(2_u8).modpow(&random, &prime).to_str_radix(16),
            live_session_token_signature: hex(&signature),
            live_session_token_expiration: 1_796_182_400_000,
        })
    }

    pub(crate) fn call(
        &self,
        method: &str,
        url: &str,
        authorization: &str,
    ) -> Result<&'static str, BoxError> {
        let mut parameters = parameters(authorization, "test_realm")?;
        let signature = value(&parameters, "oauth_signature")?;
        let (before, query) = url.split_once('?').unwrap_or((url, ""));
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            parameters.push((name.to_owned(), decode(value)?));
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.live_session_token.borrow())?;
        mac.update(base_string(method, before, &parameters).as_bytes());
        mac.verify_slice(&STANDARD.decode(signature)?)?;
        Ok("200 OK, signed with the live session token")
    }
}

/// Reads the header, and checks what the broker's documents say of it.
fn parameters(authorization: &str, realm: &str) -> Result<Vec<(String, String)>, BoxError> {
    let start = format!("OAuth realm=\"{realm}\", ");
    let rest = authorization.strip_prefix(&start).ok_or("the realm is not the first parameter")?;
    let mut parameters = Vec::new();
    for part in rest.split(", ") {
        let (name, value) = part.split_once('=').ok_or("no value")?;
        parameters.push((name.to_owned(), decode(value.trim_matches('"'))?));
    }
    if parameters.iter().any(|(name, _)| name == "oauth_version") {
        return Err("oauth_version is not sent".into());
    }
    Ok(parameters)
}

fn value(parameters: &[(String, String)], name: &str) -> Result<String, BoxError> {
    let found = parameters.iter().find(|(present, _)| present == name);
    found.map(|(_, value)| value.clone()).ok_or_else(|| format!("{name} is missing").into())
}

/// The base string, as the broker's documents describe it (RFC 5849 §3.4.1).
fn base_string(method: &str, url: &str, parameters: &[(String, String)]) -> String {
    let encode = |text: &str| {
        let escape = |byte: u8| {
            let is_plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            if is_plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
        };
        text.bytes().map(escape).collect::<String>()
    };
    let mut pairs: Vec<String> = parameters
        .iter()
        .filter(|(name, _)| name != "oauth_signature")
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.sort();
    format!("{method}&{}&{}", encode(url), encode(&pairs.join("&")))
}

fn decode(text: &str) -> Result<String, BoxError> {
    Ok(percent_encoding::percent_decode_str(text).decode_utf8()?.into_owned())
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
