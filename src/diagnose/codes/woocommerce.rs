//! WooCommerce, which has one code for all problems: the message tells them apart.
//!
//! Source: woocommerce `includes/class-wc-rest-authentication.php`.

use super::code::{Code, Report, Says, cause, signature};
use crate::diagnose::finding::Certainty;
use crate::diagnose::kind::FindingKind as Kind;
use crate::diagnose::received::Received;

const CODE: &str = "woocommerce_rest_authentication_error";

/// The codes by a part of the message, in lower case.
const MESSAGES: &[Code] = &[
    cause("signature method is invalid", Kind::SignatureMethod, "use HMAC-SHA1 or HMAC-SHA256"),
    signature("invalid signature"),
    cause(
        "consumer key is invalid",
        Kind::ConsumerKey,
        "check the consumer key (ck_…), and that it is of this shop",
    ),
    cause(
        "invalid timestamp",
        Kind::Clock,
        "WooCommerce allows 15 minutes: set this machine's clock, or correct it with SignerBuilder::clock_offset",
    ),
    cause(
        "nonce has already been used",
        Kind::Nonce,
        "sign each attempt anew: a retry must not repeat a signature",
    ),
    cause(
        "parameter is missing",
        Kind::ParameterMissing,
        "send the parameter that the message names, in the query",
    ),
    cause(
        "does not have",
        Kind::Permission,
        "give the API key the permission to read or to write (WooCommerce > Settings > Advanced > REST API)",
    ),
];

pub(super) fn report(received: &Received<'_>) -> Option<Report> {
    if received.values("code").any(|code| code == "woocommerce_rest_cannot_view") {
        let shown = "code woocommerce_rest_cannot_view".to_owned();
        let remedy = "WooCommerce saw no valid signature. Over https it takes the consumer key and secret as \
                      Basic credentials and no OAuth; over http it takes OAuth in the query, where the web \
                      server withholds no header";
        let says = Says::Cause(Kind::Unsigned);
        return Some(Report { shown, says, certainty: Certainty::Likely, remedy });
    }
    received.values("code").find(|code| *code == CODE)?;
    let message = received.values("message").next().unwrap_or_default().to_ascii_lowercase();
    let code = MESSAGES.iter().find(|code| message.contains(code.value))?;
    let mut report = Report::of("message", code);
    report.shown = format!("code {CODE}: {}", code.value);
    Some(report)
}
