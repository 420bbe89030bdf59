//! NetSuite's `error=` in WWW-Authenticate, and its `code` or `o:errorCode` in JSON.
//!
//! Source: NetSuite help, "Error Messages for `RESTlets`, SOAP Web Services, and REST Web Services", "Error
//! Messages for the TBA Authorization Flow", and "`RESTlets` and REST Web Services Authentication Errors".
//! The codes of the Problem Reporting extension that it uses as well are in that table.

use super::code::{Code, cause, signature, unclear};
use crate::diagnose::kind::FindingKind as Kind;

const LOGIN: &str = "NetSuite says no more. Its Login Audit Trail (Setup > Users/Roles > View Login Audit \
                     Trail, with the column Detail) names the cause";

pub(super) const CODES: &[Code] = &[
    unclear("INVALID_LOGIN_ATTEMPT", LOGIN),
    unclear("INVALID_LOGIN", LOGIN),
    signature("InvalidSignature"),
    cause(
        "InvalidTimestamp",
        Kind::Clock,
        "NetSuite allows 5 minutes: set this machine's clock, or correct it with SignerBuilder::clock_offset",
    ),
    cause("NonceUsed", Kind::Nonce, "sign each attempt anew: a retry must not repeat a signature"),
    cause("NonceRejected", Kind::Nonce, "use a nonce of 6 to 64 letters and digits"),
    cause(
        "TokenRejected",
        Kind::Token,
        "check the token, its role, and that it was issued for this integration record and account",
    ),
    cause(
        "UnknownIntegration",
        Kind::ConsumerKey,
        "check the consumer key; without an integration record of it in this account, create one",
    ),
    cause("IntegrationBlocked", Kind::ConsumerKey, "set the integration record's state to Enabled"),
    cause(
        "AuthorizationFlowRequired",
        Kind::Permission,
        "check the box 'TBA: Authorization Flow' in the integration record",
    ),
    cause(
        "FeatureDisabled",
        Kind::Permission,
        "enable Token-based Authentication in the account (Setup > Company > Enable Features)",
    ),
    cause("EntityOrRoleDisabled", Kind::Permission, "enable the entity and the role that the token is for"),
    cause(
        "MissingRequiredParameter",
        Kind::ParameterMissing,
        "send all protocol parameters, the realm included",
    ),
    cause(
        "MissingTokenPassportRequiredFields",
        Kind::ParameterMissing,
        "send all protocol parameters, the realm included",
    ),
    cause("InvalidCallback", Kind::Callback, "use the callback URL of the integration record"),
];
