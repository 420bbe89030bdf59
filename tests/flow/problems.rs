//! What a provider says is wrong, and the clock of a provider.

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;
use oauth1_signer::flow::Flow;
use oauth1_signer::{RequestRef, SignError, StampError, problem::Problem, server_time};

use crate::headers;
use crate::support::photos::{
    CALLBACK, TOKEN_ANSWER, answer, flow, owned, photos, printer, sent, settings_of_first_leg,
};

fn challenged(values: &[&str]) -> Option<Problem> {
    Problem::of(&headers(&WWW_AUTHENTICATE, values), b"")
}

#[test]
fn a_problem_is_read_from_any_challenge() {
    for values in [
        &["OAuth oauth_problem=token_expired"][..],
        &["OAuth oauth_problem=\"token_expired\""],
        &["oauth realm=\"h\",oauth_problem=\"token_expired\""],
        &["OAuth realm=\"a, b=\\\"c\\\"\" , oauth_problem = \"token%5Fexpired\""],
        &["Basic realm=\"h\"", "OAuth oauth_problem=\"token_expired\""],
        &["Basic realm=\"h\", OAuth realm=\"h\", oauth_problem=\"token_expired\""],
        &["OAuth realm=\"h\", oauth_problem=\"token_expired\", Basic realm=\"h\""],
        &["OAuth realm=\"h\"", "OAuth oauth_problem=\"token_expired\""],
        &["OAuth oauth_problem=\"\"", "OAuth oauth_problem=\"token_expired\""],
        &["Negotiate, OAuth oauth_problem=\"token_expired\""],
        &["Negotiate YWJj==, OAuth oauth_problem=\"token_expired\""],
        &["OAuth OAUTH_PROBLEM=\"token_expired\""],
        &["=", "\u{e9}", "OAuth oauth_problem=\"token_expired\""],
        // The first one counts.
        &["OAuth oauth_problem=\"token_expired\"", "OAuth oauth_problem=\"token_used\""],
    ] {
        let problem = challenged(values).unwrap_or_else(|| panic!("none in {values:?}"));
        assert_eq!(problem.code(), "token_expired", "{values:?}");
    }
    for values in [
        &[][..],
        &[""],
        &["OAuth"],
        &["OAuth realm=\"oauth_problem=token_expired\""],
        &["OAuth oauth_problem"],
        &["OAuth oauth_problem="],
        &["OAuth oauth_problem=\"token_expired"],
        &["OAuth oauth_problem=\"\""],
        &["Basic oauth_problem=\"token_expired\""],
        &["oauth_problem=token_expired"],
        &["\u{e9} OAuth oauth_problem=\"token_expired\""],
    ] {
        assert_eq!(challenged(values), None, "{values:?}");
    }
}

#[test]
fn a_problem_is_read_from_a_body() {
    for body in [
        "oauth_problem=token_expired",
        "a=b&oauth_problem=token%5Fexpired\r\n",
        "&oauth_problem=token_expired&",
    ] {
        let problem = Problem::of(&HeaderMap::new(), body.as_bytes()).unwrap();
        assert_eq!(problem.code(), "token_expired");
    }
    for body in [
        "",
        "oauth_problem=",
        "oauth_problem",
        "xoauth_problem=token_expired",
        "<p>oauth_problem=token_expired</p>",
        "{\"oauth_problem\":\"token_expired\"}",
        "the oauth_problem=token_expired",
        "a\noauth_problem=token_expired",
    ] {
        assert_eq!(Problem::of(&HeaderMap::new(), body.as_bytes()), None, "{body:?}");
    }
}

/// The body comes first; what it does not say, the header may.
#[test]
fn body_and_header_add_up() {
    let header = "OAuth oauth_problem=\"token_used\", oauth_problem_advice=\"of%20the%20header\", \
        oauth_acceptable_versions=\"1.0-1.0\"";
    let headers = headers(&WWW_AUTHENTICATE, &[header]);
    let both =
        Problem::of(&headers, b"oauth_problem=token_expired&oauth_problem_advice=of+the+body").unwrap();
    assert_eq!((both.code(), both.advice()), ("token_expired", Some("of the body")));
    assert_eq!(both.acceptable_versions(), Some(("1.0", "1.0")));
    let body = Problem::of(&headers, b"oauth_problem=token_expired").unwrap();
    assert_eq!((body.code(), body.advice()), ("token_expired", Some("of the header")));
    let page = Problem::of(&headers, b"<html>oauth_problem=token_expired").unwrap();
    assert_eq!((page.code(), page.advice()), ("token_used", Some("of the header")));
}

#[test]
fn advice_is_decoded() {
    let of =
        |body: &str| Problem::of(&HeaderMap::new(), format!("oauth_problem=x&{body}").as_bytes()).unwrap();
    let absent = of("oauth_parameters_absent=oauth_token%26oauth_nonce%26a%2520b");
    assert_eq!(absent.parameters_absent(), ["oauth_token", "oauth_nonce", "a b"]);
    let rejected = of("oauth_parameters_rejected=oauth_token%3Dx%252By%26scope%3D%26realm");
    let expected = [("oauth_token", "x+y"), ("scope", ""), ("realm", "")].map(owned);
    assert_eq!(rejected.parameters_rejected(), expected);
    let none = of("a=b");
    assert_eq!((none.advice(), none.acceptable_versions(), none.acceptable_timestamps()), (None, None, None));
    assert!(none.parameters_absent().is_empty() && none.parameters_rejected().is_empty());
    assert_eq!(of("oauth_acceptable_versions=1.0-2.0").acceptable_versions(), Some(("1.0", "2.0")));
    for (text, expected) in [
        ("1-2", Some(1..=2)),
        ("5-5", Some(5..=5)),
        ("0-18446744073709551615", Some(0..=u64::MAX)),
        ("2-1", None),
        ("1-18446744073709551616", None),
        ("-1-2", None),
        ("1", None),
        ("1-", None),
        ("", None),
        ("a-b", None),
        ("1-2-3", None),
    ] {
        let problem = of(&format!("oauth_acceptable_timestamps={text}"));
        assert_eq!(problem.acceptable_timestamps(), expected, "{text}");
    }
}

/// Every code of the extension has a remedy, and only a code that is known is printed.
#[test]
fn a_problem_prints_what_is_known() {
    for code in [
        "version_rejected",
        "parameter_absent",
        "parameter_rejected",
        "timestamp_refused",
        "nonce_used",
        "signature_method_rejected",
        "signature_invalid",
        "consumer_key_unknown",
        "consumer_key_rejected",
        "consumer_key_refused",
        "token_used",
        "token_expired",
        "token_revoked",
        "token_rejected",
        "additional_authorization_required",
        "permission_unknown",
        "permission_denied",
        "user_refused",
        "verifier_invalid",
    ] {
        let problem = challenged(&[&format!("OAuth oauth_problem=\"{code}\"")]).unwrap();
        let text = problem.to_string();
        assert!(text.starts_with(&format!("the provider reports {code}: ")), "{text}");
        assert_eq!(problem.is_denial(), ["permission_denied", "user_refused"].contains(&code));
        assert!(format!("{problem:?}").contains(code));
    }
    let odd = challenged(&["OAuth oauth_problem=\"hunter2\", oauth_problem_advice=\"hunter3\""]).unwrap();
    assert_eq!((odd.code(), odd.advice(), odd.is_denial()), ("hunter2", Some("hunter3"), false));
    assert!(!format!("{odd} {odd:?} {odd:#?}").contains("hunter"));
}

/// RFC 9110 §5.6.7.
const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const SECONDS: u64 = 784_111_777;

#[test]
fn the_time_of_a_server_is_told_by_problem_or_date() {
    let date = headers(&http::header::DATE, &[DATE]);
    let none = HeaderMap::new();
    let timestamps =
        |text: &str| format!("oauth_problem=timestamp_refused&oauth_acceptable_timestamps={text}");
    for (headers, body, expected) in [
        (&none, String::new(), None),
        (&date, String::new(), Some(SECONDS)),
        (&date, "<html>".to_owned(), Some(SECONDS)),
        (&date, TOKEN_ANSWER.to_owned(), Some(SECONDS)),
        (&none, timestamps("100-200"), Some(150)),
        (&date, timestamps("100-200"), Some(150)),
        (&date, timestamps("200-100"), Some(SECONDS)),
        (&date, timestamps("x"), Some(SECONDS)),
        (&none, timestamps("x"), None),
        (&date, "oauth_problem=nonce_used".to_owned(), Some(SECONDS)),
        (&none, timestamps("18446744073709551614-18446744073709551615"), Some(u64::MAX - 1)),
        (&none, timestamps("0-18446744073709551615"), Some(u64::MAX / 2)),
        (&none, timestamps("0-0"), Some(0)),
    ] {
        assert_eq!(server_time(headers, body.as_bytes()), expected, "{body}");
    }
    for odd in ["", "yesterday", "784111777", "Sun, 06 Nov 1994 08:49:37", "Fri, 31 Dec 1965 23:59:59 GMT"] {
        assert_eq!(server_time(&headers(&http::header::DATE, &[odd]), b""), None, "{odd}");
    }
    // What RFC 9110 calls obsolete is read.
    for old in ["Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
        assert_eq!(server_time(&headers(&http::header::DATE, &[old]), b""), Some(SECONDS), "{old}");
    }
}

#[test]
fn errors_of_answers_tell_the_time_too() {
    let leg = flow().temporary_credentials("oob").unwrap();
    let time = |status, headers: &[(&str, &str)], body: &str| {
        leg.parse_response(&answer(status, headers, body)).unwrap_err().server_time()
    };
    assert_eq!(time(401, &[("date", DATE)], ""), Some(SECONDS));
    assert_eq!(time(401, &[], ""), None);
    let problem = "oauth_problem=timestamp_refused&oauth_acceptable_timestamps=10-30";
    assert_eq!(time(401, &[("date", DATE)], problem), Some(20));
    assert_eq!(time(200, &[("date", DATE)], "oauth_problem=nonce_used"), Some(SECONDS));
    assert_eq!(time(302, &[("date", DATE)], problem), None);
}

/// From a refusal to a request that is stamped by the server's clock.
#[test]
fn the_offset_makes_up_for_the_clock() {
    const NOW: u64 = 1_700_000_000;
    // An offset that is there already has no part in it: the new one replaces it.
    let signer = printer().clock(|| Ok(NOW)).clock_offset(12345).build().unwrap();
    for server in [NOW, NOW + 3600, NOW - 3600, 1, SECONDS, i64::MAX as u64] {
        let offset = signer.clock_offset_to(server).unwrap();
        assert_eq!(i128::from(offset), i128::from(server) - i128::from(NOW));
        let corrected = signer.to_builder().clock_offset(offset).build().unwrap();
        let flow = Flow::new(photos(), &corrected).unwrap();
        let sent = sent(&flow.temporary_credentials(CALLBACK).unwrap());
        assert_eq!(sent.get("oauth_timestamp"), Some(server.to_string()));
        sent.assert_signed_with(&settings_of_first_leg());
    }
    // A server that says it is 1970 has an offset, with which nothing can be signed.
    let at_1970 = signer.to_builder().clock_offset(signer.clock_offset_to(0).unwrap()).build().unwrap();
    let error = at_1970.sign(RequestRef::new("GET", "https://h/").unwrap()).unwrap_err();
    assert!(matches!(error, SignError::Stamp(StampError::ClockBeforeEpoch)));
}

#[test]
fn an_absurd_time_is_an_error() {
    let at = |now: u64| printer().clock(move || Ok(now)).build().unwrap();
    for server in [u64::MAX, u64::MAX - 1, (1 << 63) + 1_700_000_000] {
        let offset = at(1_700_000_000).clock_offset_to(server);
        assert!(matches!(offset, Err(StampError::InvalidTimestamp)), "{server}");
    }
    assert!(matches!(at(u64::MAX).clock_offset_to(0), Err(StampError::InvalidTimestamp)));
    assert_eq!(at(1 << 63).clock_offset_to(0).unwrap(), i64::MIN);
    assert_eq!(at(0).clock_offset_to((1 << 63) - 1).unwrap(), i64::MAX);
    assert_eq!(at(u64::MAX).clock_offset_to(u64::MAX).unwrap(), 0);
    let broken = printer().clock(|| Err("no clock".into())).build().unwrap();
    assert!(matches!(broken.clock_offset_to(1), Err(StampError::Clock(_))));
}
