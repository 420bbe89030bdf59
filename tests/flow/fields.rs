//! The further fields of a response.

use std::time::Duration;

use oauth1_signer::flow::ResponseError;

use crate::support::photos::{TEMPORARY_ANSWER, TOKEN_ANSWER, answer, flow, grant};

/// Not every server encodes what is not its own: a name with a blank does not spoil the credentials.
#[test]
fn a_field_that_is_not_encoded_is_kept() {
    let leg = flow().token_credentials(&grant()).unwrap();
    let body = format!("{TOKEN_ANSWER}&screen_name=Jane Doe&roles[0]={{a}}");
    let fields = leg.parse_response(&answer(200, &[], body)).unwrap().fields;
    assert_eq!(fields.get("screen_name"), Some("Jane Doe"));
    assert_eq!(fields.get("roles[0]"), Some("{a}"));
}

#[test]
fn fields_are_told_by_name() {
    let leg = flow().token_credentials(&grant()).unwrap();
    let read = |further: &str| {
        leg.parse_response(&answer(200, &[], format!("{TOKEN_ANSWER}&{further}"))).unwrap().fields
    };
    let fields = read(
        "oauth_session_handle=a%2Bb&oauth_expires_in=3600&oauth_authorization_expires_in=18446744073709551615\
         &login_url=https%3A%2F%2Fh%2F%3Fa%3D1%26b&x&x=2&=",
    );
    assert_eq!(fields.session_handle(), Some("a+b"));
    assert_eq!(fields.expires_in(), Some(Duration::from_secs(3600)));
    assert_eq!(fields.authorization_expires_in(), Some(Duration::from_secs(u64::MAX)));
    assert_eq!(fields.get("login_url"), Some("https://h/?a=1&b"));
    assert_eq!(fields.get("x"), Some(""));
    assert_eq!(fields.get(""), Some(""));
    assert_eq!(fields.get("X"), None);
    assert_eq!(fields.get("oauth_token"), None);
    let names: Vec<_> = fields.iter().map(|(name, _)| name).collect();
    let in_order =
        ["oauth_session_handle", "oauth_expires_in", "oauth_authorization_expires_in", "login_url"];
    assert_eq!(names, [&in_order[..], &["x", "x", ""]].concat());
    assert!(!format!("{fields:?}").contains("a+b"), "a session handle is as good as a secret");
    assert_eq!(fields, fields.clone());

    let odd = read("oauth_expires_in=-1&oauth_authorization_expires_in=18446744073709551616");
    assert_eq!((odd.expires_in(), odd.authorization_expires_in(), odd.session_handle()), (None, None, None));
    assert_ne!(fields, odd);
}

/// A provider of temporary credentials that says nothing else has no further fields.
#[test]
fn what_the_flow_reads_is_no_further_field() {
    let leg = flow().temporary_credentials("oob").unwrap();
    let issued = leg.parse_response(&answer(200, &[], TEMPORARY_ANSWER)).unwrap();
    assert_eq!(issued.fields.iter().count(), 0);
    let missing = leg.parse_response(&answer(200, &[], "oauth_callback_confirmed=true")).unwrap_err();
    assert_eq!(*missing.reason(), ResponseError::Missing("oauth_token"));
}
