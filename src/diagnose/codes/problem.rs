//! The codes of the OAuth Problem Reporting extension, and similar ones that servers use.
//!
//! Source: <http://wiki.oauth.net/w/page/12238543/ProblemReporting>; Adobe Commerce (Magento), "OAuth error
//! codes"; NetSuite help, "Error Messages for `RESTlets`, SOAP Web Services, and REST Web Services".

use super::code::{Code, cause, signature};
use crate::diagnose::kind::FindingKind as Kind;

pub(super) const CODES: &[Code] = &[
    signature("signature_invalid"),
    // Some servers write it like this.
    signature("invalid_signature"),
    cause(
        "timestamp_refused",
        Kind::Clock,
        "set this machine's clock, or correct it with SignerBuilder::clock_offset",
    ),
    cause("nonce_used", Kind::Nonce, "sign each attempt anew: a retry must not repeat a signature"),
    // NetSuite.
    cause("nonce_rejected", Kind::Nonce, "use a longer nonce (NetSuite: 6 to 64 letters and digits)"),
    cause(
        "consumer_key_unknown",
        Kind::ConsumerKey,
        "check the consumer key, and that it is of this provider and of this environment (sandbox or production)",
    ),
    cause(
        "consumer_key_rejected",
        Kind::ConsumerKey,
        "check the consumer key, and whether the provider has approved the application",
    ),
    cause(
        "consumer_key_refused",
        Kind::ConsumerKey,
        "the application is blocked for now: enable it on the provider's page for applications",
    ),
    cause(
        "token_expired",
        Kind::TokenExpired,
        "renew the token, or send the user through the authorization again",
    ),
    cause(
        "token_rejected",
        Kind::Token,
        "check the token, and that it was issued to this consumer key; if so, send the user through the authorization again",
    ),
    cause("token_revoked", Kind::Token, "the user has withdrawn access: ask the user again"),
    cause("token_revoke", Kind::Token, "the user has withdrawn access: ask the user again"),
    cause("token_used", Kind::Token, "a request token can be exchanged once: start the authorization again"),
    cause("token_not_authorized", Kind::NotAuthorized, "send the user to the authorization URL first"),
    cause(
        "permission_unknown",
        Kind::NotAuthorized,
        "the user has not decided yet: wait, or send the user to the authorization URL",
    ),
    cause(
        "verifier_invalid",
        Kind::Verifier,
        "send the verification code as it came; it can be used once, and for its own request token",
    ),
    cause("user_refused", Kind::UserDenied, "the user denied access: ask again when the user wants to"),
    cause(
        "permission_denied",
        Kind::Permission,
        "give the application or the user's role the permission, or ask the user again",
    ),
    cause(
        "additional_authorization_required",
        Kind::Permission,
        "send the user through the authorization for this permission",
    ),
    cause(
        "signature_method_rejected",
        Kind::SignatureMethod,
        "use a signature method that the provider documents",
    ),
    cause(
        "parameter_absent",
        Kind::ParameterMissing,
        "send the parameters that the response names in oauth_parameters_absent",
    ),
    cause(
        "parameter_rejected",
        Kind::ParameterRejected,
        "correct or leave out the parameters that the response names in oauth_parameters_rejected; each may be sent once",
    ),
    cause("version_rejected", Kind::Version, "send oauth_version=1.0, or leave it out"),
];
