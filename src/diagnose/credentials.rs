//! Checks for credentials that cannot be right. It shows no part of a secret.

use crate::percent::escaped_byte;
use crate::signer::Signer;

use super::finding::Finding;
use super::kind::FindingKind;
use super::quirks;
use super::sent::Sent;

/// Checks the identifiers of the request, and the secrets if there is a signer.
pub(super) fn findings(sent: &Sent<'_>, signer: Option<&Signer>, temporary: Option<&str>) -> Vec<Finding> {
    let key = sent.parameter("oauth_consumer_key").unwrap_or_default();
    let token = sent.parameter("oauth_token").unwrap_or_default();
    let mut findings = Vec::new();
    findings.extend(temporary_token(sent, token, temporary));
    if let Some(signer) = signer {
        findings.extend(secrets(signer, key, token));
    }
    for (name, text) in [("consumer key", key), ("token", token)] {
        findings.extend(oddity(text).map(|(what, remedy)| {
            Finding::likely(FindingKind::CredentialFormat, format!("the {name} {what}"), remedy)
        }));
    }
    if !key.is_empty() && key == token {
        findings.push(Finding::likely(
            FindingKind::CredentialsSwapped,
            "oauth_consumer_key and oauth_token are the same",
            "give the consumer key (of the application) and the token (of the user) their own places",
        ));
    }
    findings.extend(quirks::identifiers(sent, key, token));
    findings
}

fn temporary_token(sent: &Sent<'_>, token: &str, temporary: Option<&str>) -> Option<Finding> {
    let is_exchange = sent.parameter("oauth_verifier").is_some();
    (temporary? == token && !token.is_empty() && !is_exchange).then(|| {
        Finding::proven(
            FindingKind::TemporaryToken,
            "oauth_token is the request token of this flow, and there is no oauth_verifier",
            "exchange the request token for an access token first (Flow::token_credentials), and sign \
             with the signer that is made of the access token",
        )
    })
}

/// Checks the secrets.
///
/// A token secret without a token, and a key file as a secret, are errors when a signer is built.
fn secrets(signer: &Signer, key: &str, token: &str) -> Vec<Finding> {
    let (client, tokens) = signer.credentials();
    if !signer.method().shares_secrets() {
        return Vec::new();
    }
    let client_secret = client.expose_secret();
    let (own_token, token_secret) =
        tokens.map_or(("", ""), |tokens| (tokens.token(), tokens.expose_secret()));
    let mut findings = Vec::new();
    if !own_token.is_empty() && token_secret.is_empty() {
        findings.push(Finding::likely(
            FindingKind::TokenSecretMissing,
            "there is a token, but its secret is empty, so the key is 'consumer secret&'",
            "give the token's secret: at the exchange of a request token, the secret that came with it",
        ));
    }
    for (name, secret) in [("consumer secret", client_secret), ("token secret", token_secret)] {
        findings.extend(oddity(secret).map(|(what, remedy)| {
            Finding::likely(FindingKind::CredentialFormat, format!("the {name} {what}"), remedy)
        }));
    }
    let named = [
        ("consumer key", key),
        ("token", token),
        ("consumer secret", client_secret),
        ("token secret", token_secret),
    ];
    for (at, (one, text)) in named.iter().enumerate() {
        for (other, _) in named[at + 1..].iter().filter(|(_, same)| !text.is_empty() && same == text) {
            // Key and token are in the request, and are compared there.
            if *other != "token" {
                findings.push(Finding::likely(
                    FindingKind::CredentialsSwapped,
                    format!("the {one} and the {other} are the same"),
                    "give each of the four credentials its own value, as the provider shows them",
                ));
            }
        }
    }
    findings
}

/// Returns text in a credential that no provider issues, such as quotes, and the remedy.
fn oddity(text: &str) -> Option<(&'static str, &'static str)> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return (!text.is_empty()).then_some(("is white space only", "give the credential itself"));
    }
    if text != trimmed {
        let is_line = text.ends_with(['\n', '\r']);
        let what = if is_line { "ends with a line break" } else { "starts or ends with white space" };
        return Some((what, "trim it where it is read from a file or the environment (str::trim)"));
    }
    if trimmed.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Some(("has white space or a line break in it", "copy it again, in one piece"));
    }
    let is_quoted = |quote: char| trimmed.len() > 1 && trimmed.starts_with(quote) && trimmed.ends_with(quote);
    if ['"', '\'', '`'].into_iter().any(is_quoted) || trimmed.starts_with(['\u{201C}', '\u{2018}']) {
        return Some(("is in quotes", "remove the quotes: a shell or an .env file keeps some of them"));
    }
    if has_escape(trimmed) {
        return Some(("has percent escapes", "give it decoded: it is encoded when it is used"));
    }
    let lower = trimmed.to_ascii_lowercase();
    let is_named = ["oauth_token=", "oauth_token_secret=", "oauth_consumer_key=", "bearer ", "oauth "]
        .iter()
        .any(|name| lower.starts_with(name));
    if is_named {
        return Some(("starts with the name of a parameter", "give the value only, without its name"));
    }
    let is_placeholder = (lower.contains("your") || lower.contains("my_") || lower.starts_with('<'))
        && ["key", "secret", "token"].iter().any(|word| lower.contains(word));
    is_placeholder.then_some(("looks like a placeholder", "give the value that the provider issued"))
}

fn has_escape(text: &str) -> bool {
    text.match_indices('%').any(|(at, _)| escaped_byte(&text.as_bytes()[at + 1..]).is_some())
}
