//! The requirements of single providers that are not part of the protocol.

use http::header::{CONTENT_TYPE, USER_AGENT};

use super::finding::Finding;
use super::hosts;
use super::kind::FindingKind;
use super::sent::Sent;

/// Checks the text fields of an upload to Flickr, which must be signed.
///
/// By the protocol only forms are signed. Source: "Uploading Photos", all parameters except `photo`.
pub(super) fn unsigned_fields(sent: &Sent<'_>) -> Option<Finding> {
    let is_upload = sent.host().ends_with("flickr.com") && sent.path().contains("/services/upload")
        || sent.host().ends_with("flickr.com") && sent.path().contains("/services/replace");
    let content_type = sent.header(&CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    (is_upload && content_type.starts_with("multipart/")).then(|| {
        Finding::likely(
            FindingKind::UnsignedFields,
            "Flickr signs the text fields of an upload, which is multipart; this signature covers none",
            "sign a view of the request that has the fields as a form (RequestRef::form), all but photo, \
             and send them as multipart",
        )
    })
}

/// Checks for a User-Agent, which Discogs requires (API documentation, "General information").
pub(super) fn user_agent(sent: &Sent<'_>) -> Option<Finding> {
    let is_missing = sent.has_other_headers() && sent.header(&USER_AGENT).is_none();
    (is_missing && sent.host() == "api.discogs.com").then(|| {
        Finding::possible(
            FindingKind::HeaderMissing,
            "Discogs wants a User-Agent that names the application, and the request has none here",
            "set a User-Agent, if the client does not add one",
        )
    })
}

/// Finds identifiers in the wrong place, by the form that a provider gives them.
pub(super) fn identifiers(sent: &Sent<'_>, key: &str, token: &str) -> Vec<Finding> {
    if !hosts::is_x(sent.host()) {
        return Vec::new();
    }
    // X's access tokens are `<user id>-<letters>`; its consumer keys and request tokens are not.
    let is_access_token = |text: &str| {
        text.split_once('-').is_some_and(|(id, rest)| {
            id.len() >= 2 && id.bytes().all(|byte| byte.is_ascii_digit()) && !rest.is_empty()
        })
    };
    let mut findings = Vec::new();
    if is_access_token(key) {
        findings.push(Finding::likely(
            FindingKind::CredentialsSwapped,
            "oauth_consumer_key has the form of an access token of X",
            "give the API key as consumer key, and the access token as token",
        ));
    }
    let is_call = !sent.path().starts_with("/oauth/");
    if is_call && !token.is_empty() && !is_access_token(token) {
        findings.push(Finding::possible(
            FindingKind::TemporaryToken,
            "oauth_token does not have the form of an access token of X (user id, hyphen, letters)",
            "check that the request token was exchanged, and that the access token stands in its place",
        ));
    }
    findings
}
