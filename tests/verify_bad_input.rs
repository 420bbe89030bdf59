//! What the verifying side says to bad and odd input. The numbers are those of the project's list of bad
//! input (81–108: the Authorization header; 176–213: verifying).
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

use http::{HeaderValue, Request, StatusCode};
use oauth1_signer::verify::{
    Admission, ClientRecord, Malformed, MemoryNonceLog, Nonce, NonceLog, Policy, Received, Refusal,
    Rejection, TokenRecord, Verified,
};
use oauth1_signer::{
    BodyHash, ClientCredentials, Origin, RequestRef, SignatureMethod, Signer, Stamp, TokenCredentials,
    percent_encode,
};

const NOW: u64 = 1_700_000_000;
const WINDOW: u64 = 300;

fn now<F: Future>(future: F) -> F::Output {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => unreachable!("it is ready at once"),
    }
}

fn policy() -> Policy {
    Policy::new(Origin::new("https://h").unwrap()).window(WINDOW).clock(|| Ok(NOW))
}

fn client() -> ClientRecord {
    ClientRecord::new(ClientCredentials::new("ck", "cs")).unwrap()
}

fn token() -> TokenRecord {
    TokenRecord::new(TokenCredentials::new("tk", "ts"), "ck")
}

fn signer() -> Signer {
    let client = ClientCredentials::new("ck", "cs");
    Signer::builder(client).token(TokenCredentials::new("tk", "ts")).omit_version().build().unwrap()
}

/// A header that is right, to be spoilt.
fn header() -> String {
    header_with(&signer(), NOW, "n1")
}

fn header_with(signer: &Signer, timestamp: u64, nonce: &str) -> String {
    let stamp = Stamp::new(timestamp, nonce).unwrap();
    let signed = signer.sign_with(RequestRef::new("GET", "https://h/p?a=1").unwrap(), stamp).unwrap();
    signed.to_header().to_str().unwrap().to_owned()
}

fn request(authorization: &[u8]) -> Request<()> {
    Request::get("/p?a=1")
        .header("host", "h")
        .header("authorization", HeaderValue::from_bytes(authorization).unwrap())
        .body(())
        .unwrap()
}

fn log() -> MemoryNonceLog {
    MemoryNonceLog::new(100, 100).unwrap()
}

fn verify(policy: &Policy, request: &Request<()>, log: &MemoryNonceLog) -> Result<Verified, Rejection> {
    let claim = policy.read(request)?;
    now(claim.prove(Some(&client()), Some(&token()))?.admit(log))
}

/// What is said to a header.
fn said_to(authorization: impl AsRef<[u8]>) -> Result<Verified, Rejection> {
    verify(&policy(), &request(authorization.as_ref()), &log())
}

#[track_caller]
fn malformed(authorization: impl AsRef<[u8]>) -> Malformed {
    let rejection = said_to(authorization).unwrap_err();
    assert_eq!(rejection.status(), StatusCode::BAD_REQUEST, "{rejection:?}");
    let Rejection::Malformed(malformed) = rejection else { panic!("{rejection:?}") };
    malformed
}

#[track_caller]
fn refused(authorization: impl AsRef<[u8]>) -> Refusal {
    let rejection = said_to(authorization).unwrap_err();
    assert_eq!(rejection.status(), StatusCode::UNAUTHORIZED, "{rejection:?}");
    rejection.refusal().unwrap()
}

/// The right header with the value of one parameter replaced.
fn with(name: &str, value: &str) -> String {
    let header = header();
    let start = header.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
    let end = start + header[start..].find('"').unwrap();
    [&header[..start], value, &header[end..]].concat()
}

/// The right header without one parameter.
fn without(name: &str) -> String {
    let parts = header().trim_start_matches("OAuth ").split(", ").map(str::to_owned).collect::<Vec<_>>();
    let parts: Vec<_> = parts.iter().filter(|part| !part.starts_with(&format!("{name}="))).cloned().collect();
    format!("OAuth {}", parts.join(", "))
}

/// The header of a request that has a further parameter, signed.
fn signed_with(name: &str, value: &str) -> String {
    let signer = signer().to_builder().parameter(name, value).build().unwrap();
    header_with(&signer, NOW, "n1")
}

#[test]
fn cases_81_to_108() {
    let good = header();
    let rest = good.strip_prefix("OAuth ").unwrap();
    // 81
    said_to(format!("oAuTh {rest}")).unwrap();
    // 82, 84, 108: of another scheme
    for other in ["Bearer x", "OAutha=\"1\"", &format!("Basic x, {good}"), ""] {
        assert_eq!(refused(other), Refusal::NotOAuth, "{other}");
    }
    // 83
    for bare in ["OAuth", "OAuth ", "OAuth ,"] {
        assert_eq!(malformed(bare), Malformed::Missing("oauth_consumer_key"), "{bare:?}");
    }
    // 85
    let unquoted = good.replace("oauth_nonce=\"n1\"", "oauth_nonce=n1");
    assert_eq!(malformed(unquoted), Malformed::Unquoted("oauth_nonce".into()));
    // 86
    let open = good.trim_end_matches('"');
    assert_eq!(malformed(open), Malformed::UnterminatedString("oauth_signature".into()));
    // 87
    let at = good.find(", oauth_token").unwrap();
    assert_eq!(malformed(good.replacen(", oauth_token", "oauth_token", 1)), Malformed::ExpectedComma(at));
    // 88, 89
    said_to(format!("{good},")).unwrap();
    said_to(format!("{good},,")).unwrap();
    said_to(good.replace(", ", ",,")).unwrap();
    // 90, 91
    for second in ["oauth_nonce=\"n1\"", "oauth%5Fnonce=\"n1\"", "%6fauth_nonce=\"other\""] {
        assert_eq!(malformed(format!("{good}, {second}")), Malformed::Duplicate("oauth_nonce".into()));
    }
    // 92
    assert_eq!(malformed(with("oauth_nonce", "a%zz")), Malformed::InvalidPercent("oauth_nonce".into()));
    // 93
    let plus = signed_with("x", "a+b").replace("x=\"a%2Bb\"", "x=\"a+b\"");
    said_to(plus).unwrap();
    // 94
    let raw = good.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    assert_ne!(raw, good);
    said_to(raw).unwrap();
    // 95, 97
    for realm in ["a\\\"b, c", "%41", ""] {
        said_to(format!("OAuth realm=\"{realm}\", {rest}")).unwrap();
    }
    // 96
    let twice = format!("OAuth realm=\"a\", {rest}, REALM=\"b\"");
    assert_eq!(malformed(twice), Malformed::Duplicate("realm".into()));
    // 98, 99
    said_to(signed_with("oauth_foo", "1")).unwrap();
    said_to(signed_with("foo", "1")).unwrap();
    assert_eq!(refused(format!("{good}, foo=\"1\"")), Refusal::WrongSignature);
    // 100
    assert_eq!(malformed([good.as_bytes(), b", a=\"\xE9\""].concat()), Malformed::NonAscii(good.len() + 5));
    // 101
    let mut two = request(good.as_bytes());
    two.headers_mut().append("authorization", HeaderValue::from_static("Basic x"));
    let rejection = verify(&policy(), &two, &log()).unwrap_err();
    assert!(matches!(rejection, Rejection::Malformed(Malformed::MultipleAuthorization)), "{rejection:?}");
    // 102
    assert_eq!(malformed(format!("{good}, a=\"{}\"", "b".repeat(64 * 1024))), Malformed::HeaderTooLong);
    // 103: `http` lets no CR or LF in; any other control character is refused by name.
    // 104
    said_to(good.replace(", ", "\t,\t")).unwrap();
    said_to(good.replacen(' ', "\t", 1)).unwrap();
    // 105
    assert_eq!(malformed(format!("{good}, =\"1\"")), Malformed::EmptyName(good.len() + 2));
    // 106, 107
    for version in ["2.0", "1.0a", ""] {
        let header = signed_with("oauth_version", version);
        assert_eq!(malformed(header), Malformed::Invalid("oauth_version"), "{version}");
    }
    said_to(signed_with("oauth_version", "1.0")).unwrap();
}

#[test]
fn cases_176_to_192() {
    // 176
    for name in
        ["oauth_consumer_key", "oauth_signature_method", "oauth_signature", "oauth_timestamp", "oauth_nonce"]
    {
        assert_eq!(malformed(without(name)), Malformed::Missing(name));
    }
    // 177, 178
    for method in ["HMAC-MD5", "hmac-sha1", "", "NONE", "HMAC-SHA1 "] {
        assert_eq!(
            malformed(with("oauth_signature_method", method)),
            Malformed::UnsupportedMethod,
            "{method}"
        );
    }
    // 181
    assert_eq!(malformed(with("oauth_signature_method", "PLAINTEXT")), Malformed::UnsupportedMethod);
    // 182, 183, 185
    let signature = {
        let header = header();
        let start = header.find("oauth_signature=\"").unwrap() + 17;
        header[start..header.len() - 1].to_owned()
    };
    let url_safe = signature.replace("%2B", "-").replace("%2F", "_");
    for wrong in [
        "",
        "%20",
        "***",
        &signature.replace("%3D", ""),
        &signature[..10],
        &format!("{signature}%3D"),
        &format!("{signature}AAAA"),
        &format!("%20{signature}"),
    ] {
        assert_eq!(refused(with("oauth_signature", wrong)), Refusal::WrongSignature, "{wrong}");
    }
    assert!(url_safe == signature || refused(with("oauth_signature", &url_safe)) == Refusal::WrongSignature);
    // 190–192
    for timestamp in [
        "",
        "abc",
        "1e9",
        "%2B1",
        "%201",
        "-1",
        "0",
        "1.0",
        "1_70000000",
        "18446744073709551616",
        &percent_encode("１７００００００００"),
    ] {
        let header = with("oauth_timestamp", timestamp);
        assert_eq!(malformed(header), Malformed::Invalid("oauth_timestamp"), "{timestamp}");
    }
    // 199
    for nonce in ["", &"n".repeat(256), "a%00", "a%0Ab", "%7F", "%FF"] {
        assert_eq!(malformed(with("oauth_nonce", nonce)), Malformed::Invalid("oauth_nonce"), "{nonce}");
    }
}

/// 180, and where PLAINTEXT may be.
#[test]
fn case_180() {
    let plaintext = signer().to_builder().method(SignatureMethod::plaintext()).build().unwrap();
    let verify = |origin: &str, url: &str, record: ClientRecord| {
        let policy = Policy::new(Origin::new(origin).unwrap()).clock(|| Ok(NOW)).allow_plaintext();
        let stamp = Stamp::new(NOW, "n1").unwrap();
        let signer = plaintext.to_builder().allow_plaintext_over_http().build().unwrap();
        let header = signer.sign_with(RequestRef::new("GET", url).unwrap(), stamp).unwrap().to_header();
        let request = Request::get("/p").header("authorization", header).body(()).unwrap();
        let claim = policy.read(&request)?;
        now(claim.prove(Some(&record), Some(&token()))?.admit(&log()))
    };
    verify("https://h", "https://h/p", client().allow_plaintext()).unwrap();
    verify("http://127.0.0.1:1", "http://127.0.0.1:1/p", client().allow_plaintext()).unwrap();
    let insecure = verify("http://h", "http://h/p", client().allow_plaintext()).unwrap_err();
    assert!(matches!(insecure, Rejection::Malformed(Malformed::InsecureTransport)), "{insecure:?}");
    let refusal = verify("https://h", "https://h/p", client()).unwrap_err().refusal();
    assert_eq!(refusal, Some(Refusal::MethodNotAllowed));
}

/// 184: each bit of the signature counts.
#[test]
fn case_184() {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    let header = header();
    let start = header.find("oauth_signature=\"").unwrap() + 17;
    let text = header[start..header.len() - 1].replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let signature = STANDARD.decode(text).unwrap();
    for bit in 0..signature.len() * 8 {
        let mut flipped = signature.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let flipped = percent_encode(STANDARD.encode(flipped));
        assert_eq!(refused(with("oauth_signature", &flipped)), Refusal::WrongSignature, "{bit}");
    }
}

/// 186–189: to the client they are all the same.
#[test]
fn cases_186_to_189() {
    let (policy, request) = (policy(), request(header().as_bytes()));
    let claim = policy.read(&request).unwrap();
    let other = ClientRecord::new(ClientCredentials::new("other", "cs")).unwrap();
    let wrong = ClientRecord::new(ClientCredentials::new("ck", "wrong")).unwrap();
    let others_token = TokenRecord::new(TokenCredentials::new("tk", "ts"), "other");
    let mut answers = Vec::new();
    for (client, token, refusal) in [
        (None, Some(token()), Refusal::UnknownClient),
        (Some(other), Some(token()), Refusal::UnknownClient),
        (Some(client()), None, Refusal::UnknownToken),
        (
            Some(client()),
            Some(TokenRecord::new(TokenCredentials::new("t2", "ts"), "ck")),
            Refusal::UnknownToken,
        ),
        (Some(client()), Some(others_token), Refusal::OtherClientsToken),
        (Some(wrong), Some(token()), Refusal::WrongSignature),
        (Some(client().only(&[])), Some(token()), Refusal::MethodNotAllowed),
    ] {
        let rejection = claim.prove(client.as_ref(), token.as_ref()).map(drop).unwrap_err();
        assert_eq!(rejection.refusal(), Some(refusal));
        let response = rejection.to_response();
        answers.push((response.status(), response.headers().clone(), response.into_body()));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED);
    assert!(answers[0].1["www-authenticate"].as_bytes().starts_with(b"OAuth"));
}

#[test]
fn cases_193_to_198_and_203() {
    let at = |timestamp: u64| said_to(header_with(&signer(), timestamp, "n1"));
    // 193, 194, 203
    for inside in [NOW - WINDOW, NOW, NOW + WINDOW] {
        at(inside).unwrap();
    }
    for outside in [NOW - WINDOW - 1, NOW + WINDOW + 1, NOW + 31_536_000, 1, u64::MAX] {
        assert_eq!(at(outside).unwrap_err().refusal(), Some(Refusal::Stale), "{outside}");
    }
    // 195, 196
    let log = log();
    let mut seen = |timestamp, nonce: &str| {
        verify(&policy(), &request(header_with(&signer(), timestamp, nonce).as_bytes()), &log).map(drop)
    };
    seen(NOW, "n1").unwrap();
    assert_eq!(seen(NOW, "n1").unwrap_err().refusal(), Some(Refusal::Replayed));
    seen(NOW + 1, "n1").unwrap();
    seen(NOW, "n2").unwrap();
    // 198
    let forged = header_with(&signer(), NOW, "n3").replace("oauth_signature=\"", "oauth_signature=\"A");
    assert!(verify(&policy(), &request(forged.as_bytes()), &log).is_err());
    assert_eq!(log.len(), 3);
    seen(NOW, "n3").unwrap();
}

struct Broken;

impl NonceLog for Broken {
    async fn check_and_insert(
        &self,
        _: Nonce<'_>,
        _: u64,
        _: u64,
    ) -> Result<Admission, Box<dyn std::error::Error + Send + Sync>> {
        Err("it is down".into())
    }
}

#[test]
fn cases_200_and_201() {
    let (policy, request) = (policy(), request(header().as_bytes()));
    let full = MemoryNonceLog::new(0, 1).unwrap();
    let claim = policy.read(&request).unwrap();
    let prove = || claim.prove(Some(&client()), Some(&token())).unwrap();
    let rejection = now(prove().admit(&full)).unwrap_err();
    assert_eq!(rejection.status(), StatusCode::SERVICE_UNAVAILABLE);
    let rejection = now(prove().admit(&Broken)).unwrap_err();
    assert_eq!(rejection.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(!rejection.to_response().into_body().contains("down"));
}

#[test]
fn cases_204_to_206_and_213() {
    let good = header();
    let with_header = |name: &'static str, value: &'static str| {
        let mut request = request(good.as_bytes());
        request.headers_mut().insert(name, HeaderValue::from_static(value));
        verify(&policy(), &request, &log())
    };
    // 204
    for host in ["other", "h:80", "h.", "h/", "", "x@h"] {
        let rejection = with_header("host", host).unwrap_err();
        assert!(matches!(rejection, Rejection::Malformed(Malformed::OtherHost)), "{host}: {rejection:?}");
    }
    for host in ["h", "H", "h:443", "h:"] {
        with_header("host", host).unwrap();
    }
    // 205
    for (name, value) in
        [("x-forwarded-proto", "http"), ("x-forwarded-host", "evil"), ("forwarded", "host=evil;proto=http")]
    {
        with_header(name, value).unwrap();
    }
    // 206
    for query in ["oauth_token=tk", "oauth%5Ftoken=tk", "a=1&oauth_signature=x"] {
        let mut request = request(good.as_bytes());
        *request.uri_mut() = format!("/p?{query}").parse().unwrap();
        let rejection = verify(&policy(), &request, &log()).unwrap_err();
        assert!(
            matches!(rejection, Rejection::Malformed(Malformed::SeveralPlaces)),
            "{query}: {rejection:?}"
        );
    }
    // 213
    let mut head = request(good.as_bytes());
    *head.method_mut() = http::Method::HEAD;
    let rejection = verify(&policy(), &head, &log()).unwrap_err();
    assert_eq!(rejection.refusal(), Some(Refusal::WrongSignature));
}

#[test]
fn cases_207_to_209() {
    let hashing = signer().to_builder().body_hash(BodyHash::NotForms).build().unwrap();
    let send = |signer: &Signer, content_type: &str, body: &'static str, received: &[u8]| {
        let request = Request::post("https://h/p").header("content-type", content_type).body(body).unwrap();
        let stamp = Stamp::new(NOW, "n1").unwrap();
        let header = signer.sign_with(&request, stamp).unwrap().to_header();
        let mut request = request.map(drop);
        request.headers_mut().insert("authorization", header);
        let policy = policy().require_body_hash();
        let claim = policy.read(Received::from(&request).body(received))?;
        now(claim.prove(Some(&client()), Some(&token()))?.admit(&log()))
    };
    let json = "application/json";
    send(&hashing, json, "{}", b"{}").unwrap();
    // 207
    assert_eq!(send(&hashing, json, "{}", b"[]").unwrap_err().refusal(), Some(Refusal::WrongBodyHash));
    // 208
    let missing = send(&signer(), json, "{}", b"{}").unwrap_err();
    assert!(matches!(missing, Rejection::Malformed(Malformed::Missing("oauth_body_hash"))), "{missing:?}");
    // 209
    let always = signer().to_builder().body_hash(BodyHash::Always).build().unwrap();
    let form = send(&always, "application/x-www-form-urlencoded", "a=1", b"a=1").unwrap_err();
    assert!(matches!(form, Rejection::Malformed(Malformed::BodyHashOnForm)), "{form:?}");
}

/// 212, and 49, 50, 63, 71, 79 from this side.
#[test]
fn strict_where_the_signer_is_total() {
    let read = |target: &str, content_type: &str, body: &[u8]| {
        let mut request = request(header().as_bytes());
        *request.uri_mut() = target.parse().unwrap();
        request.headers_mut().insert("content-type", HeaderValue::from_str(content_type).unwrap());
        match policy().read(Received::from(&request).body(body)) {
            Err(Rejection::Malformed(malformed)) => malformed,
            other => panic!("{target}: {other:?}"),
        }
    };
    let form = "application/x-www-form-urlencoded";
    assert_eq!(read("/p?a=%zz", "", b""), Malformed::InvalidPercent("a".into()));
    assert_eq!(read("/p?a=%", "", b""), Malformed::InvalidPercent("a".into()));
    assert_eq!(read("/p?%zz=1", "", b""), Malformed::InvalidPercent("%zz".into()));
    let many = (0..1001).map(|n| format!("a{n}=1")).collect::<Vec<_>>().join("&");
    assert_eq!(read("/p", form, many.as_bytes()), Malformed::TooManyParameters);
    assert_eq!(read("/p", form, b"a=%4"), Malformed::InvalidPercent("a".into()));
    assert_eq!(read("/p", form, &vec![b'a'; 1024 * 1024 + 1]), Malformed::BodyTooLarge);
    assert_eq!(read(&format!("/{}", "p".repeat(16 * 1024)), "", b""), Malformed::UrlTooLong);
}
