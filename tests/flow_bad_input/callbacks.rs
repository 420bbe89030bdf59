//! What the user comes back with, what he types in, and what the client asks the provider to call.

use oauth1_signer::flow::{CallbackError as C, FlowError, MAX_CALLBACK_LEN, MAX_VERIFIER_LEN};

use crate::Input::{Asked, Callback, Pin};
use crate::Outcome::{Granted, Rejected};
use crate::support::photos::{self, VERIFIER};
use crate::{Reason, Row};

pub(crate) fn rows() -> Vec<Row> {
    let callback = |query: &str| Callback(format!("https://printer.example.com/ready?{query}"));
    let not_taken = |error, text| Rejected(Reason::Callback(error), text);
    vec![
        Row(
            "a good callback", Callback(photos::RETURNED.to_owned()), Granted(VERIFIER)),
        Row(
            "no token",
            callback("oauth_verifier=hfdp7dh39dks9884"),
            not_taken(C::MissingToken { html_escaped: false }, "has no oauth_token"),
        ),
        Row(
            "no query",
            Callback("https://printer.example.com/ready".to_owned()),
            not_taken(C::MissingToken { html_escaped: false }, "has no oauth_token"),
        ),
        Row(
            "no verification code",
            callback("oauth_token=hh5s93j4hdidpola"),
            not_taken(C::MissingVerifier { html_escaped: false }, "has no oauth_verifier"),
        ),
        Row(
            "another token",
            callback("oauth_token=t0ken-1dentifier&oauth_verifier=hfdp7dh39dks9884"),
            not_taken(C::TokenMismatch, "look the pending credentials up by token_of_callback"),
        ),
        Row(
            "the start of the token",
            callback("oauth_token=hh5s93j4hdidpol&oauth_verifier=hfdp7dh39dks9884"),
            not_taken(C::TokenMismatch, "within the user's session"),
        ),
        Row(
            "an empty token",
            callback("oauth_token=&oauth_verifier=hfdp7dh39dks9884"),
            not_taken(C::TokenMismatch, "within the user's session"),
        ),
        Row(
            "a second token",
            callback("oauth_token=hh5s93j4hdidpola&oauth_verifier=v&oauth_token=hh5s93j4hdidpola"),
            not_taken(C::Duplicate("oauth_token"), "more than one oauth_token"),
        ),
        Row(
            "a second verification code",
            callback("oauth_token=hh5s93j4hdidpola&oauth_verifier=v&%6Fauth_verifier=w"),
            not_taken(C::Duplicate("oauth_verifier"), "more than one oauth_verifier"),
        ),
        Row(
            "denied",
            callback("denied=hh5s93j4hdidpola"),
            not_taken(C::Denied, "the user did not grant access"),
        ),
        Row(
            "the user refused",
            callback("oauth_token=hh5s93j4hdidpola&oauth_problem=user_refused"),
            not_taken(C::Denied, "the user did not grant access"),
        ),
        Row(
            "permission denied",
            callback("oauth_problem=permission_denied&oauth_token=hh5s93j4hdidpola&oauth_verifier=v"),
            not_taken(C::Denied, "the user did not grant access"),
        ),
        Row(
            "another problem",
            callback("oauth_problem=timestamp_refused&oauth_token=hh5s93j4hdidpola&oauth_verifier=v"),
            Rejected(Reason::Problem("timestamp_refused", None), "set the clock"),
        ),
        Row(
            "parameters in the fragment only",
            Callback(
                "https://printer.example.com/ready#oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884"
                    .to_owned(),
            ),
            not_taken(C::MissingToken { html_escaped: false }, "in its query"),
        ),
        Row(
            "parameters in the fragment only, which has a ?",
            Callback(
                "https://printer.example.com/ready#?oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884"
                    .to_owned(),
            ),
            not_taken(C::MissingToken { html_escaped: false }, "in its query"),
        ),
        Row(
            "a token secret is ignored",
            callback("oauth_token=hh5s93j4hdidpola&oauth_verifier=v&oauth_token_secret=s3cret-0f-the-token"),
            Granted("v"),
        ),
        Row(
            "the application's own parameters",
            callback("x=1&oauth_token=hh5s93j4hdidpola&oauth_verifier=v&oauth_x=2&x=1"),
            Granted("v"),
        ),
        Row(
            "escaped for HTML",
            callback("oauth_token=hh5s93j4hdidpola&amp;oauth_verifier=hfdp7dh39dks9884"),
            not_taken(
                C::MissingVerifier { html_escaped: true },
                "escaped for HTML (&amp; for &), so take it from the request itself",
            ),
        ),
        Row(
            "escaped for HTML, with the parameters the other way round",
            callback("oauth_verifier=hfdp7dh39dks9884&amp;oauth_token=hh5s93j4hdidpola"),
            not_taken(C::MissingToken { html_escaped: true }, "escaped for HTML"),
        ),
        Row(
            "blanks around a PIN", Pin(" 7650822 \r\n".to_owned()), Granted("7650822")),
        Row(
            "an empty PIN", Pin(String::new()), not_taken(C::Empty, "verification code is empty")),
        Row(
            "a PIN of blanks", Pin(" \t\u{a0}\n".to_owned()), not_taken(C::Empty, "is empty")),
        Row(
            "an empty verification code",
            callback("oauth_token=hh5s93j4hdidpola&oauth_verifier="),
            not_taken(C::Empty, "verification code is empty"),
        ),
        Row(
            "a callback over the limit",
            callback(&format!("oauth_token=hh5s93j4hdidpola&oauth_verifier=v&{}", "a".repeat(MAX_CALLBACK_LEN))),
            not_taken(C::TooLong, "too long"),
        ),
        Row(
            "a verification code over the limit",
            callback(&format!(
                "oauth_token=hh5s93j4hdidpola&oauth_verifier={}",
                "v".repeat(MAX_VERIFIER_LEN + 1)
            )),
            not_taken(C::TooLong, "too long"),
        ),
        Row(
            "a PIN over the limit", Pin("7".repeat(MAX_VERIFIER_LEN + 1)), not_taken(C::TooLong, "too long")),
        Row(
            "oob in upper case",
            Asked("OOB"),
            Rejected(Reason::Flow(FlowError::InvalidCallback), "it is \"oob\", in lower case"),
        ),
        Row(
            "a relative callback",
            Asked("/ready"),
            Rejected(Reason::Flow(FlowError::InvalidCallback), "not an absolute URI, such as https://host/path"),
        ),
        Row(
            "a callback without its scheme",
            Asked("printer.example.com/ready"),
            Rejected(Reason::Flow(FlowError::InvalidCallback), "such as https://host/path"),
        ),
        Row(
            "a callback relative to the scheme",
            Asked("//printer.example.com/ready"),
            Rejected(Reason::Flow(FlowError::InvalidCallback), "such as https://host/path"),
        ),
        Row(
            "an empty callback",
            Asked(""),
            Rejected(Reason::Flow(FlowError::InvalidCallback), "where there is none, it is \"oob\""),
        ),
        // A forged callback: nobody but the provider and the user knows the token.
        Row(
            "denied for another token",
            callback("denied=t0ken-1dentifier"),
            not_taken(C::TokenMismatch, "within the user's session"),
        ),
        Row(
            "denied, and another token",
            callback("denied=hh5s93j4hdidpola&oauth_token=t0ken-1dentifier"),
            not_taken(C::TokenMismatch, "within the user's session"),
        ),
        Row(
            "denied for nobody",
            callback("denied="),
            not_taken(C::TokenMismatch, "within the user's session"),
        ),
        Row(
            "denied twice",
            callback("denied=hh5s93j4hdidpola&denied=hh5s93j4hdidpola"),
            not_taken(C::Duplicate("denied"), "more than one denied"),
        ),
        Row(
            "the user refused, for another token",
            callback("oauth_problem=user_refused&oauth_token=t0ken-1dentifier"),
            not_taken(C::TokenMismatch, "within the user's session"),
        ),
        Row(
            "the user refused, without a token",
            callback("oauth_problem=user_refused"),
            not_taken(C::MissingToken { html_escaped: false }, "has no oauth_token"),
        ),
        Row(
            "another problem, for another token",
            callback("oauth_problem=timestamp_refused&oauth_token=t0ken-1dentifier"),
            not_taken(C::TokenMismatch, "within the user's session"),
        ),
        Row(
            "a second verification code, for another token",
            callback("oauth_token=t0ken-1dentifier&oauth_verifier=v&oauth_verifier=w"),
            not_taken(C::TokenMismatch, "within the user's session"),
        ),
    ]
}
