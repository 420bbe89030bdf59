//! Serde for grants in a store. They are loaded freely, but written only with `WithSecret`.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::credentials::{TokenCredentials, WithSecret};

use super::grant::Grant;
use super::parts::GrantParts;
use super::parts::Stage;

#[derive(Serialize, Deserialize)]
struct Stored {
    stage: Stage,
    token: String,
    secret: String,
    client_key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    callback: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    verifier: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issued: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<u64>,
}

impl Serialize for WithSecret<&Grant> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let GrantParts { stage, credentials, client_key, callback, verifier, user, issued, expires } =
            self.0.clone().into_parts();
        let (token, secret) = (credentials.token().to_owned(), credentials.expose_secret().to_owned());
        Stored { stage, token, secret, client_key, callback, verifier, user, issued, expires }
            .serialize(serializer)
    }
}

impl Serialize for WithSecret<Grant> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WithSecret(&self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Grant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The errors of a format repeat unexpected text, which may be a secret in the wrong place.
        let error = || D::Error::custom("a stored grant does not have the fields of its stage");
        let Stored { stage, token, secret, client_key, callback, verifier, user, issued, expires } =
            Stored::deserialize(deserializer).map_err(|_| error())?;
        let credentials = TokenCredentials::new(token, secret);
        let parts = GrantParts { stage, credentials, client_key, callback, verifier, user, issued, expires };
        Self::from_parts(parts).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for WithSecret<Grant> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Grant::deserialize(deserializer).map(WithSecret)
    }
}
