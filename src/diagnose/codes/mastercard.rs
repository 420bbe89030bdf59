//! `ReasonCode` of Mastercard's API gateway.
//!
//! Source: responses quoted in Mastercard/oauth1-signer-python#37, oauth1-signer-csharp#12 and #24,
//! oauth1-signer-nodejs#28; Mastercard Developers, "OAuth 1.0a and mTLS Error Codes".

use super::code::{Code, cause, signature};
use crate::diagnose::kind::FindingKind as Kind;

pub(super) const CODES: &[Code] = &[
    signature("AUTHENTICATION_FAILED"),
    cause(
        "INVALID_BODY_HASH",
        Kind::BodyHash,
        "send oauth_body_hash with each request, as SHA-256 of exactly the bytes that are sent (BodyHashPolicy::Always with an RSA-SHA256 signer)",
    ),
    cause(
        "INVALID_OAUTH_SBS",
        Kind::ParameterMissing,
        "send the parameter that the description names: Mastercard wants oauth_consumer_key, oauth_nonce, oauth_timestamp, oauth_signature_method, oauth_body_hash and oauth_signature",
    ),
];
