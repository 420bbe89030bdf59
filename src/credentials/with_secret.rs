//! Serde support: credentials deserialize by themselves, but serialize only in a [`WithSecret`].

use serde::de::Error;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::pairs::{ClientCredentials, TemporaryCredentials, TokenCredentials};

/// Credentials that serde serializes with their secret.
///
/// The credentials themselves implement `Deserialize` only, so that a structure that contains them
/// cannot write the secret by accident. Wrap them to write the secret on purpose.
///
/// # Examples
///
/// ```
/// use oauth1_signer::{WithSecret, TemporaryCredentials};
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let pending = TemporaryCredentials::new("hh5s93j4hdidpola", "hdhd0244k9j7ao03");
/// let stored = serde_json::to_string(&WithSecret(&pending))?;
/// assert_eq!(stored, r#"{"token":"hh5s93j4hdidpola","secret":"hdhd0244k9j7ao03"}"#);
///
/// let loaded: TemporaryCredentials = serde_json::from_str(&stored)?;
/// # assert_eq!(loaded.expose_secret(), "hdhd0244k9j7ao03");
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct WithSecret<C>(pub C);

fn serialize<S: Serializer>(
    serializer: S,
    type_name: &'static str,
    (name, identifier): (&'static str, &str),
    secret: &str,
) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct(type_name, 2)?;
    fields.serialize_field(name, identifier)?;
    fields.serialize_field("secret", secret)?;
    fields.end()
}

/// Deserializes the secret, with an error that does not repeat the value.
fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    String::deserialize(deserializer).map_err(|_| D::Error::custom(HARMLESS[0]))
}

/// The starts of error texts that do not repeat a value.
const HARMLESS: [&str; 3] = ["the secret is not a text", "missing field", "duplicate field"];

/// Replaces an error that may repeat a value, since the value may be a secret.
fn without_values<E: Error>(error: E, identifier: &str) -> E {
    let text = error.to_string();
    if HARMLESS.iter().any(|start| text.starts_with(start)) {
        error
    } else {
        E::custom(format_args!("stored credentials have two fields, {identifier} and secret, both texts"))
    }
}

/// Implements `Serialize` and `Deserialize` for one kind of credentials.
///
/// The identifier's field has the name of its accessor.
macro_rules! exposed {
    ($credentials:ident, $identifier:ident) => {
        impl Serialize for WithSecret<&$credentials> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let identifier = (stringify!($identifier), self.0.$identifier());
                serialize(serializer, stringify!($credentials), identifier, self.0.expose_secret())
            }
        }

        impl Serialize for WithSecret<$credentials> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                WithSecret(&self.0).serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $credentials {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(Deserialize)]
                struct Stored {
                    $identifier: String,
                    #[serde(deserialize_with = "secret")]
                    secret: String,
                }
                let Stored { $identifier, secret } = Stored::deserialize(deserializer)
                    .map_err(|error| without_values(error, stringify!($identifier)))?;
                Ok(Self::new($identifier, secret))
            }
        }

        impl<'de> Deserialize<'de> for WithSecret<$credentials> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $credentials::deserialize(deserializer).map(WithSecret)
            }
        }
    };
}

exposed!(ClientCredentials, key);
exposed!(TokenCredentials, token);
exposed!(TemporaryCredentials, token);
