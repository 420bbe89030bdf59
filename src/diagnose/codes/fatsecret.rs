//! `code` of the fatsecret Platform API, which sends errors with status 200.
//!
//! Source: fatsecret Platform API, "Error codes" and "OAuth 1.0".

use super::code::{Code, cause, signature};
use crate::diagnose::kind::FindingKind as Kind;
use crate::diagnose::received::Received;

pub(super) fn is_it(received: &Received<'_>, host: &str) -> bool {
    received.text.contains("\"error\"") && host.eq_ignore_ascii_case("platform.fatsecret.com")
}

pub(super) const CODES: &[Code] = &[
    cause("2", Kind::ParameterMissing, "send all protocol parameters, oauth_version among them"),
    cause("3", Kind::ParameterRejected, "leave out the protocol parameter that the message names"),
    cause("4", Kind::SignatureMethod, "use HMAC-SHA1"),
    cause("5", Kind::ConsumerKey, "check the consumer key"),
    cause(
        "6",
        Kind::Clock,
        "set this machine's clock. A timestamp must not be smaller than that of an earlier request, so one clock must stamp them all",
    ),
    cause("7", Kind::Nonce, "sign each attempt anew: a retry must not repeat a signature"),
    signature("8"),
    cause("9", Kind::Token, "check the token, or send the user through the authorization again"),
];
