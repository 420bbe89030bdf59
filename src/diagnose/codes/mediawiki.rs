//! MediaWiki's OAuth extension: message keys, and the numbers E001 to E012 of its pages.
//!
//! Source: <https://www.mediawiki.org/wiki/Help:OAuth/Errors>; the extension's `i18n/en.json`.

use super::code::{Code, Report, cause, unclear};
use crate::diagnose::kind::FindingKind as Kind;
use crate::diagnose::received::Received;

const USER: &str = "the account may not use OAuth here: it is blocked, or has no account on this wiki";
const APPROVED: &str = "the application is not approved, or no longer: ask the wiki's administrators. Until then \
                        only its owner can use it";
const START: &str = "start the authorization again: the request token timed out or was used";

pub(super) const CODES: &[Code] = &[
    unclear(
        "mwoauth-invalid-authorization",
        "the message behind the code says more, such as 'Invalid signature' or 'Nonce already used'",
    ),
    cause(
        "mwoauth-invalid-authorization-wrong-wiki",
        Kind::Permission,
        "the grant is for another wiki: register the application for all projects, or call the wiki it is for",
    ),
    cause("mwoauth-invalid-authorization-invalid-user", Kind::AccountRestricted, USER),
    cause(
        "mwoauth-invalid-authorization-wrong-user",
        Kind::Token,
        "the token is of another user than the session",
    ),
    cause("mwoauth-invalid-authorization-not-approved", Kind::ConsumerKey, APPROVED),
    cause("mwoauth-invalid-authorization-blocked-user", Kind::AccountRestricted, USER),
    cause(
        "mwoauthdatastore-access-token-not-found",
        Kind::Token,
        "the grant was withdrawn, or the token is mistyped: ask the user again",
    ),
    cause("mwoauthdatastore-request-token-not-found", Kind::Token, START),
    cause("mwoauthdatastore-request-token-already-used", Kind::Token, START),
    cause("mwoauthdatastore-bad-token", Kind::Token, "check the token"),
    cause("mwoauthdatastore-bad-verifier", Kind::Verifier, "send the verification code as it came"),
    cause(
        "mwoauthdatastore-bad-source-ip",
        Kind::Permission,
        "the application is registered for other IP addresses",
    ),
    cause("mwoauthserver-bad-consumer", Kind::ConsumerKey, APPROVED),
    cause("mwoauthserver-bad-consumer-key", Kind::ConsumerKey, "check the consumer key"),
    cause("mwoauthserver-insufficient-rights", Kind::AccountRestricted, USER),
    cause("mwoauthserver-invalid-user", Kind::AccountRestricted, USER),
    cause(
        "mwoauth-callback-not-oob",
        Kind::Callback,
        "send oauth_callback=oob, unless a callback is registered as a prefix",
    ),
    cause(
        "mwoauth-callback-not-oob-or-prefix",
        Kind::Callback,
        "send oauth_callback=oob, or a URL that starts with the registered callback",
    ),
];

/// The codes by the number that a page shows.
const NUMBERS: &[Code] = &[
    cause("E004", Kind::Token, START),
    cause("E005", Kind::ConsumerKey, APPROVED),
    cause("E006", Kind::ConsumerKey, "check the consumer key"),
    cause("E007", Kind::AccountRestricted, USER),
    cause("E008", Kind::AccountRestricted, USER),
    cause("E009", Kind::Token, START),
    cause(
        "E010",
        Kind::NotAuthorized,
        "the application is owner-only: use the access token that was issued with it",
    ),
];

/// Reports the error of a page that links to its explanation.
pub(super) fn report(received: &Received<'_>) -> Option<Report> {
    let (_, number) = received.text.split_once("Help:OAuth/Errors#")?;
    let code = NUMBERS.iter().find(|code| number.starts_with(code.value))?;
    Some(Report::of("MediaWiki error", code))
}
