//! The fields of a grant, as Redis stores them.

use redis::{Cmd, Value};

use crate::boxed::BoxError;
use crate::credentials::TokenCredentials;

use super::super::super::grant::Grant;
use super::super::super::parts::{GrantParts, Stage};

/// The names of the fields that [`grant`] reads, in its order.
pub(super) const NAMES: [&str; 7] = ["client", "secret", "callback", "verifier", "user", "issued", "expires"];

/// Adds the names and values of the fields that a grant has.
pub(super) fn add(command: &mut Cmd, parts: &GrantParts) {
    command.arg("client").arg(&parts.client_key).arg("secret").arg(parts.credentials.expose_secret());
    let texts = [("callback", &parts.callback), ("verifier", &parts.verifier), ("user", &parts.user)];
    for (name, text) in texts {
        if let Some(text) = text {
            command.arg(name).arg(text);
        }
    }
    for (name, time) in [("issued", parts.issued), ("expires", parts.expires)] {
        if let Some(time) = time {
            command.arg(name).arg(time);
        }
    }
}

/// Rebuilds a grant from the values of its fields, or returns `None` if there is no such grant.
pub(super) fn grant(stage: Stage, token: &str, values: Value) -> Result<Option<Grant>, BoxError> {
    let Value::Array(values) = values else {
        return Err("Redis did not return the fields of a grant".into());
    };
    if values.iter().all(|value| matches!(value, Value::Nil)) {
        return Ok(None);
    }
    let mut texts = values.into_iter().zip(NAMES).map(|(value, name)| text(value, name));
    let mut next = || texts.next().unwrap_or(Ok(None));
    let missing = |name| move || format!("a grant in Redis lacks its field `{name}`");
    let client_key = next()?.ok_or_else(missing("client"))?;
    let credentials = TokenCredentials::new(token, next()?.ok_or_else(missing("secret"))?);
    let (callback, verifier, user) = (next()?, next()?, next()?);
    let (issued, expires) = (number(next()?, "issued")?, number(next()?, "expires")?);
    let parts = GrantParts { stage, credentials, client_key, callback, verifier, user, issued, expires };
    Ok(Some(Grant::from_parts(parts)?))
}

fn text(value: Value, name: &str) -> Result<Option<String>, BoxError> {
    match value {
        Value::Nil => Ok(None),
        Value::BulkString(bytes) => String::from_utf8(bytes)
            .map(Some)
            .map_err(|_| format!("a grant in Redis has a field `{name}` that is not UTF-8").into()),
        _ => Err(format!("a grant in Redis has a field `{name}` that is not a text").into()),
    }
}

fn number(text: Option<String>, name: &str) -> Result<Option<u64>, BoxError> {
    let parse =
        |text: String| text.parse().map_err(|_| format!("a grant in Redis has no time in `{name}`").into());
    text.map(parse).transpose()
}
