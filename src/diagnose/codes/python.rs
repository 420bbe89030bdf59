//! `error=` of servers made with oauthlib or Authlib.
//!
//! Source: oauthlib `oauth1/rfc5849/errors.py`; Authlib `oauth1/rfc5849/errors.py`.

use super::code::{Code, cause, unclear};
use crate::diagnose::kind::FindingKind as Kind;

pub(super) const CODES: &[Code] = &[
    // oauthlib. Its server rejects nonces and keys by length and alphabet as malformed.
    cause("insecure_transport_protocol", Kind::Transport, "use https"),
    cause(
        "invalid_signature_method",
        Kind::SignatureMethod,
        "use a signature method that the server allows; by default HMAC-SHA1, HMAC-SHA256 or RSA-SHA1",
    ),
    unclear("invalid_request", "the server read the request as malformed: see its description"),
    unclear("invalid_client", "the server does not know the client, or the signature does not match"),
    // Authlib.
    cause("insecure_transport", Kind::Transport, "use https"),
    cause(
        "unsupported_parameter",
        Kind::ParameterRejected,
        "leave the parameter out that the description names",
    ),
    cause(
        "unsupported_signature_method",
        Kind::SignatureMethod,
        "use a signature method that the server allows; by default HMAC-SHA1",
    ),
    cause(
        "missing_required_parameter",
        Kind::ParameterMissing,
        "send the parameter that the description names",
    ),
    cause(
        "duplicated_oauth_protocol_parameter",
        Kind::ParameterRejected,
        "send the protocol parameters once: in the header, the query, or the form",
    ),
    cause(
        "invalid_token",
        Kind::Token,
        "check the token, and that it was issued to this consumer key; if so, send the user through the authorization again",
    ),
    cause("invalid_nonce", Kind::Nonce, "sign each attempt anew: a retry must not repeat a signature"),
    cause("access_denied", Kind::UserDenied, "the user denied access: ask again when the user wants to"),
    cause(
        "method_not_allowed",
        Kind::HttpMethod,
        "use the method that the server documents for this endpoint",
    ),
];
