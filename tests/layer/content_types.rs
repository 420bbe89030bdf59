//! Spellings of Content-Type against the extractors of axum and actix-web: the layer rejects a request, or
//! all readers of its body and its query read the pairs that were verified.

use std::collections::BTreeMap;

use actix_web::FromRequest as _;
use actix_web::test::TestRequest;
use actix_web::web;
use axum::body::Body;
use axum::extract::{Form, FromRequest, Json, Multipart, Query, RawForm, RawQuery};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::Full;
use oauth1_signer::request::ParameterSource;
use oauth1_signer::verify::VerifiedRequest;
use oauth1_signer::{RequestRef, Stamp};

use crate::site::{NOW, ORIGIN, Served, Site, in_origin_form, request, run, signer};

type Pairs = Vec<(String, String)>;

/// A form, whose pairs are part of the signature.
const FORMS: &[&[u8]] = &[
    b"application/x-www-form-urlencoded",
    b"Application/X-WWW-Form-URLencoded",
    b"APPLICATION/X-WWW-FORM-URLENCODED",
    b" application/x-www-form-urlencoded",
    b"application/x-www-form-urlencoded\t ",
    b"application/x-www-form-urlencoded;",
    b"application/x-www-form-urlencoded; ;",
    b"application/x-www-form-urlencoded;charset=UTF-8",
    b"application/x-www-form-urlencoded; charset=utf-8",
    b"application/x-www-form-urlencoded; charset=utf8",
    b"application/x-www-form-urlencoded ; charset=\"utf-8\"",
    b"application/x-www-form-urlencoded; CHARSET=Utf-8;",
    b"application/x-www-form-urlencoded; charset=iso-8859-1",
    b"application/x-www-form-urlencoded; charset=ISO-8859-1",
    b"application/x-www-form-urlencoded; charset=us-ascii",
    b"application/x-www-form-urlencoded; charset=windows-1252",
    b"application/x-www-form-urlencoded; boundary=x",
    b"application/x-www-form-urlencoded; q=\"a; charset=utf-16\"",
    b"application/x-www-form-urlencoded; version=1; charset=utf-8",
];

/// Other media types, which some frameworks take for a form.
const EXTENDED: &[&[u8]] = &[
    b"application/x-www-form-urlencoded-x",
    b"application/x-www-form-urlencoded.",
    b"application/x-www-form-urlencoded1",
    b"application/x-www-form-urlencoded+json",
    b"application/x-www-form-urlencoded-x; charset=utf-8",
];

/// Nearly a form, or one that readers decode differently.
const UNCLEAR: &[&[u8]] = &[
    b"application/x-www-form-urlencoded/",
    b"application/x-www-form-urlencoded-x charset=utf-8",
    b"application/x-www-form-urlencoded-x, text/plain",
    b"application/x-www-form-urlencoded charset=utf-8",
    b"application/x-www-form-urlencoded, text/plain",
    b"application/x-www-form-urlencoded,application/json",
    b"application/x-www-form-urlencoded, application/x-www-form-urlencoded",
    b"text/plain, application/x-www-form-urlencoded",
    b"multipart/form-data; boundary=x, application/x-www-form-urlencoded",
    b"application/x-www-form-urlencoded\xa0",
    b"\xa0application/x-www-form-urlencoded",
    b"application/x-www-form-urlencoded\xe9; charset=utf-8",
    b"application/x-www-form-urlencoded; charset",
    b"application/x-www-form-urlencoded; charset=",
    b"application/x-www-form-urlencoded; charset =utf-8",
    b"application/x-www-form-urlencoded; charset= utf-8",
    b"application/x-www-form-urlencoded; charset=\"utf-8",
    b"application/x-www-form-urlencoded; charset=\"utf-8\"x",
    b"application/x-www-form-urlencoded; charset=\"utf\\-16\"",
    b"application/x-www-form-urlencoded; charset=utf-8, text/plain",
    b"application/x-www-form-urlencoded; charset=utf-8 charset=utf-16",
    b"application/x-www-form-urlencoded; charset=utf-8; charset=utf-16",
    b"application/x-www-form-urlencoded; charset=utf-16; charset=utf-8",
    b"application/x-www-form-urlencoded; charset=utf-8; Charset=utf-8",
    b"application/x-www-form-urlencoded; charset=utf-16",
    b"application/x-www-form-urlencoded; charset=UTF-16LE",
    b"application/x-www-form-urlencoded; charset=utf-16be",
    b"application/x-www-form-urlencoded; charset=utf-7",
    b"application/x-www-form-urlencoded; charset=utf-32",
    b"application/x-www-form-urlencoded; charset=iso-2022-jp",
    b"application/x-www-form-urlencoded; charset=shift_jis",
    b"application/x-www-form-urlencoded; charset=gb18030",
    b"application/x-www-form-urlencoded; charset=x-user-defined",
    b"application/x-www-form-urlencoded; charset=ibm037",
    b"application/x-www-form-urlencoded; charset=\"utf-16\"",
    b"application/x-www-form-urlencoded; =x",
    b"application/x-www-form-urlencoded; x",
    b"application/x-www-form-urlencoded: text/plain",
    b"application/x-www-form-urlencoded\"",
];

/// No form: the body is not part of the signature.
const OTHERS: &[&[u8]] = &[
    b"",
    b";",
    b"*/*",
    b"text/plain",
    b"text/plain; x=application/x-www-form-urlencoded",
    b"text/plain;charset=utf-16",
    b"application/json",
    b"application/json; charset=utf-8",
    b"APPLICATION/JSON",
    b"application/problem+json",
    b"application/x-www-form",
    b"application/x-www-form-urlencode",
    b"application/ x-www-form-urlencoded",
    b"application /x-www-form-urlencoded",
    b"application/www-form-urlencoded",
    b"x-application/x-www-form-urlencoded",
    b"x-www-form-urlencoded",
    b"\"application/x-www-form-urlencoded\"",
    b"; application/x-www-form-urlencoded",
    b"application/octet-stream",
    b"application/%78-www-form-urlencoded",
    b"multipart/form-data; boundary=x",
    b"multipart/form-data; boundary=\"x\"",
    b"Multipart/Form-Data; boundary=x",
    b"multipart/form-data",
    b"multipart/mixed; boundary=x",
];

/// Several headers.
const SEVERAL: &[[&[u8]; 2]] = &[
    [b"application/x-www-form-urlencoded", b"application/x-www-form-urlencoded"],
    [b"application/x-www-form-urlencoded", b"text/plain"],
    [b"text/plain", b"application/x-www-form-urlencoded"],
    [b"application/json", b"application/x-www-form-urlencoded"],
    [b"", b"application/x-www-form-urlencoded"],
    [b"multipart/form-data; boundary=x", b"application/x-www-form-urlencoded"],
];

const SIGNED: &str = "amount=1&to=bob";
const MULTIPART: &str = "--x\r\nContent-Disposition: form-data; name=\"to\"\r\n\r\neve\r\n--x--\r\n";

/// What is sent, and what of it an attacker wrote: the signature is the same for all of them.
const SENT: [(&str, &str, &str); 7] = [
    ("signed pairs in the query", "?amount=1&to=bob", ""),
    ("signed pairs in the body", "", SIGNED),
    ("signed pairs in the body, in another order", "", "to=bob&amount=1"),
    ("signed pairs in the query and the body", "?to=bob", "amount=1"),
    ("the attacker's form in the body", "?amount=1&to=bob", "amount=9&to=eve"),
    ("the attacker's JSON in the body", "?amount=1&to=bob", "{\"to\": \"eve\"}"),
    ("the attacker's multipart form in the body", "?amount=1&to=bob", MULTIPART),
];

fn sent(method: &Method, types: &[&[u8]], signed: &str, target: &str, body: &str) -> Request<Full<Bytes>> {
    let original = request(method.as_str(), &format!("/items?{signed}"), None);
    let header = signer().sign_with(&original, Stamp::new(NOW, "n1").unwrap()).unwrap().to_header();
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{ORIGIN}/items{target}"))
        .header("authorization", header);
    for value in types {
        request = request.header("content-type", HeaderValue::from_bytes(value).unwrap());
    }
    in_origin_form(request.body(Full::new(Bytes::from(body.to_owned()))).unwrap())
}

fn sorted(mut pairs: Pairs) -> Pairs {
    pairs.sort();
    pairs
}

/// The signed pairs that were verified in one place.
fn verified_in(verified: &VerifiedRequest, source: ParameterSource) -> Pairs {
    let pairs = verified.parameters().iter().filter(|parameter| parameter.source() == source);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    sorted(pairs.map(|pair| (text(pair.name_bytes()), text(pair.value_bytes()))).collect())
}

/// What the extractors read of a request, by their names; nothing where one rejects it.
struct Extracted {
    forms: Vec<(&'static str, Pairs)>,
    queries: Vec<(&'static str, Pairs)>,
    /// Those of bodies that are no form.
    others: Vec<(&'static str, Pairs)>,
}

async fn extracted(head: &http::request::Parts, body: &Bytes) -> Extracted {
    let request = || Request::from_parts(head.clone(), Body::from(body.clone()));
    let raw = |bytes: &[u8]| serde_html_form::from_bytes::<Pairs>(bytes).unwrap();
    let (mut forms, mut queries, mut others) = (Vec::new(), Vec::new(), Vec::new());
    if let Ok(Form(pairs)) = Form::<Pairs>::from_request(request(), &()).await {
        forms.push(("axum's Form", pairs));
    }
    if let Ok(RawForm(bytes)) = RawForm::from_request(request(), &()).await {
        forms.push(("axum's RawForm", raw(&bytes)));
    }
    if let Ok(Query(pairs)) = Query::<Pairs>::from_request(request(), &()).await {
        queries.push(("axum's Query", pairs));
    }
    let Ok(RawQuery(query)) = RawQuery::from_request(request(), &()).await;
    queries.push(("axum's RawQuery", raw(query.unwrap_or_default().as_bytes())));
    if let Ok(Json(pairs)) = Json::<BTreeMap<String, String>>::from_request(request(), &()).await {
        others.push(("axum's Json", pairs.into_iter().collect()));
    }
    if let Ok(mut multipart) = Multipart::from_request(request(), &()).await {
        let mut pairs = Vec::new();
        while let Ok(Some(field)) = multipart.next_field().await {
            pairs.push((field.name().unwrap_or_default().to_owned(), field.text().await.unwrap()));
        }
        others.push(("axum's Multipart", pairs));
    }

    let method = actix_web::http::Method::from_bytes(head.method.as_str().as_bytes()).unwrap();
    let mut actix = TestRequest::default().method(method).uri(&head.uri.to_string());
    for value in head.headers.get_all("content-type") {
        let value = actix_web::http::header::HeaderValue::from_bytes(value.as_bytes()).unwrap();
        actix = actix.append_header(("content-type", value));
    }
    let (actix, mut payload) = actix.set_payload(body.clone()).to_http_parts();
    if let Ok(pairs) = web::Query::<Pairs>::from_request(&actix, &mut payload).await {
        queries.push(("actix-web's Query", pairs.into_inner()));
    }
    if let Ok(pairs) = web::Form::<Pairs>::from_request(&actix, &mut payload).await {
        forms.push(("actix-web's Form", pairs.into_inner()));
    }
    Extracted { forms, queries, others }
}

/// Checks a request that the layer let through. Returns the names of the extractors that read a form.
async fn check(name: &str, head: &http::request::Parts, served: &Served) -> Vec<&'static str> {
    let Extracted { forms, queries, others } = extracted(head, &served.body).await;
    let query = verified_in(&served.verified, ParameterSource::Query);
    let form = verified_in(&served.verified, ParameterSource::Form);
    for (extractor, pairs) in queries {
        assert_eq!(sorted(pairs), query, "{extractor}: {name}");
    }
    let mut readers = Vec::new();
    for (extractor, pairs) in forms {
        // axum's form of a GET or HEAD is its query.
        let is_query = extractor.starts_with("axum") && head.method == Method::GET;
        assert_eq!(sorted(pairs), if is_query { query.clone() } else { form.clone() }, "{extractor}: {name}");
        if !is_query {
            readers.push(extractor);
        }
    }
    for (extractor, _) in others {
        assert!(form.is_empty() && !served.verified.body_is_signed(), "{extractor}: {name}");
    }
    readers
}

/// Sends each of [`SENT`] with the Content-Types, and returns the statuses and who has read a form.
fn outcome(types: &[&[u8]]) -> (Vec<StatusCode>, Vec<&'static str>) {
    let (mut statuses, mut readers) = (Vec::new(), Vec::new());
    for method in [Method::POST, Method::PUT, Method::GET] {
        for (case, target, body) in SENT {
            let name = format!(
                "{method} {}, {case}",
                types.iter().map(|t| t.escape_ascii().to_string()).collect::<Vec<_>>().join(" and ")
            );
            let site = Site::new();
            let request = sent(&method, types, SIGNED, target, body);
            let (head, _) = request.clone().into_parts();
            let status = run(site.send(request)).status;
            statuses.push(status);
            let served = site.served().pop();
            assert_eq!(served.is_some(), status == StatusCode::OK, "{name}");
            if let Some(served) = served {
                readers.extend(run(check(&name, &head, &served)));
            }
        }
    }
    readers.sort_unstable();
    readers.dedup();
    (statuses, readers)
}

const ALL_METHODS: usize = 3;

fn count(statuses: &[StatusCode], status: StatusCode) -> usize {
    statuses.iter().filter(|one| **one == status).count() / ALL_METHODS
}

#[test]
fn a_form_is_verified_and_the_frameworks_read_the_verified_pairs() {
    let mut all = Vec::new();
    for spelling in FORMS {
        let (statuses, readers) = outcome(&[spelling]);
        // The four placements of the signed pairs, and none of the attacker's.
        assert_eq!(count(&statuses, StatusCode::OK), 4, "{}", spelling.escape_ascii());
        assert_eq!(count(&statuses, StatusCode::UNAUTHORIZED), 3, "{}", spelling.escape_ascii());
        all.extend(readers);
    }
    all.sort_unstable();
    all.dedup();
    assert_eq!(all, ["actix-web's Form", "axum's Form", "axum's RawForm"], "each of them reads some");
}

#[test]
fn what_is_nearly_a_form_is_rejected() {
    let several = SEVERAL.iter().map(|pair| &pair[..]);
    let unclear: Vec<[&[u8]; 1]> = EXTENDED.iter().chain(UNCLEAR).map(|spelling| [*spelling]).collect();
    for types in unclear.iter().map(|one| &one[..]).chain(several) {
        let (statuses, _) = outcome(types);
        assert_eq!(count(&statuses, StatusCode::BAD_REQUEST), SENT.len(), "{types:?}");
    }
}

/// A body of any other type is not signed, and no extractor of forms reads it.
#[test]
fn a_body_of_another_type_is_not_signed_and_read_as_no_form() {
    for types in OTHERS.iter().map(|spelling| vec![*spelling]).chain([Vec::new()]) {
        let (statuses, readers) = outcome(&types);
        assert!(readers.is_empty(), "{readers:?}");
        // Wherever the query has all that was signed.
        assert_eq!(count(&statuses, StatusCode::OK), 4, "{types:?}");
        assert_eq!(count(&statuses, StatusCode::UNAUTHORIZED), 3, "{types:?}");
    }
    assert!(FORMS.len() + EXTENDED.len() + UNCLEAR.len() + OTHERS.len() + SEVERAL.len() >= 60);
}

/// The signature does not say whether a byte was percent-encoded, so the attacker may send it raw.
#[test]
fn raw_bytes_that_a_charset_changes_are_rejected() {
    let send = |charset: &str, body: &'static [u8]| {
        let content_type = format!("application/x-www-form-urlencoded{charset}");
        let mut request = sent(&Method::POST, &[content_type.as_bytes()], "to=caf%C3%A9", "", "");
        *request.body_mut() = Full::new(Bytes::from_static(body));
        let (site, (head, _)) = (Site::new(), request.clone().into_parts());
        let status = run(site.send(request)).status;
        if let Some(served) = site.served().pop() {
            run(check(charset, &head, &served));
        }
        status
    };
    for charset in
        ["", "; charset=utf-8", "; charset=iso-8859-1", "; charset=us-ascii", "; charset=windows-1252"]
    {
        assert_eq!(send(charset, b"to=caf%C3%A9"), StatusCode::OK, "{charset}");
        let is_utf8 = !charset.contains("-1") && !charset.contains("ascii");
        let expected = if is_utf8 { StatusCode::OK } else { StatusCode::BAD_REQUEST };
        assert_eq!(send(charset, b"to=caf\xc3\xa9"), expected, "{charset}");
    }
}

/// A layer within may decompress a body, and axum and actix-web then read another form.
#[test]
fn a_form_with_a_content_encoding_is_rejected() {
    for encoding in
        ["gzip", "identity, gzip", "deflate", "x-gzip", "br", "zstd", "", "none", "gzip, identity"]
    {
        let mut request = sent(&Method::POST, &[FORMS[0]], SIGNED, "", SIGNED);
        request.headers_mut().insert("content-encoding", encoding.parse().unwrap());
        assert_eq!(run(Site::new().send(request)).status, StatusCode::BAD_REQUEST, "{encoding:?}");
    }
    let mut request = sent(&Method::POST, &[FORMS[0]], SIGNED, "", SIGNED);
    request.headers_mut().insert("content-encoding", "identity".parse().unwrap());
    assert_eq!(run(Site::new().send(request)).status, StatusCode::OK);
}

/// The signing side rejects what no reader is sure of. Another media type is one, though this crate's
/// verifier would not let it pass: its body is signed as no form (RFC 5849 §3.4.1.3.1).
#[test]
fn the_signer_rejects_what_is_nearly_a_form_and_names_the_remedy() {
    let sign = |types: &[&[u8]]| {
        let mut request = Request::post(format!("{ORIGIN}/items")).body("a=1").unwrap();
        for value in types {
            request.headers_mut().append("content-type", HeaderValue::from_bytes(value).unwrap());
        }
        let client = signer();
        let prepared = client.prepare_with(&request, Stamp::new(NOW, "n1").unwrap());
        prepared.map(|prepared| prepared.explanation().base_string().contains("a%3D1"))
    };
    for spelling in FORMS {
        assert!(sign(&[spelling]).unwrap(), "{}", spelling.escape_ascii());
    }
    for spelling in OTHERS.iter().chain(EXTENDED) {
        assert!(!sign(&[spelling]).unwrap(), "{}", spelling.escape_ascii());
    }
    for spelling in UNCLEAR {
        let error = sign(&[spelling]).unwrap_err().to_string();
        assert!(error.contains("charset") && error.contains("send "), "{}: {error}", spelling.escape_ascii());
        // A caller without an http::Request is told the same.
        let Ok(text) = std::str::from_utf8(spelling) else { continue };
        let url = format!("{ORIGIN}/items");
        let plain = RequestRef::new("POST", &url).unwrap().content_type(text).body(b"a=1");
        assert_eq!(signer().sign(plain).unwrap_err().to_string(), error);
    }
    for types in SEVERAL {
        assert!(sign(types).unwrap_err().to_string().contains("more than one Content-Type"), "{types:?}");
    }
}
