//! Grants in a store, by serde: loaded freely, written only where somebody says so.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::credentials::{TokenCredentials, WithSecret};

use super::grant::{Grant, Stage};

#[derive(Serialize)]
struct Written<'g> {
    stage: Stage,
    token: &'g str,
    secret: &'g str,
    client_key: &'g str,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verifier: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<u64>,
}

#[derive(Deserialize)]
struct Loaded {
    stage: Stage,
    token: String,
    secret: String,
    client_key: String,
    callback: Option<String>,
    verifier: Option<String>,
    user: Option<String>,
    expires: Option<u64>,
}

impl Serialize for WithSecret<&Grant> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let grant = self.0;
        Written {
            stage: grant.stage(),
            token: grant.token(),
            secret: grant.expose_secret(),
            client_key: grant.client_key(),
            callback: grant.callback(),
            verifier: grant.expose_verifier(),
            user: grant.user(),
            expires: grant.expires(),
        }
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
        // The errors of formats repeat what they did not expect, which may be a secret in a wrong place.
        let error = || D::Error::custom("a stored grant has not the fields of its stage");
        let loaded = Loaded::deserialize(deserializer).map_err(|_| error())?;
        let Loaded { stage, token, secret, client_key, callback, verifier, user, expires } = loaded;
        let credentials = TokenCredentials::new(token, secret);
        match (stage, verifier, user, expires) {
            (Stage::Pending, None, None, Some(expires)) => {
                Ok(Self::pending(credentials, client_key, callback, expires))
            }
            (Stage::Approved, Some(verifier), Some(user), Some(expires)) => {
                Ok(Self::approved(credentials, client_key, verifier, user, expires))
            }
            (Stage::Exchanged, None, Some(user), None) => Ok(Self::exchanged(credentials, client_key, user)),
            _ => Err(error()),
        }
    }
}

impl<'de> Deserialize<'de> for WithSecret<Grant> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Grant::deserialize(deserializer).map(WithSecret)
    }
}
