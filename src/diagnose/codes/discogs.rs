//! Discogs, which reports a problem as a sentence: in `message` of a JSON text, or as plain text.
//!
//! Source: responses quoted in `discogs/discogs_client#104` and #78, and `lionralfs/discogs-client#198`.

use super::code::{Code, Report, cause, signature};
use crate::diagnose::kind::FindingKind as Kind;
use crate::diagnose::received::Received;

pub(super) const CODES: &[Code] = &[
    cause(
        "Invalid consumer.",
        Kind::ConsumerKey,
        "check the consumer key and secret (Settings > Developers)",
    ),
    signature("Invalid signature."),
    cause(
        "Parameter not found: oauth_consumer_key",
        Kind::ParameterMissing,
        "send the protocol parameters in the Authorization header",
    ),
    cause(
        "You are not allowed to view this resource. Please authenticate as the owner to view this content.",
        Kind::Permission,
        "the token is not of the owner; or the signature was not taken: use HMAC-SHA1 instead of PLAINTEXT",
    ),
];

pub(super) fn report(received: &Received<'_>) -> Option<Report> {
    let text = received.plain_text()?.trim();
    let code = CODES.iter().find(|code| code.value == text)?;
    Some(Report::of("message", code))
}
