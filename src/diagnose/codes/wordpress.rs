//! `code` of the WordPress OAuth 1.0a plugin.
//!
//! Source: WP-API/OAuth1 `lib/class-wp-rest-oauth1.php`.

use super::code::{Code, cause, signature};
use crate::diagnose::kind::FindingKind as Kind;

pub(super) const CODES: &[Code] = &[
    signature("json_oauth1_signature_mismatch"),
    signature("json_oauth1_failed_parameter_sort"),
    cause(
        "json_oauth1_consumer_mismatch",
        Kind::Token,
        "the token was issued to another consumer key: use the two together that belong together",
    ),
    cause(
        "json_oauth1_invalid_token",
        Kind::Token,
        "check the token; a request token is for one exchange only",
    ),
    cause(
        "json_oauth1_expired_token",
        Kind::TokenExpired,
        "a request token lasts 24 hours: start the authorization again",
    ),
    cause(
        "json_oauth1_unauthorized_token",
        Kind::NotAuthorized,
        "send the user to the authorization URL first",
    ),
    cause("json_oauth1_invalid_verifier", Kind::Verifier, "send the verification code as it came"),
    cause(
        "json_oauth1_invalid_callback",
        Kind::Callback,
        "use the callback that is registered: scheme, host, port and path must be the same",
    ),
    cause(
        "json_oauth1_missing_parameter",
        Kind::ParameterMissing,
        "send the parameters that the message names. If they were sent, the web server withholds the Authorization header from PHP: send them in the query",
    ),
    cause(
        "json_oauth1_invalid_timestamp",
        Kind::Clock,
        "the plugin allows 15 minutes: set this machine's clock, or correct it with SignerBuilder::clock_offset",
    ),
    cause(
        "json_oauth1_nonce_already_used",
        Kind::Nonce,
        "sign each attempt anew: a retry must not repeat a signature",
    ),
    cause("json_oauth1_invalid_signature_method", Kind::SignatureMethod, "use HMAC-SHA1 or HMAC-SHA256"),
    cause(
        "json_oauth1_invalid_user",
        Kind::NotAuthorized,
        "send the user to the authorization URL, logged in",
    ),
    cause(
        "rest_not_logged_in",
        Kind::Unsigned,
        "WordPress saw no signature: the plugin is not active, or the web server withholds the Authorization header from PHP. Send the parameters in the query",
    ),
    cause(
        "rest_forbidden",
        Kind::Permission,
        "the signature was accepted or not needed, but the user may not do this",
    ),
];
