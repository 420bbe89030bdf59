//! `code` of the X (Twitter) API, in JSON with `errors`.
//!
//! Source: X developer platform, "Response codes", and the constants of the clients made after it
//! (twitter-api-v2 `errors.types`, sferik/twitter `Twitter::Error::Code`).

use super::code::{Code, cause, unclear};
use crate::diagnose::kind::FindingKind as Kind;
use crate::diagnose::received::Received;

pub(super) fn is_it(received: &Received<'_>, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let is_of =
        |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    is_of("twitter.com") || is_of("x.com") || received.text.starts_with("{\"errors\":[{")
}

const LOCKED: &str = "the account must be unlocked by its user, who logs in on the site";

pub(super) const CODES: &[Code] = &[
    unclear(
        "32",
        "X says only that it could not authenticate the request: the key, the token or the signature. JSON and multipart bodies are not signed, forms are",
    ),
    cause("34", Kind::NotFound, "check the path and the version of the API"),
    cause("63", Kind::AccountRestricted, "the account is suspended: its user has to contact X"),
    cause("64", Kind::AccountRestricted, "the account is suspended: its user has to contact X"),
    cause(
        "87",
        Kind::Permission,
        "the application may not use this endpoint: see its access level in the developer portal",
    ),
    cause("88", Kind::RateLimited, "wait until the time in the header x-rate-limit-reset"),
    cause(
        "89",
        Kind::Token,
        "check the token; if it is right, the user has withdrawn it: ask the user again, or make a new one in the developer portal",
    ),
    cause("92", Kind::Transport, "use https"),
    cause("99", Kind::ConsumerKey, "check the consumer key and secret"),
    cause("130", Kind::ServerError, "try again later"),
    cause("131", Kind::ServerError, "try again later"),
    cause("135", Kind::Clock, "set this machine's clock, or correct it with SignerBuilder::clock_offset"),
    cause(
        "215",
        Kind::Unsigned,
        "X saw no usable credentials: send the Authorization header, in the form OAuth name=\"value\", …",
    ),
    cause(
        "220",
        Kind::Permission,
        "these credentials may not use this resource: use the user's token, or another access level",
    ),
    cause(
        "226",
        Kind::NotAboutOAuth,
        "X takes the request for an automated one: slow down, and keep to its rules",
    ),
    cause(
        "261",
        Kind::Permission,
        "the application may only read: give it write permission in the developer portal, then make new tokens",
    ),
    cause("326", Kind::AccountRestricted, LOCKED),
    cause("415", Kind::Callback, "register the callback URL in the developer portal, exactly as it is sent"),
    cause(
        "416",
        Kind::AccountRestricted,
        "the application is suspended or invalid: see the developer portal",
    ),
    cause(
        "417",
        Kind::Callback,
        "this application has no callback registered: send oauth_callback=oob, or register one",
    ),
    cause(
        "453",
        Kind::Permission,
        "the application's access level does not include this endpoint: see the developer portal",
    ),
];
