//! The settings of a signer, and the protocol parameters that follow from them.

use std::fmt;

use super::callback::Callback;
use super::error::BuildError;
use super::time::Time;
use crate::base_string::Value;
use crate::body_hash::BodyHashPolicy;
use crate::credentials::{ClientCredentials, TokenCredentials, is_key_file};
use crate::explain::Hint;
use crate::parameter::Name;
use crate::percent::push_encoded;
use crate::signature::SignatureMethod;

/// The settings of a signer, one field for each setter of the builder.
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of the builder")]
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) client: ClientCredentials,
    pub(super) token: Option<TokenCredentials>,
    pub(super) empty_token: bool,
    pub(super) incomplete_credentials: bool,
    pub(super) method: SignatureMethod,
    pub(super) version: bool,
    pub(super) callback: Option<Callback>,
    pub(super) verifier: Option<String>,
    pub(super) parameters: Vec<(String, String)>,
    pub(super) realm: Option<String>,
    pub(super) body_hash: BodyHashPolicy,
    pub(super) plaintext_over_http: bool,
    pub(super) encodes_header_values: bool,
    pub(super) time: Time,
}

impl Settings {
    pub(super) fn new(client: ClientCredentials) -> Self {
        Self {
            client,
            token: None,
            empty_token: false,
            incomplete_credentials: false,
            method: SignatureMethod::default(),
            version: true,
            callback: None,
            verifier: None,
            parameters: Vec::new(),
            realm: None,
            body_hash: BodyHashPolicy::Off,
            plaintext_over_http: false,
            encodes_header_values: true,
            time: Time::default(),
        }
    }

    pub(super) fn check(&self) -> Result<(), BuildError> {
        if self.client.key().is_empty() {
            return Err(BuildError::EmptyConsumerKey);
        }
        if self.method.name().is_empty() {
            return Err(BuildError::EmptyMethodName);
        }
        let is_half =
            |token: &TokenCredentials| token.token().is_empty() && !token.expose_secret().is_empty();
        if !self.incomplete_credentials && self.token.as_ref().is_some_and(is_half) {
            return Err(BuildError::EmptyToken);
        }
        for (name, secret) in self.shared_secrets() {
            if secret.is_empty() && !self.incomplete_credentials {
                return Err(BuildError::EmptySecret(name));
            }
            if is_key_file(secret) {
                return Err(BuildError::KeyAsSecret(name));
            }
        }
        let unfit = |byte: u8| byte.is_ascii_control() || !byte.is_ascii();
        match self.realm.as_ref().and_then(|realm| realm.bytes().position(unfit)) {
            Some(offset) => Err(BuildError::InvalidRealm { offset }),
            None => Ok(()),
        }
    }

    fn shared_secrets(&self) -> impl Iterator<Item = (&'static str, &str)> {
        // An empty token counts as none (§3.1).
        let token = self.token.as_ref().filter(|token| !token.token().is_empty());
        let token = token.map(|token| ("token secret", token.expose_secret()));
        let client = ("client secret", self.client.expose_secret());
        std::iter::once(client).chain(token).filter(|_| self.method.shares_secrets())
    }

    /// Returns all parameters that are sent, except the realm and the signature.
    pub(super) fn parameters(&self) -> Result<Vec<(String, Value)>, BuildError> {
        let named = |name: Name, value: Value| (name.as_str().to_owned(), value);
        let fixed = |name: Name, value: &str| named(name, Value::Fixed(value.to_owned()));
        let mut parameters = vec![fixed(Name::ClientKey, self.client.key())];
        let token = self.token.as_ref().map_or("", TokenCredentials::token);
        if !token.is_empty() || self.empty_token {
            parameters.push(fixed(Name::Token, token));
        }
        parameters.push(fixed(Name::Method, self.method.name()));
        if self.version {
            parameters.push(fixed(Name::Version, "1.0"));
        }
        if let Some(callback) = &self.callback {
            parameters.push(fixed(
                Name::Callback,
                match callback {
                    Callback::OutOfBand => "oob",
                    Callback::Uri(uri) => uri,
                },
            ));
        }
        if let Some(verifier) = &self.verifier {
            parameters.push(fixed(Name::Verifier, verifier));
        }
        if self.method.is_stamped() {
            parameters.push(named(Name::Timestamp, Value::Timestamp));
            parameters.push(named(Name::Nonce, Value::Nonce));
        }
        if self.body_hash != BodyHashPolicy::Off {
            parameters.push(named(Name::BodyHash, Value::BodyHash));
        }
        for (name, value) in &self.parameters {
            if name.is_empty() {
                return Err(BuildError::EmptyParameterName);
            }
            // A server reads a header's parameter of this name as the realm, in upper or lower case
            // (RFC 2617 §1.2), and leaves it out of the base string.
            let reserved = name == Name::Signature.as_str() || name.eq_ignore_ascii_case("realm");
            if reserved || parameters.iter().any(|(present, _)| present == name) {
                return Err(BuildError::DuplicateParameter(name.clone()));
            }
            parameters.push((name.clone(), Value::Fixed(value.clone())));
        }
        if self.encodes_header_values {
            return Ok(parameters);
        }
        // A server would read these characters as the end of the value or as the start of an escape.
        let is_unfit = |byte: u8| !byte.is_ascii_graphic() && byte != b' ' || b"\"\\%".contains(&byte);
        let needs_encoding = |(_, value): &&(String, Value)| matches!(value, Value::Fixed(value) if value.bytes().any(is_unfit));
        match parameters.iter().find(needs_encoding) {
            Some((name, _)) => Err(BuildError::NeedsEncoding(name.clone())),
            None => Ok(parameters),
        }
    }

    /// Returns the start of the Authorization header (RFC 5849 §3.5.1).
    ///
    /// It is the scheme, the realm as a quoted-string, and the encoded parameters that are the same for
    /// each request.
    pub(super) fn header(&self, parameters: &[(String, Value)]) -> String {
        let mut header = String::from("OAuth ");
        if let Some(realm) = &self.realm {
            header.push_str("realm=\"");
            for character in realm.chars() {
                if matches!(character, '"' | '\\') {
                    header.push('\\');
                }
                header.push(character);
            }
            header.push_str("\", ");
        }
        for (place, (name, value)) in parameters.iter().enumerate() {
            let Value::Fixed(value) = value else { continue };
            if place > 0 {
                header.push_str(", ");
            }
            push_encoded(&mut header, name.as_bytes());
            header.push_str("=\"");
            if self.encodes_header_values {
                push_encoded(&mut header, value.as_bytes());
            } else {
                header.push_str(value);
            }
            header.push('"');
        }
        header
    }

    /// Returns hints at settings that may be wrong if a signature does not match.
    pub(super) fn hints(&self) -> impl Iterator<Item = Hint> {
        let odd = |secret: &str| secret.trim() != secret;
        self.shared_secrets()
            .filter(move |(_, secret)| odd(secret))
            .map(|(name, _)| Hint::WhiteSpaceAroundSecret(name))
    }
}

/// Does not show the secrets and the functions.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("client", &self.client)
            .field("token", &self.token)
            .field("method", &self.method)
            .field("realm", &self.realm)
            .field("body_hash", &self.body_hash)
            .finish_non_exhaustive()
    }
}
