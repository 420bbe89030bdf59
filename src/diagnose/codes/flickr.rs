//! `code` of Flickr's API, in JSON with `"stat":"fail"`.
//!
//! Source: the errors that `flickr.reflection.getMethodInfo` returns for each method.

use super::code::{Code, cause, signature};
use crate::diagnose::kind::FindingKind as Kind;
use crate::diagnose::received::Received;

pub(super) fn is_it(received: &Received<'_>, _: &str) -> bool {
    received.json.iter().any(|(name, value)| name == "stat" && value == "fail")
}

pub(super) const CODES: &[Code] = &[
    cause("95", Kind::Transport, "use https"),
    signature("96"),
    cause("97", Kind::Unsigned, "sign the request"),
    cause("98", Kind::Token, "check the token, or send the user through the authorization again"),
    cause(
        "99",
        Kind::Permission,
        "ask the user for the permission (perms=read, write or delete on the authorization URL), and send the token",
    ),
    cause("100", Kind::ConsumerKey, "check the API key"),
    cause("105", Kind::ServerError, "try again later"),
];
