//! The origin, where parameters stand, bodies and limits.

use super::*;

pub(crate) fn of_the_origin() -> Vec<Row> {
    let good = header();
    let said = |name: &'static str, value: &'static str| {
        let mut request = request(good.as_bytes());
        request.headers_mut().insert(name, HeaderValue::from_static(value));
        verify(&request, &log())
    };
    let other = |received: &str| {
        rejected(RejectionReason::OtherHost { origin: "https://h".to_owned(), received: received.to_owned() })
    };
    let mut two = request(good.as_bytes());
    two.headers_mut().append("host", HeaderValue::from_static("evil"));
    let absolute = |uri: &str| {
        let mut request = request(good.as_bytes());
        *request.uri_mut() = uri.parse().unwrap();
        verify(&request, &log())
    };
    let mut head = request(good.as_bytes());
    *head.method_mut() = Method::HEAD;
    vec![
        Row("host", "another host", said("host", "other"), other("other")),
        Row("host", "another port", said("host", "h:80"), other("h:80")),
        Row("host", "a dot behind it", said("host", "h."), other("h.")),
        Row("host", "a path", said("host", "h/"), other("h/")),
        Row("host", "an empty host", said("host", ""), other("")),
        Row("host", "a user", said("host", "x@h"), other("x@h")),
        Row("host", "two hosts", verify(&two, &log()), other("evil")),
        Row("host", "an absolute target of another", absolute("https://evil/p?a=1"), other("evil")),
        Row("host", "in upper case", said("host", "H"), Admitted),
        Row("host", "with the default port", said("host", "h:443"), Admitted),
        Row("host", "an absolute target", absolute("https://h/p?a=1"), Admitted),
        Row("forwarded headers", "X-Forwarded-Proto", said("x-forwarded-proto", "http"), Admitted),
        Row("forwarded headers", "X-Forwarded-Host", said("x-forwarded-host", "evil"), Admitted),
        Row("forwarded headers", "Forwarded", said("forwarded", "host=evil;proto=http"), Admitted),
        Row("HTTP method", "HEAD for GET", verify(&head, &log()), rejected(RejectionReason::WrongSignature)),
    ]
}

pub(crate) fn of_places_and_bodies() -> Vec<Row> {
    let good = header();
    let in_query = |query: &str| {
        let mut request = request(good.as_bytes());
        *request.uri_mut() = format!("/p?{query}").parse().unwrap();
        verify(&request, &log())
    };
    let in_form = {
        let request = request_of(&good, "/p?a=1", FORM);
        with_body(&policy(), &request, b"oauth_token=token-identifier")
    };
    let send =
        |hash: Option<BodyHashPolicy>, content_type: &str, sent: &'static str, received: Option<&[u8]>| {
            let signer = match hash {
                Some(hash) => signer().to_builder().body_hash(hash).build().unwrap(),
                None => signer(),
            };
            let request =
                Request::post("https://h/p").header("content-type", content_type).body(sent).unwrap();
            let header = signer.sign_with(&request, stamp(NOW, "n1")).unwrap().to_header();
            let mut request = request.map(drop);
            request.headers_mut().insert("authorization", header);
            let policy = policy().require_signed_body(true);
            match received {
                Some(body) => with_body(&policy, &request, body),
                None => now_with(&policy, &request, &log()),
            }
        };
    let not_forms = Some(BodyHashPolicy::NotForms);
    let several = || rejected(RejectionReason::SeveralPlaces);
    vec![
        Row("two places", "in header and query", in_query("oauth_token=token-identifier"), several()),
        Row("two places", "by an escaped name", in_query("oauth%5Ftoken=x"), several()),
        Row("two places", "a second signature", in_query("a=1&oauth_signature=x"), several()),
        Row("two places", "in header and form", in_form, several()),
        Row("body hash", "the body that was signed", send(not_forms, JSON, "{}", Some(b"{}")), Admitted),
        Row(
            "body hash",
            "another",
            send(not_forms, JSON, "{}", Some(b"[]")),
            rejected(RejectionReason::WrongBodyHash),
        ),
        Row(
            "body hash",
            "none",
            send(not_forms, JSON, "{}", Some(b"")),
            rejected(RejectionReason::WrongBodyHash),
        ),
        // The caller's mistake: it must not pass for an empty body.
        Row(
            "body hash",
            "not handed over",
            send(not_forms, JSON, "", None),
            rejected(RejectionReason::Unavailable),
        ),
        Row(
            "body hash",
            "no hash",
            send(None, JSON, "{}", Some(b"{}")),
            rejected(RejectionReason::Missing("oauth_body_hash")),
        ),
        Row("body hash", "no hash, and no body", send(None, JSON, "", Some(b"")), Admitted),
        Row(
            "body hash",
            "no hash, not handed over",
            send(None, JSON, "{}", None),
            rejected(RejectionReason::Unavailable),
        ),
        Row("body hash", "a form needs none", send(None, FORM, "a=1", Some(b"a=1")), Admitted),
        Row(
            "body hash",
            "a hash of a form",
            send(Some(BodyHashPolicy::Always), FORM, "a=1", Some(b"a=1")),
            rejected(RejectionReason::BodyHashOnForm),
        ),
        // And so is every other answer of this table.
        Row(
            "response",
            "no base string in the answer",
            in_query("a=2"),
            rejected(RejectionReason::WrongSignature),
        ),
    ]
}

/// The verifier is strict where the signer takes anything.
pub(crate) fn of_limits() -> Vec<Row> {
    let said = |target: &str, content_type: &str, body: &[u8]| {
        with_body(&policy(), &request_of(&header(), target, content_type), body)
    };
    let percent = |name: &str| rejected(RejectionReason::InvalidPercent(name.into()));
    let many = (0..1001).map(|n| format!("a{n}=1")).collect::<Vec<_>>().join("&");
    vec![
        Row("percent sign", "in the query", said("/p?a=%zz", "", b""), percent("a")),
        Row("percent sign", "cut", said("/p?a=%", "", b""), percent("a")),
        Row("percent sign", "in a name", said("/p?%zz=1", "", b""), percent("%zz")),
        Row("percent sign", "in a form", said("/p", FORM, b"a=%4"), percent("a")),
        Row(
            "limit",
            "1,001 parameters",
            said("/p", FORM, many.as_bytes()),
            rejected(RejectionReason::TooManyParameters),
        ),
        Row("limit", "a form beyond 1 MiB", said("/p", FORM, &vec![b'a'; 1024 * 1024 + 1]), {
            rejected(RejectionReason::BodyTooLarge)
        }),
        Row("limit", "a long target", said(&format!("/{}", "p".repeat(16 * 1024)), "", b""), {
            rejected(RejectionReason::UrlTooLong)
        }),
    ]
}
