//! Checks that a request is signed at all (RFC 5849 §3.1, §3.5).

use crate::request::RequestError;

use super::finding::Finding;
use super::kind::FindingKind;
use super::sent::{Authorization, Sent};

/// Returns the mistakes that are wrong for every server.
pub(super) fn findings(sent: &Sent<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Err(error) = sent.view() {
        findings.push(unreadable(error));
    }
    match sent.authorization {
        Authorization::OAuth if !sent.is_signed() => findings.push(Finding::proven(
            FindingKind::Unsigned,
            "the Authorization header has neither oauth_consumer_key nor oauth_signature",
            "send the header that the signer made, whole",
        )),
        Authorization::Several => findings.push(Finding::proven(
            FindingKind::UnreadableAuthorization,
            "there is more than one Authorization header",
            "send one: the client adds another (basic_auth, bearer_auth, user information in the URL)",
        )),
        Authorization::Unreadable => findings.push(Finding::proven(
            FindingKind::UnreadableAuthorization,
            "the Authorization header is not a list of name=\"value\" with commas between",
            "write it as RFC 5849 §3.5.1 has it: values percent-encoded and in quotes",
        )),
        Authorization::OtherScheme if !sent.is_signed() => findings.push(Finding::proven(
            FindingKind::Unsigned,
            "the Authorization header is of another scheme than OAuth",
            "send the header that the signer made, and no other",
        )),
        Authorization::Absent if !sent.is_signed() => findings.push(Finding::proven(
            FindingKind::Unsigned,
            "there is no Authorization header, and no oauth_signature in query or form",
            "put the signature on the request (Signer::authorize). Clients drop the header when they follow \
             a redirect to another host",
        )),
        Authorization::OAuth | Authorization::Absent | Authorization::OtherScheme => {}
    }
    if sent.is_signed() {
        findings.extend(missing(sent));
        findings.extend(duplicates(sent));
        findings.extend(version(sent));
    }
    findings
}

fn unreadable(error: &RequestError) -> Finding {
    match error {
        RequestError::OtherHost => Finding::proven(
            FindingKind::Host,
            "the Host header is not the host of the URL; servers compute with the header",
            "leave the Host header out, or put its host into the URL before signing",
        ),
        other => Finding::proven(
            FindingKind::UnreadableRequest,
            other.to_string(),
            "give the diagnosis the request as it was signed: see SentRequest::new",
        ),
    }
}

fn missing(sent: &Sent<'_>) -> Option<Finding> {
    let is_plaintext = sent.method_name() == "PLAINTEXT";
    let names =
        ["oauth_consumer_key", "oauth_signature_method", "oauth_signature", "oauth_timestamp", "oauth_nonce"];
    let needed = if is_plaintext { &names[..3] } else { &names[..] };
    let is_absent = |name: &&&str| sent.parameter(name).is_none_or(str::is_empty);
    let absent: Vec<&str> = needed.iter().filter(is_absent).copied().collect();
    (!absent.is_empty()).then(|| {
        Finding::proven(
            FindingKind::ParameterMissing,
            format!("the request has no {}", absent.join(", no ")),
            "send each of them (RFC 5849 §3.1)",
        )
    })
}

fn duplicates(sent: &Sent<'_>) -> Option<Finding> {
    let protocol = sent.protocol();
    let is_twice = |at: &usize| protocol[..*at].iter().any(|(name, _)| *name == protocol[*at].0);
    // The first few are enough, and comparing each with each would take long.
    let at = (1..protocol.len().min(256)).find(is_twice)?;
    let name = super::page::clip(&protocol[at].0, 40);
    Some(Finding::likely(
        FindingKind::ParameterRejected,
        format!("{name} is sent more than once (header, query and form count together)"),
        "send each protocol parameter once, all in one place (RFC 5849 §3.1, §3.5)",
    ))
}

fn version(sent: &Sent<'_>) -> Option<Finding> {
    let version = sent.parameter("oauth_version")?;
    (version != "1.0").then(|| {
        Finding::proven(
            FindingKind::Version,
            "oauth_version is not 1.0",
            "send oauth_version=1.0, which is also that of OAuth 1.0a, or leave it out (RFC 5849 §3.1)",
        )
    })
}
