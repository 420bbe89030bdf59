//! RFC 5849 §2.1: the callbacks that a provider accepts.

use crate::form::decode_form;
use crate::request::{Target, UrlError, is_absolute_uri};
use crate::verify::{ClientRecord, RejectionReason};

/// The maximum length of a callback, in bytes.
///
/// Some browsers do not accept a longer URL with the parameters that the provider appends.
pub const MAX_CALLBACK_LEN: usize = 2048;

const CALLBACK: &str = "oauth_callback";

/// Returns the callback that a client asks for, or `None` if it is out of band.
///
/// If the client has registered callbacks, it must be one of them. Otherwise it must be out of band, unless
/// `allows_unregistered` is set. If `allows_missing` is set, the only registered callback stands for a missing
/// one.
pub(super) fn check(
    callback: Option<&str>,
    client: &ClientRecord,
    allows_unregistered: bool,
    allows_missing: bool,
) -> Result<Option<String>, RejectionReason> {
    let registered = client.callbacks();
    let only = match registered {
        [only] if allows_missing => Some(only.as_str()),
        _ => None,
    };
    let callback = callback.or(only).ok_or(RejectionReason::Missing(CALLBACK))?;
    let is_registered = registered.iter().any(|registered| registered == callback);
    let is_allowed = is_registered || registered.is_empty() && (allows_unregistered || callback == "oob");
    match callback {
        _ if !is_allowed => Err(RejectionReason::Invalid(CALLBACK)),
        "oob" => Ok(None),
        uri if is_fit(uri, is_registered) => Ok(Some(uri.to_owned())),
        _ => Err(RejectionReason::Invalid(CALLBACK)),
    }
}

fn is_fit(uri: &str, is_registered: bool) -> bool {
    // Rejects bytes that end an attribute or a header, and those that browsers read as a slash.
    let is_foreign = |byte: u8| !byte.is_ascii_graphic() || b"\"<>\\#".contains(&byte);
    if uri.len() > MAX_CALLBACK_LEN || uri.bytes().any(is_foreign) || has_answer(uri) {
        return false;
    }
    match Target::parse(uri) {
        Ok(target) => !target.has_userinfo() && (target.is_confidential() || is_registered),
        Err(UrlError::UnsupportedScheme(scheme)) => {
            is_registered && is_absolute_uri(uri) && !is_dangerous(&scheme) && !has_userinfo(uri)
        }
        Err(_) => false,
    }
}

/// Returns `true` if the query already has a parameter that the provider appends.
///
/// The client could not tell which of the two is the provider's.
fn has_answer(uri: &str) -> bool {
    let query = uri.split_once('?').map_or("", |(_, query)| query);
    decode_form(query.as_bytes())
        .any(|(name, _)| [&b"oauth_token"[..], b"oauth_verifier", b"oauth_problem"].contains(&&name[..]))
}

/// Returns `true` for schemes that make a browser run or show the rest of the URI.
fn is_dangerous(scheme: &str) -> bool {
    const SCHEMES: [&str; 8] =
        ["javascript", "data", "vbscript", "file", "filesystem", "blob", "about", "view-source"];
    SCHEMES.iter().any(|dangerous| scheme.eq_ignore_ascii_case(dangerous))
}

/// Returns `true` if a URI with an app's own scheme, which [`Target`] does not read, has user information.
fn has_userinfo(uri: &str) -> bool {
    let authority = uri.split_once("://").and_then(|(_, rest)| rest.split(['/', '?']).next());
    authority.is_some_and(|authority| authority.contains('@'))
}
