//! The URL that the user is sent to, and the callback that the user comes back with.

use oauth1_signer::flow::{CallbackError, Endpoints, Flow, FlowError, token_of_callback};

use crate::support::oracle::Settings;
use crate::support::photos::{
    CALLBACK, EXCHANGE, INITIATE, RETURNED, TEMPORARY, VERIFIER, flow, flow_of, printer, sent,
    settings_of_last_leg, temporary,
};

fn authorization_url_with(endpoint: &str, parameters: &[(&str, &str)]) -> Result<String, FlowError> {
    flow_of(printer(), Endpoints::new(INITIATE, endpoint, EXCHANGE))
        .authorization_url_with(&temporary(), parameters)
}

#[test]
fn the_token_joins_the_query_there_is() {
    for (endpoint, expected) in [
        ("https://h/a", "https://h/a?oauth_token=hh5s93j4hdidpola"),
        ("https://h", "https://h?oauth_token=hh5s93j4hdidpola"),
        ("https://h/a?", "https://h/a?oauth_token=hh5s93j4hdidpola"),
        ("https://h/a?x=1", "https://h/a?x=1&oauth_token=hh5s93j4hdidpola"),
        ("https://h/a?x=1&", "https://h/a?x=1&oauth_token=hh5s93j4hdidpola"),
        ("https://h/a?x=%20+%zz", "https://h/a?x=%20+%zz&oauth_token=hh5s93j4hdidpola"),
        ("https://h/a?x=/?", "https://h/a?x=/?&oauth_token=hh5s93j4hdidpola"),
        ("https://h/a#f", "https://h/a?oauth_token=hh5s93j4hdidpola#f"),
        ("https://h/a?x=1#f?y=2", "https://h/a?x=1&oauth_token=hh5s93j4hdidpola#f?y=2"),
        ("https://h/a#", "https://h/a?oauth_token=hh5s93j4hdidpola#"),
    ] {
        assert_eq!(authorization_url_with(endpoint, &[]).as_deref(), Ok(expected));
        assert_eq!(token_of_callback(expected).as_deref(), Some("hh5s93j4hdidpola"));
    }
}

#[test]
fn further_parameters_are_encoded_and_keep_their_order() {
    let parameters = [("perms", "read write"), ("a&b", "c=d"), ("", ""), ("é", "%"), ("perms", "#?+")];
    assert_eq!(
        authorization_url_with("https://h/a?x=1#f", &parameters).as_deref(),
        Ok("https://h/a?x=1&oauth_token=hh5s93j4hdidpola\
            &perms=read%20write&a%26b=c%3Dd&=&%C3%A9=%25&perms=%23%3F%2B#f"),
    );
    let odd = oauth1_signer::TemporaryCredentials::new("a b&c=+%\u{e9}", "secret");
    let url = flow().authorization_url(&odd).unwrap();
    assert_eq!(url, "https://photos.example.net/authorize?oauth_token=a%20b%26c%3D%2B%25%C3%A9");
}

/// Two of them, and the provider could take either.
#[test]
fn a_second_oauth_token_is_refused() {
    for (endpoint, parameters) in [
        ("https://h/a?oauth_token=x", &[][..]),
        ("https://h/a?x=1&oauth%5Ftoken", &[]),
        ("https://h/a", &[("oauth_token", "x")]),
        ("https://h/a", &[("x", "1"), ("oauth_token", "")]),
    ] {
        assert_eq!(authorization_url_with(endpoint, parameters), Err(FlowError::ReservedToken), "{endpoint}");
    }
    // In a fragment nobody reads it, and OAuth Core 1.0 has its callback there.
    assert!(authorization_url_with("https://h/a#?oauth_token=x", &[("oauth_callback", CALLBACK)]).is_ok());
}

/// The verification code that goes out for a callback.
pub(crate) fn verifier_for(flow: &Flow, callback: &str) -> Option<String> {
    let grant =
        flow.callback(temporary(), callback).unwrap_or_else(|refused| panic!("{callback}: {refused}"));
    sent(&flow.token_credentials(&grant).unwrap()).get("oauth_verifier")
}

#[test]
fn a_callback_is_taken_in_any_form_that_a_framework_has_it_in() {
    let uri: http::Uri = RETURNED.parse().unwrap();
    let path_and_query = uri.path_and_query().unwrap().as_str();
    for callback in [
        RETURNED,
        &uri.to_string(),
        path_and_query,
        uri.query().unwrap(),
        &format!("?{}", uri.query().unwrap()),
        &format!("{RETURNED}#oauth_token=x&oauth_verifier=y"),
        &uri.query().unwrap().replace('&', "&&"),
        &format!(" {}\r\n", uri.query().unwrap()),
        "myapp:ready?oauth_verifier=hfdp7dh39dks9884&oauth_token=hh5s93j4hdidpola",
        "https://h/a=b&c?oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884",
        "https://h/?oauth_token=hh5s93j4hdidpola&x=/?&oauth_verifier=hfdp7dh39dks9884",
        "https://h/?%6f%61uth_token=hh5s93j4hdidpol%61&oauth_verifier=%68fdp7dh39dks9884",
    ] {
        assert_eq!(verifier_for(&flow(), callback).as_deref(), Some(VERIFIER), "{callback}");
        assert_eq!(token_of_callback(callback).as_deref(), Some(TEMPORARY.0), "{callback}");
    }
}

/// RFC 3986 §3.4: a query may have a `?` in it. Where the query comes alone, it is no less one.
#[test]
fn a_question_mark_in_a_query_alone_starts_nothing() {
    for callback in [
        "oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884&next=/a?b=1",
        "next=/a?b=1&oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884",
        "?oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884&next=/a?b=1",
    ] {
        assert_eq!(token_of_callback(callback).as_deref(), Some(TEMPORARY.0), "{callback}");
        assert_eq!(verifier_for(&flow(), callback).as_deref(), Some(VERIFIER), "{callback}");
    }
}

/// What stands in a path is no parameter, whatever it looks like.
#[test]
fn a_url_without_a_query_has_no_parameters() {
    for callback in [
        "https://h/cb&oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884",
        "/cb&oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884",
    ] {
        assert_eq!(token_of_callback(callback), None, "{callback}");
        let refused = flow().callback(temporary(), callback).unwrap_err();
        assert_eq!(*refused.reason(), CallbackError::MissingToken { html_escaped: false }, "{callback}");
    }
}

/// Browsers send these as they are (the query state of the URL standard), in the application's own
/// parameters, say.
#[test]
fn a_problem_is_seen_beside_any_characters() {
    for own in ["filter[a]=1", "f={}", "a|b", "a^b", "a`b", "a\\b", "caf\u{e9}"] {
        let callback = |problem: &str| {
            format!("https://h/?{own}&oauth_token=hh5s93j4hdidpola&oauth_verifier=v&oauth_problem={problem}")
        };
        let reason = |problem| match flow().callback(temporary(), &callback(problem)) {
            Ok(_) => None,
            Err(refused) => Some(refused.reason().clone()),
        };
        assert_eq!(reason("user_refused"), Some(CallbackError::Denied), "{own}");
        assert!(matches!(reason("token_expired"), Some(CallbackError::Problem(_))), "{own}");
        assert_eq!(reason(""), None, "{own}");
    }
}

/// What was encoded for the way back is decoded once, and encoded anew for the next request.
#[test]
fn a_verification_code_is_decoded_once() {
    for (encoded, expected) in [
        ("a%2Bb", "a+b"),
        ("a+b", "a b"),
        ("a%2526", "a%26"),
        ("%C3%A9%0A", "\u{e9}\n"),
        ("=", "="),
        ("%zz", "%zz"),
    ] {
        let callback = format!("https://h/?oauth_token=hh5s93j4hdidpola&oauth_verifier={encoded}");
        let grant = flow().callback(temporary(), &callback).unwrap();
        sent(&flow().token_credentials(&grant).unwrap())
            .assert_signed_with(&Settings { verifier: Some(expected.to_owned()), ..settings_of_last_leg() });
    }
}

/// A forged callback must not end a user's attempt.
#[test]
fn refused_credentials_can_be_tried_again() {
    let mut pending = temporary();
    for (callback, reason) in [
        ("https://h/?oauth_token=another&oauth_verifier=x", CallbackError::TokenMismatch),
        ("https://h/?denied=another", CallbackError::TokenMismatch),
        ("https://h/?denied=hh5s93j4hdidpola", CallbackError::Denied),
        ("https://h/", CallbackError::MissingToken { html_escaped: false }),
    ] {
        let refused = flow().callback(pending, callback).unwrap_err();
        assert_eq!(*refused.reason(), reason);
        pending = refused.into_credentials();
    }
    let refused = flow().pin(pending, "  ").unwrap_err();
    assert_eq!(*refused.reason(), CallbackError::Empty);
    let grant = flow().callback(refused.into_credentials(), RETURNED).unwrap();
    sent(&flow().token_credentials(&grant).unwrap()).assert_signed_with(&settings_of_last_leg());
}

/// Case 170 of the list of bad input: what counts once is taken by value and has no copy. If it had one,
/// `probe` could be either of two, and this would not compile.
#[test]
fn a_decision_cannot_be_copied() {
    trait NotClone<A> {
        fn probe() {}
    }
    struct IfClone;
    impl<T: ?Sized> NotClone<()> for T {}
    impl<T: Clone> NotClone<IfClone> for T {}

    <oauth1_signer::TemporaryCredentials as NotClone<_>>::probe();
    <oauth1_signer::flow::Approval as NotClone<_>>::probe();
}

#[test]
fn the_token_of_a_callback_is_told_where_there_is_just_one() {
    for (callback, token) in [
        ("https://h/?oauth_token=a%20b", Some("a b")),
        ("oauth_token=a&oauth_verifier=b", Some("a")),
        ("https://h/?oauth_token=", Some("")),
        // A refusal has to be found too.
        ("https://h/?denied=a", Some("a")),
        ("https://h/?oauth_token=a&denied=b", Some("a")),
        ("https://h/?oauth_token=a&oauth_problem=token_expired", Some("a")),
        ("https://h/?oauth_token=a&oauth_verifier=b&oauth_verifier=b", Some("a")),
        ("https://h/?oauth_token=a&oauth_token=a", None),
        ("https://h/?oauth_token=%FF", None),
        ("https://h/#oauth_token=a", None),
        ("https://h/", None),
        ("", None),
    ] {
        assert_eq!(token_of_callback(callback).as_deref(), token, "{callback}");
    }
}

#[test]
fn a_pin_is_a_verification_code() {
    let grant = flow().pin(temporary(), " hfdp7dh39dks9884\n").unwrap();
    sent(&flow().token_credentials(&grant).unwrap()).assert_signed_with(&settings_of_last_leg());
    // What is inside it is the user's.
    let grant = flow().pin(temporary(), "76 50-822").unwrap();
    let sent = sent(&flow().token_credentials(&grant).unwrap());
    assert_eq!(sent.get("oauth_verifier").as_deref(), Some("76 50-822"));
}
