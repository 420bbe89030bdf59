//! Mistakes of real libraries and of people, each computed by the independent signer and then named.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use oauth1_signer::verify::diagnosis::{DiagnosisOutcome, Mistake};

use crate::signer::{Pair, Sent, Sort, Work, as_it_is, escape, percent_decode, rfc};

struct Case {
    name: &'static str,
    sent: Sent,
    mistake: fn(&mut Work),
    expected: &'static [Mistake],
}

fn case(name: &'static str, sent: Sent, mistake: fn(&mut Work), expected: &'static [Mistake]) -> Case {
    Case { name, sent, mistake, expected }
}

fn plain() -> Sent {
    Sent::default()
}

fn query(query: &str) -> Sent {
    Sent { query: Some(query.into()), ..plain() }
}

fn form(form: &str) -> Sent {
    Sent { method: "POST", form: Some(form.into()), ..plain() }
}

fn secrets(client: &str, token: &str) -> Sent {
    let Sent { client: (key, _), .. } = plain();
    Sent { client: (key, client.into()), token: Some(("nnch734d00sl2jdk".into(), token.into())), ..plain() }
}

fn two_legged() -> Sent {
    Sent { token: None, ..plain() }
}

fn without(work: &mut Work, is_one: impl Fn(&Pair) -> bool) {
    work.pairs.retain(|pair| !is_one(pair));
}

fn is(pair: &Pair, name: &str) -> bool {
    pair.name == name.as_bytes()
}

fn add(work: &mut Work, name: &str, value: &str) {
    work.pairs.push(Pair {
        name: name.into(),
        value: value.into(),
        is_of_protocol: true,
        is_of_query: false,
    });
}

fn each_value(work: &mut Work, change: impl Fn(&[u8]) -> Vec<u8>) {
    work.pairs.iter_mut().for_each(|pair| pair.value = change(&pair.value));
}

#[expect(clippy::too_many_lines, reason = "it is a table")]
fn cases() -> Vec<Case> {
    use Mistake as M;
    vec![
        // The method and the URI.
        case("lower-case method", plain(), |w| w.method = "get".into(), &[M::MethodCase]),
        case(
            "GET for HEAD",
            Sent { method: "HEAD", ..plain() },
            |w| w.method = "GET".into(),
            &[M::OtherMethod],
        ),
        case(
            "POST for PUT",
            Sent { method: "PUT", ..plain() },
            |w| w.method = "POST".into(),
            &[M::OtherMethod],
        ),
        case("http behind a proxy that ends TLS", plain(), |w| w.scheme = "http".into(), &[M::OtherScheme]),
        case(
            "https, where the policy has http",
            Sent { origin: "http://api.example.com", ..plain() },
            |w| w.scheme = "https".into(),
            &[M::OtherScheme],
        ),
        case("default port", plain(), |w| w.port = Some("443".into()), &[M::DefaultPortKept]),
        case(
            "port left out (dghubble)",
            Sent { origin: "http://api.example.com:8080", ..plain() },
            |w| w.port = None,
            &[M::PortLeftOut],
        ),
        case(
            "the host that a proxy forwards",
            Sent { headers: vec![("x-forwarded-host", "www.example.org")], ..plain() },
            |w| w.host = "www.example.org".into(),
            &[M::OtherHost],
        ),
        case(
            "an inner origin behind a proxy",
            Sent {
                origin: "http://localhost:8080",
                headers: vec![("x-forwarded-host", "api.example.com")],
                ..plain()
            },
            |w| (w.scheme, w.host, w.port) = ("https".into(), "api.example.com".into(), None),
            &[M::OtherScheme, M::OtherHost],
        ),
        case(
            "upper-case host",
            Sent { headers: vec![("host", "API.example.com")], ..plain() },
            |w| w.host = "API.example.com".into(),
            &[M::HostCase],
        ),
        case("empty path", Sent { path: "/".into(), ..plain() }, |w| w.path.clear(), &[M::EmptyPath]),
        case("trailing slash", plain(), |w| w.path.push(b'/'), &[M::TrailingSlash]),
        case(
            "decoded path (mrjones)",
            Sent { path: "/caf%C3%A9/a%20b".into(), ..plain() },
            |w| w.path = percent_decode(&w.path, false),
            &[M::PathDecoded],
        ),
        case(
            "path that is encoded twice",
            Sent { path: "/a%20b".into(), ..plain() },
            |w| w.path = b"/a%2520b".to_vec(),
            &[M::PathEncodedTwice],
        ),
        case(
            "path with a prefix of the proxy",
            plain(),
            |w| w.path = b"/api/1/items".to_vec(),
            &[M::PathPrefix],
        ),
        case(
            "path in the proxy's header",
            Sent { headers: vec![("x-original-uri", "/shop/rest/1/items?count=20&page=2")], ..plain() },
            |w| w.path = b"/shop/rest/1/items".to_vec(),
            &[M::PathPrefix],
        ),
        case(
            "query in the URI and among the parameters",
            plain(),
            |w| w.query_in_uri = Some("count=20&page=2".into()),
            &[M::QueryInUri],
        ),
        case(
            "query in the URI only",
            plain(),
            |w| {
                w.query_in_uri = Some("count=20&page=2".into());
                without(w, |pair| pair.is_of_query);
            },
            &[M::QueryInUri, M::QueryLeftOut],
        ),
        case("URI as it is", plain(), |w| w.uri = as_it_is, &[M::UriNotEncoded]),
        // The parameters.
        case("no query", plain(), |w| without(w, |pair| pair.is_of_query), &[M::QueryLeftOut]),
        case("no form", form("name=tea"), |w| without(w, |pair| is(pair, "name")), &[M::FormLeftOut]),
        case(
            "JSON as a form",
            Sent { method: "POST", body: Some("{\"a\":1}".into()), query: None, ..plain() },
            |w| {
                w.pairs.push(Pair {
                    name: b"{\"a\":1}".into(),
                    value: Vec::new(),
                    is_of_protocol: false,
                    is_of_query: false,
                });
            },
            &[M::BodyAsForm],
        ),
        case("no version", plain(), |w| without(w, |pair| is(pair, "oauth_version")), &[M::VersionLeftOut]),
        case(
            "a version that is not sent",
            Sent { has_version: false, ..plain() },
            |w| add(w, "oauth_version", "1.0"),
            &[M::VersionAdded],
        ),
        case("no token", plain(), |w| without(w, |pair| is(pair, "oauth_token")), &[M::TokenLeftOut]),
        case(
            "an empty token that is not sent",
            two_legged(),
            |w| add(w, "oauth_token", ""),
            &[M::EmptyTokenAdded],
        ),
        case(
            "the header's realm",
            Sent { realm: Some("photos"), ..plain() },
            |w| add(w, "realm", "photos"),
            &[M::RealmSigned],
        ),
        case(
            "realm in the query left out (Authlib)",
            query("realm=photos&a=1"),
            |w| without(w, |pair| is(pair, "realm")),
            &[M::RealmLeftOut],
        ),
        case(
            "one of each name (Net::OAuth)",
            query("a=1&b=2&a=3"),
            |w| without(w, |pair| pair.value == b"1" && is(pair, "a")),
            &[M::DuplicatesDropped],
        ),
        case(
            "indexes (node-oauth)",
            query("a=1&b=2&a=3"),
            |w| {
                w.pairs.iter_mut().filter(|pair| is(pair, "a")).enumerate().for_each(|(number, pair)| {
                    pair.name = format!("a[{number}]").into();
                });
            },
            &[M::DuplicatesRenamed],
        ),
        case(
            "values joined by commas (ECMAScript)",
            query("a=1&b=2&a=3"),
            |w| {
                without(w, |pair| pair.value == b"3");
                w.pairs.iter_mut().filter(|pair| is(pair, "a")).for_each(|pair| pair.value = b"1,3".into());
            },
            &[M::DuplicatesRenamed],
        ),
        case(
            "brackets as they are",
            query("ids[]=7&b=2"),
            |w| w.names = |text| escape(text, "-._~[]", "%20", false),
            &[M::BracketsRewritten],
        ),
        case(
            "no empty values",
            query("a=&b=1"),
            |w| without(w, |pair| is(pair, "a")),
            &[M::EmptyValuesDropped],
        ),
        case(
            "no names alone (simple_oauth)",
            query("a&b=1&c="),
            |w| without(w, |pair| is(pair, "a")),
            &[M::NamesAloneDropped],
        ),
        case("no = without a value", query("a=&b=1"), |w| w.drops_equals = true, &[M::EqualsDropped]),
        case(
            "value cut at = (oauth-1.0a)",
            query("a=b=c&d=1"),
            |w| w.pairs.iter_mut().filter(|pair| is(pair, "a")).for_each(|pair| pair.value = b"b".into()),
            &[M::ValueCutAtEquals],
        ),
        // Their encoding.
        case(
            "+ as a plus (oauth-1.0a)",
            query("q=a+b"),
            |w| {
                each_value(w, |value| {
                    value.iter().map(|&byte| if byte == b' ' { b'+' } else { byte }).collect()
                });
            },
            &[M::PlusKept],
        ),
        case(
            "space as + (quote_plus)",
            query("q=a%20b"),
            |w| {
                w.values = |text| escape(text, "-._~", "+", false);
            },
            &[M::SpaceAsPlus],
        ),
        case(
            "rawurlencode of PHP 5.2",
            query("q=~me"),
            |w| {
                w.values = |text| escape(text, "-._", "%20", false);
            },
            &[M::TildeEncoded],
        ),
        case(
            "encodeURIComponent",
            query("q=wow%21%20%28tea%29"),
            |w| {
                w.values = |text| escape(text, "-._~!*'()", "%20", false);
            },
            &[M::ReservedNotEncoded],
        ),
        case(
            "URLEncoder of Java",
            query("q=a%20b~c%2A"),
            |w| {
                w.values = |text| escape(text, "-._*", "+", false);
            },
            &[M::FormEncoding],
        ),
        case(
            "HttpUtility.UrlEncode",
            query("q=a%20b%C3%A9%21"),
            |w| {
                w.values = |text| escape(text, "-._!*()", "+", true);
            },
            &[M::FormEncoding],
        ),
        case(
            "quote of Python",
            query("q=a/b"),
            |w| {
                w.values = |text| escape(text, "-._~/", "%20", false);
                // Nothing else is escaped: the same as no encoding at all.
            },
            &[M::ValuesNotEncoded],
        ),
        case(
            "lower-case escapes",
            query("q=a%2Fb"),
            |w| {
                let lower: fn(&[u8]) -> Vec<u8> = |text| escape(text, "-._~", "%20", true);
                (w.names, w.values, w.uri, w.joined) = (lower, lower, lower, lower);
            },
            &[M::LowerCaseEscapes],
        ),
        case("values once", query("q=a%20b"), |w| w.values = as_it_is, &[M::ValuesNotEncoded]),
        case(
            "values thrice",
            query("q=a%20b"),
            |w| w.values = |text| rfc(&rfc(text)),
            &[M::ValuesEncodedTwice],
        ),
        case(
            "names as they are sent (oauth-1.0a)",
            query("a%5Bb%5D=1"),
            |w| {
                w.names = |text| rfc(&rfc(text));
            },
            &[M::NamesEncodedTwice],
        ),
        case(
            "protocol parameters once (Mastercard)",
            Sent { client: ("L5BsiPgaF-O3qA36znUATgQXwJB6!b812".into(), "s".into()), ..plain() },
            |w| w.protocol_values = as_it_is,
            &[M::ProtocolValuesNotEncoded],
        ),
        case("joined text as it is", plain(), |w| w.joined = as_it_is, &[M::ParametersNotEncoded]),
        case(
            "decoded twice (python-oauth2)",
            query("a=%2541"),
            |w| each_value(w, |value| percent_decode(value, false)),
            &[M::ValuesDecodedTwice],
        ),
        case(
            "UTF-8 twice (Net::OAuth)",
            query("q=%C3%A9"),
            |w| each_value(w, |value| value.iter().map(|&byte| char::from(byte)).collect::<String>().into()),
            &[M::Utf8EncodedTwice],
        ),
        case(
            "Latin-1",
            query("q=caf%C3%A9"),
            |w| {
                each_value(w, |value| {
                    String::from_utf8(value.to_vec())
                        .unwrap()
                        .chars()
                        .map(|c| u8::try_from(u32::from(c)).unwrap())
                        .collect()
                });
            },
            &[M::Latin1],
        ),
        case(
            "LF for CRLF",
            form("text=a%0D%0Ab"),
            |w| each_value(w, |value| value.iter().copied().filter(|&byte| byte != b'\r').collect()),
            &[M::LineBreaks],
        ),
        // Their order.
        case("joined sort (Net::OAuth)", query("a=1&a-=1&a1=1"), |w| w.sort = Sort::Joined, &[M::JoinedSort]),
        case(
            "unencoded sort (Ruby)",
            query("a%C3%A9=1&a~=1"),
            |w| w.sort = Sort::Unencoded,
            &[M::UnencodedSort],
        ),
        case("no sort", query("z=1&a=2"), |w| w.sort = Sort::None, &[M::NotSorted]),
        // The key.
        case("no token secret", plain(), |w| w.secrets.1.clear(), &[M::TokenSecretMissing]),
        case("secrets as they are", secrets("a+b/c=", "d e"), |w| w.key = as_it_is, &[M::SecretsNotEncoded]),
        case("no & behind the secret", two_legged(), |w| w.ampersand = "", &[M::AmpersandMissing]),
        case(
            "secrets swapped",
            plain(),
            |w| std::mem::swap(&mut w.secrets.0, &mut w.secrets.1),
            &[M::SecretsSwapped],
        ),
        case("a line break from a file", plain(), |w| w.secrets.0.push(b'\n'), &[M::SecretWhiteSpace]),
        case(
            "base64-decoded secret",
            secrets("c2VjcmV0IGJ5dGVz", "t"),
            |w| w.secrets.0 = b"secret bytes".into(),
            &[M::SecretDecoded],
        ),
        case(
            "hex-decoded secret",
            secrets("00ff10", "t"),
            |w| w.secrets.0 = vec![0, 0xFF, 0x10],
            &[M::SecretDecoded],
        ),
        case(
            "a token secret that was not decoded",
            secrets("c", "a/b="),
            |w| w.secrets.1 = b"a%2Fb%3D".into(),
            &[M::SecretEncoded],
        ),
        case(
            "the client secret twice",
            plain(),
            |w| w.secrets.1 = w.secrets.0.clone(),
            &[M::ClientSecretTwice],
        ),
        // The signature as it is sent.
        case(
            "SHA-1 for SHA-256",
            Sent { signature_method: "HMAC-SHA256", ..plain() },
            |w| w.hash = "1",
            &[M::OtherHash],
        ),
        case("SHA-256 for SHA-1", plain(), |w| w.hash = "256", &[M::OtherHash]),
        case("hexadecimal", plain(), |w| w.written = hex, &[M::SignatureInHex]),
        case(
            "hexadecimal in base64",
            plain(),
            |w| w.written = |bytes| STANDARD.encode(hex(&bytes)),
            &[M::SignatureInHex],
        ),
        case(
            "encoded twice",
            plain(),
            |w| w.written = |bytes| String::from_utf8(rfc(STANDARD.encode(bytes).as_bytes())).unwrap(),
            &[M::SignatureEncodedTwice],
        ),
        case(
            "no padding",
            plain(),
            |w| w.written = |bytes| STANDARD.encode(bytes).trim_end_matches('=').into(),
            &[M::SignaturePadding],
        ),
        case(
            "a line break of openssl",
            plain(),
            |w| w.written = |bytes| STANDARD.encode(bytes) + "\n",
            &[M::SignatureWhiteSpace],
        ),
        // Two mistakes.
        case(
            "no version and http",
            plain(),
            |w| {
                without(w, |pair| is(pair, "oauth_version"));
                w.scheme = "http".into();
            },
            &[M::OtherScheme, M::VersionLeftOut],
        ),
        case(
            "no query and no token secret",
            plain(),
            |w| {
                without(w, |pair| pair.is_of_query);
                w.secrets.1.clear();
            },
            &[M::QueryLeftOut, M::TokenSecretMissing],
        ),
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

#[test]
fn names_each_mistake_of_the_table() {
    let mut failures = Vec::new();
    let cases = cases();
    for Case { name, sent, mistake, expected } in &cases {
        let mut work = sent.work();
        mistake(&mut work);
        let diagnosis = sent.diagnose(&work.signature());
        let found = diagnosis.finding().map(|finding| finding.mistakes().to_vec()).unwrap_or_default();
        let base_string = String::from_utf8_lossy(&work.base_string()).into_owned();
        if found != *expected {
            failures.push(format!("{name}: {found:?} instead of {expected:?}\n{diagnosis}\n{base_string}\n"));
        } else if diagnosis.finding().unwrap().base_string() != base_string
            && !expected.contains(&Mistake::BodyAsForm)
        {
            failures.push(format!("{name}: another base string\n{diagnosis}\n{base_string}\n"));
        }
    }
    assert!(cases.len() >= 40, "{}", cases.len());
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

/// Only if the bytes of a signature have a `-` or `_` in this form can it be told from others.
#[test]
fn names_base64_for_urls() {
    let mut named = 0;
    for count in 0..20 {
        let sent = query(&format!("count={count}"));
        let mut work = sent.work();
        for (written, mistakes) in [
            (
                (|bytes| URL_SAFE.encode(bytes)) as fn(Vec<u8>) -> String,
                [Mistake::SignatureBase64Url].as_slice(),
            ),
            (
                (|bytes| URL_SAFE_NO_PAD.encode(bytes)) as fn(Vec<u8>) -> String,
                &[Mistake::SignatureBase64Url],
            ),
        ] {
            work.written = written;
            let signature = work.signature();
            let diagnosis = sent.diagnose(&signature);
            if signature.contains(['-', '_']) {
                assert_eq!(diagnosis.finding().unwrap().mistakes(), mistakes);
                named += 1;
            }
        }
    }
    assert!(named > 10, "{named}");
}

#[test]
fn a_right_signature_is_told_to_be_right() {
    for sent in [plain(), two_legged(), form("a=1&b=%20"), query("a=1&a=1&b&c=%C3%A9&%5B=+")] {
        let diagnosis = sent.diagnose(&sent.work().signature());
        assert_eq!(diagnosis.outcome(), DiagnosisOutcome::Right, "{diagnosis}");
        assert!(diagnosis.finding().is_none());
        assert_eq!(diagnosis.candidates(), 1);
    }
}

#[test]
fn names_the_mistake_in_a_body_hash() {
    use sha1::Digest;

    let sent = |hash: &str| Sent {
        method: "POST",
        body: Some("{\"a\":\r\n1}".into()),
        others: vec![("oauth_body_hash", hash.to_owned())],
        signature_method: "HMAC-SHA256",
        ..plain()
    };
    let (sha1, sha256) = (
        |body: &str| STANDARD.encode(sha1::Sha1::digest(body)),
        |body: &str| STANDARD.encode(sha2::Sha256::digest(body)),
    );
    for (hash, expected) in [
        (sha1("{\"a\":\r\n1}"), Mistake::BodyHashOfOtherHash),
        (sha256(""), Mistake::BodyHashOfEmptyBody),
        (sha256("{\"a\":\n1}"), Mistake::BodyHashOfOtherLineBreaks),
        (hex(&sha2::Sha256::digest("{\"a\":\r\n1}")), Mistake::BodyHashEncoding),
    ] {
        let sent = sent(&hash);
        let diagnosis = sent.diagnose(&sent.work().signature());
        assert_eq!(diagnosis.finding().unwrap().mistakes(), [expected], "{diagnosis}");
    }
    let sent = sent(&sha256("another body"));
    assert_eq!(sent.diagnose(&sent.work().signature()).outcome(), DiagnosisOutcome::OtherBody);
}
