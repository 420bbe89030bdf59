//! Bad and odd input, case by case: what is refused, with which error, and what is signed all the same.
//!
//! The numbers are those of the project's list of bad input (1–80: requests; 109–130: what a signer is
//! made of). The rule behind the answers: where the specification is silent a signer is total, since a
//! signature for odd input is worth more than a refusal; it refuses what a client would rewrite before
//! sending, because then the signature could not match.
#![allow(clippy::unwrap_used, clippy::too_many_lines, reason = "a table of cases, in a test")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
#[cfg(feature = "rsa")]
use oauth1_signer::signature::{KeyError, RsaPrivateKey};
use oauth1_signer::{
    BodyHashPolicy, BuildError, ClientCredentials, RequestRef, SignError, SignatureMethod, Signer,
    SignerBuilder, Stamp, StampError, TokenCredentials,
    explain::{Explanation, Hint},
    request::{IntoRequestRef, MAX_URL_LEN, ParameterSource, RequestError, UrlError},
    signature::{Signature, SignatureError},
    signature_base_string,
};

const FORM: &str = "application/x-www-form-urlencoded";

/// None of these may ever turn up in the text of an error.
const SECRETS: [&str; 3] = ["client-s3cr3t", "token-s3cr3t", "hunter2"];

type BoxError = Box<dyn Error + Send + Sync>;
type Outcome = Result<Told, BoxError>;

/// One case: its number, what it is, what goes in, and what comes out.
struct Row(u16, &'static str, Input, Answer);

enum Input {
    /// The text of a URL: `RequestRef::new("GET", text)`.
    Url(&'static str),
    /// The same URL as a `url::Url`, which rewrites it as a browser would.
    #[cfg(feature = "url")]
    Adapter(&'static str),
    /// A method, with `http://h/`.
    Method(&'static str),
    /// A query, behind `http://h/?`.
    Query(&'static str),
    /// A Content-Type and a body, as an `http::Request<String>`.
    Body(Option<&'static str>, &'static str),
    /// Anything else.
    Run(fn() -> Outcome),
    /// Nothing to run in a library that signs; why, the answer says.
    Nothing,
}

enum Told {
    Signed(Explanation),
    Text(String),
}

enum Answer {
    /// The base string URI.
    Uri(&'static str),
    /// The method's part of the base string.
    Method(&'static str),
    /// The request's own normalized parameters, encoded once.
    Parameters(&'static str),
    /// Base string URI and normalized parameters.
    Both(&'static str, &'static str),
    /// A text: what it is of, the case says.
    Text(&'static str),
    /// An error, with its exact data.
    Refused(RejectionReason),
    /// For the side that verifies requests, which this crate does not have.
    Verifying(&'static str),
    /// There is no way to write it.
    Impossible(&'static str),
}

use Answer::{Both, Impossible, Parameters, Refused, Text, Uri, Verifying};
use Input::{Body, Method, Nothing, Query, Run, Url};

/// An error, in a form that compares.
#[derive(Debug, PartialEq)]
enum RejectionReason {
    Url(UrlError),
    Request(RequestError),
    Reserved(&'static str, ParameterSource),
    Build(BuildError),
    /// By its variant: some carry a source, which does not compare.
    Stamp(&'static str),
    #[cfg(feature = "rsa")]
    Key(KeyError),
    Signature(&'static str),
}

fn rows() -> Vec<Row> {
    use UrlError as U;
    let url = |error| Refused(RejectionReason::Url(error));
    let request = |error| Refused(RejectionReason::Request(error));
    let build = |error| Refused(RejectionReason::Build(error));
    let stamp = |variant| Refused(RejectionReason::Stamp(variant));
    let reserved = |name, source| Refused(RejectionReason::Reserved(name, source));
    Vec::from([
        // URL
        Row(1, "no URL at all", Url(""), url(U::Empty)),
        Row(2, "a path", Url("/p"), url(U::MissingScheme)),
        Row(3, "relative to the scheme", Url("//h/"), url(U::MissingScheme)),
        Row(4, "another scheme", Url("ftp://h/"), url(U::UnsupportedScheme("ftp".into()))),
        Row(5, "a file", Url("file:///x"), url(U::UnsupportedScheme("file".into()))),
        Row(6, "no // behind the scheme", Url("http:x"), url(U::MissingAuthority)),
        #[cfg(feature = "url")]
        Row(6, "… which the url crate makes a host", Input::Adapter("http:x"), Uri("http://x/")),
        Row(7, "an empty host", Url("http:///x"), url(U::EmptyHost)),
        Row(
            8,
            "RFC 5849 §3.4.1.2, first example",
            Url("http://EXAMPLE.COM:80/r%20v/X?id=123"),
            Both("http://example.com/r%20v/X", "id=123"),
        ),
        Row(
            9,
            "RFC 5849 §3.4.1.2, second example",
            Url("https://www.example.net:8080/?q=1"),
            Both("https://www.example.net:8080/", "q=1"),
        ),
        Row(10, "the default port", Url("https://h:443/"), Uri("https://h/")),
        Row(11, "the other scheme's default port", Url("http://h:443/"), Uri("http://h:443/")),
        Row(12, "an empty path", Url("http://h"), Both("http://h/", "")),
        Row(13, "an empty path and a query", Url("http://h?x=1"), Both("http://h/", "x=1")),
        Row(14, "a query in the fragment is none", Url("http://h/#f?x=1"), Both("http://h/", "")),
        Row(15, "a colon without a port", Url("http://h:/"), Uri("http://h/")),
        // The disputed vector p-port-zeros keeps `:0080`, as its reference compares text. RFC 3986
        // §6.2.3 compares ports as numbers, and every client connects to 80 and sends no port in Host.
        Row(16, "the default port with zeros", Url("http://h:0080/"), Uri("http://h/")),
        Row(17, "a port beyond 65535", Url("http://h:99999/"), url(U::InvalidPort)),
        Row(17, "a negative port", Url("http://h:-1/"), url(U::InvalidPort)),
        Row(17, "a port with a letter", Url("http://h:8a/"), url(U::InvalidPort)),
        Row(18, "IPv6", Url("http://[::1]:80/"), Uri("http://[::1]/")),
        Row(19, "IPv6 without its bracket", Url("http://[::1"), url(U::InvalidHost)),
        Row(20, "an IPv6 zone identifier", Url("http://[fe80::1%25eth0]/"), url(U::InvalidHost)),
        // Whether a client makes a second Authorization header of it, only an adapter can know.
        Row(21, "userinfo is left out", Url("http://u:hunter2@h/"), Uri("http://h/")),
        Row(
            22,
            "a backslash, behind which parsers see different hosts",
            Url("http://h\\@evil/"),
            url(U::InvalidChar { character: '\\', offset: 8 }),
        ),
        Row(23, "a tab", Url("http://h/a\tb"), url(U::ControlChar { offset: 10 })),
        Row(23, "a line feed", Url("http://h\n/"), url(U::ControlChar { offset: 8 })),
        Row(23, "a carriage return", Url("http://h/?a\r"), url(U::ControlChar { offset: 11 })),
        Row(24, "NUL", Url("http://h/\0"), url(U::ControlChar { offset: 9 })),
        Row(25, "a space in the path", Url("http://h/a b"), url(U::UnencodedSpace { offset: 10 })),
        #[cfg(feature = "url")]
        Row(25, "… as a url::Url", Input::Adapter("http://h/a b"), Uri("http://h/a%20b")),
        Row(26, "a letter beyond ASCII in the path", Url("http://h/é"), url(U::NonAscii { offset: 9 })),
        #[cfg(feature = "url")]
        Row(26, "… as a url::Url", Input::Adapter("http://h/é"), Uri("http://h/%C3%A9")),
        Row(27, "a letter beyond ASCII in the host", Url("http://é.com/"), url(U::NonAsciiHost)),
        #[cfg(feature = "url")]
        Row(27, "… as a url::Url", Input::Adapter("http://é.com/"), Uri("http://xn--9ca.com/")),
        // The disputed vector p-host-escape has an answer of its own from each library.
        Row(28, "an escape in the host", Url("http://ex%61mple.com/"), url(U::PercentInHost)),
        Row(29, "dot segments are kept", Url("http://h/a/../b"), Uri("http://h/a/../b")),
        #[cfg(feature = "url")]
        Row(29, "… but a url::Url sends none", Input::Adapter("http://h/a/../b"), Uri("http://h/b")),
        Row(30, "an escape in lower case", Url("http://h/%7e"), Uri("http://h/%7e")),
        Row(30, "an escape in upper case", Url("http://h/%7E"), Uri("http://h/%7E")),
        Row(30, "no escape where none is needed", Url("http://h/~"), Uri("http://h/~")),
        Row(31, "no escape behind %", Url("http://h/%zz"), Uri("http://h/%zz")),
        Row(31, "strict mode", Nothing, Verifying("a signer has no strict mode: those bytes are sent")),
        Row(32, "path parameters", Url("http://h/a;b=c"), Both("http://h/a;b=c", "")),
        Row(33, "a host with its root dot", Url("http://h./"), Uri("http://h./")),
        Row(
            34,
            "a URL over the limit",
            Run(|| told(RequestRef::new("GET", &format!("http://h/{}", "a".repeat(MAX_URL_LEN - 8)))?)),
            url(U::TooLong { len: MAX_URL_LEN + 1 }),
        ),
        Row(
            34,
            "a URL at the limit",
            Run(|| {
                let url = format!("http://h/{}", "a".repeat(MAX_URL_LEN - 9));
                let base_string = signature_base_string(&RequestRef::new("GET", &url)?)?;
                Ok(Told::Text(base_string.matches('a').count().to_string()))
            }),
            Text("65525"),
        ),
        Row(35, "scheme and host in upper case", Url("HTTP://H/"), Uri("http://h/")),
        // Method
        Row(36, "lower case", Method("get"), Answer::Method("GET")),
        Row(37, "no method", Method(""), request(RequestError::EmptyMethod)),
        Row(38, "a space", Method("GE T"), request(RequestError::InvalidMethod { offset: 2 })),
        Row(38, "a line break", Method("GET\r\n"), request(RequestError::InvalidMethod { offset: 3 })),
        Row(39, "marks that a token may have", Method("x~y!"), Answer::Method("X~Y%21")),
        // Query
        Row(40, "an empty query", Query(""), Parameters("")),
        Row(41, "a name alone", Query("a"), Parameters("a=")),
        Row(42, "an empty value", Query("a="), Parameters("a=")),
        Row(43, "an empty name", Query("=1"), Parameters("=1")),
        Row(44, "a second =", Query("a=b=c"), Parameters("a=b%3Dc")),
        Row(45, "an empty pair", Query("a=1&&b"), Parameters("a=1&b=")),
        Row(46, "a plus is a space", Query("a=+"), Parameters("a=%20")),
        Row(47, "an escaped plus is one", Query("a=%2B"), Parameters("a=%2B")),
        Row(48, "a semicolon separates nothing", Query("a=1;b=2"), Parameters("a=1%3Bb%3D2")),
        Row(49, "a stray % stands for itself", Query("a=%zz"), Parameters("a=%25zz")),
        Row(49, "… while verifying", Nothing, Verifying("InvalidPercent, with the offset")),
        Row(50, "a stray % at the end", Query("a=%"), Parameters("a=%25")),
        Row(50, "… while verifying", Nothing, Verifying("InvalidPercent, with the offset")),
        Row(51, "no UTF-8", Query("a=%E9"), Parameters("a=%E9")),
        Row(51, "… which differs from other bytes that are none", Query("a=%E8"), Parameters("a=%E8")),
        Row(52, "NUL, escaped", Query("a=%00"), Parameters("a=%00")),
        Row(53, "a name three times", Query("a=2&a=10&a=1"), Parameters("a=1&a=10&a=2")),
        Row(54, "sorted as encoded", Query("c2=&c%40="), Parameters("c%40=&c2=")),
        Row(55, "sorted by name first", Query("a1=x&a=y"), Parameters("a=y&a1=x")),
        Row(56, "a name that goes on with an escape", Query("a!=1&a=1"), Parameters("a=1&a%21=1")),
        Row(57, "UTF-8, escaped", Query("%E5%90%8D=%C3%A9"), Parameters("%E5%90%8D=%C3%A9")),
        Row(58, "marks that forms leave", Query("*=!*'()"), Parameters("%2A=%21%2A%27%28%29")),
        Row(
            59,
            "a parameter that the signer sends",
            Query("oauth_token=x"),
            reserved("oauth_token", ParameterSource::Query),
        ),
        Row(
            60,
            "names are compared decoded",
            Query("%6Fauth_token=x"),
            reserved("oauth_token", ParameterSource::Query),
        ),
        Row(61, "names have a case", Query("OAUTH_TOKEN=x"), Parameters("OAUTH_TOKEN=x")),
        Row(62, "only the header's realm is left out", Query("realm=x"), Parameters("realm=x")),
        Row(63, "1,001 pairs", Nothing, Verifying("TooManyParameters")),
        Row(63, "… are signed", Run(thousand_and_one_pairs), Text("1001 pairs")),
        Row(64, "RFC 5849 §3.4.1.3.1", Query("b5=%3D%253D"), Parameters("b5=%3D%253D")),
        // Body
        Row(65, "a form", Body(Some(FORM), "a=1"), Parameters("a=1")),
        // The disputed vectors p-form-charset and p-form-type-case read "set to" as "equal to"; servers
        // parse the media type, so that form would go unsigned.
        Row(
            66,
            "a form in another case, with a charset",
            Body(Some("Application/X-WWW-Form-URLEncoded; charset=UTF-8"), "a=1"),
            Parameters("a=1"),
        ),
        Row(
            67,
            "another type that mentions forms",
            Body(Some("text/plain; x=application/x-www-form-urlencoded"), "a=1"),
            Parameters(""),
        ),
        Row(68, "no Content-Type", Body(None, "a=1"), Parameters("")),
        Row(
            69,
            "two Content-Types",
            Run(|| {
                let request = http::Request::post("http://h/").header(CONTENT_TYPE, FORM);
                told(&request.header(CONTENT_TYPE, "text/plain").body("a=1")?)
            }),
            request(RequestError::AmbiguousContentType),
        ),
        Row(70, "RFC 5849 §3.4.1.3.1, the form", Body(Some(FORM), "c2&a3=2+q"), Parameters("a3=2%20q&c2=")),
        Row(71, "a stray % stands for itself", Body(Some(FORM), "a=%zz"), Parameters("a=%25zz")),
        Row(71, "… while verifying", Nothing, Verifying("InvalidPercent, of the body, with the offset")),
        Row(72, "no UTF-8", Body(Some(FORM), "a=%E9"), Parameters("a=%E9")),
        Row(
            73,
            "a form that cannot be seen",
            Run(|| {
                struct Stream;
                told(&http::Request::post("http://h/").header(CONTENT_TYPE, FORM).body(Stream)?)
            }),
            request(RequestError::UnbufferedFormBody),
        ),
        Row(
            73,
            "… and the text of the error has the remedy",
            Run(|| {
                Ok(Told::Text(RequestError::UnbufferedFormBody.to_string().split(": ").skip(1).collect()))
            }),
            Text(
                "sign a request whose body is in memory (String, Vec<u8>, Bytes, …), or hand the bytes over \
                 with RequestRef::body",
            ),
        ),
        Row(74, "multipart", Body(Some("multipart/form-data; boundary=b"), "--b--"), Parameters("")),
        Row(
            75,
            "a form with GET",
            Run(|| told(&http::Request::get("http://h/").header(CONTENT_TYPE, FORM).body("a=1")?)),
            Parameters("a=1"),
        ),
        Row(
            76,
            "a compressed form",
            Run(|| {
                let request = http::Request::post("http://h/").header(CONTENT_TYPE, FORM);
                told(&request.header(CONTENT_ENCODING, "gzip").body("a=1")?)
            }),
            request(RequestError::EncodedFormBody),
        ),
        Row(
            77,
            "a form with a parameter that the signer sends",
            Body(Some(FORM), "oauth_nonce=x"),
            reserved("oauth_nonce", ParameterSource::Form),
        ),
        Row(
            78,
            "the body hash of an empty JSON body",
            Run(|| {
                let signer = builder().body_hash(BodyHashPolicy::NotForms).build()?;
                let request =
                    http::Request::post("http://h/").header(CONTENT_TYPE, "application/json").body("")?;
                Ok(Told::Text(value_of(&signer, &request, "oauth_body_hash")?))
            }),
            Text("2jmj7l5rSw0yVb/vlWAYkK/YBwk="),
        ),
        Row(
            78,
            "… of a body that is not shown",
            Run(|| {
                let signer = builder().body_hash(BodyHashPolicy::NotForms).build()?;
                let (head, ()) = http::Request::post("http://h/").body(())?.into_parts();
                Ok(Told::Text(signer.sign(&head)?.signature()))
            }),
            Refused(RejectionReason::Request(RequestError::UnseenBody)),
        ),
        Row(79, "a body over the limit", Nothing, Verifying("BodyTooLarge")),
        Row(
            80,
            "a body changed after signing",
            Nothing,
            Impossible(
                "Signer::authorize takes the request by value and gives it back signed: there is no request \
                 to change in between (`authorize_gives_back_what_it_signed` below)",
            ),
        ),
        // What is written into the header
        Row(
            109,
            "a realm with \" and \\",
            Run(|| {
                let signer = builder().realm("a\"b\\c").build()?;
                let header = signer.sign(RequestRef::new("GET", "http://h/")?)?.to_header();
                Ok(Told::Text(header.to_str()?.split(", ").next().unwrap_or_default().into()))
            }),
            Text(r#"OAuth realm="a\"b\\c""#),
        ),
        Row(
            110,
            "a realm with a line break",
            Run(|| built(builder().realm("a\r\nX: y"))),
            build(BuildError::InvalidRealm { offset: 1 }),
        ),
        Row(
            110,
            "a realm beyond ASCII",
            Run(|| built(builder().realm("é"))),
            build(BuildError::InvalidRealm { offset: 0 }),
        ),
        Row(
            111,
            "a signature's + / =",
            Run(|| {
                let signer = builder().build()?;
                let signed = signer.prepare(RequestRef::new("GET", "http://h/")?)?;
                let header = signed.finish(Signature::Bytes(vec![0xFB, 0xEF, 0xFF, 0xFF])).to_header();
                Ok(Told::Text(header.to_str()?.rsplit(", ").next().unwrap_or_default().into()))
            }),
            Text(r#"oauth_signature="%2B%2B%2F%2F%2Fw%3D%3D""#),
        ),
        // Credentials
        Row(
            112,
            "an empty consumer key",
            Run(|| built(Signer::builder(ClientCredentials::new("", "client-s3cr3t")))),
            build(BuildError::EmptyConsumerKey),
        ),
        Row(113, "both secrets empty", Run(|| key_of("", "")), Text("&")),
        Row(
            113,
            "… without permission",
            Run(|| built(Signer::builder(ClientCredentials::new("ck", "")))),
            Refused(RejectionReason::Build(BuildError::EmptySecret("client secret"))),
        ),
        Row(
            113,
            "an empty token secret",
            Run(|| built(builder().token(TokenCredentials::new("tk", "")))),
            Refused(RejectionReason::Build(BuildError::EmptySecret("token secret"))),
        ),
        Row(
            113,
            "an empty token with a secret",
            Run(|| built(builder().token(TokenCredentials::new("", "ts")))),
            Refused(RejectionReason::Build(BuildError::EmptyToken)),
        ),
        Row(
            113,
            "an SSH key as the secret",
            Run(|| built(Signer::builder(ClientCredentials::new("ck", "ssh-rsa AAAAB3NzaC1yc2E= me@host")))),
            Refused(RejectionReason::Build(BuildError::KeyAsSecret("client secret"))),
        ),
        Row(114, "a & in a secret", Run(|| key_of("a&b", "")), Text("a%26b&")),
        Row(115, "secrets to be encoded", Run(|| key_of("ü", "%")), Text("%C3%BC&%25")),
        Row(
            116,
            "an empty token is left out",
            Run(|| token_in_header(builder().token(empty_token()))),
            Text(""),
        ),
        Row(
            116,
            "… or sent on request",
            Run(|| token_in_header(builder().token(empty_token()).send_empty_token(true))),
            Text(r#"oauth_token="""#),
        ),
        Row(
            117,
            "a secret with its file's line break",
            Run(|| key_of("client-s3cr3t\n", "")),
            Text("client-s3cr3t%0A&"),
        ),
        Row(
            117,
            "… which the explanation points out",
            Run(|| {
                let client = ClientCredentials::new("ck", "client-s3cr3t\n");
                let signer = Signer::builder(client).build()?;
                let (_, explanation) = signer.explain(RequestRef::new("GET", "http://h/")?)?;
                assert_eq!(explanation.hints(), [Hint::WhiteSpaceAroundSecret("client secret")]);
                assert!(!format!("{explanation}{explanation:?}").contains("client-s3cr3t"));
                Ok(Told::Text(explanation.hints()[0].to_string()))
            }),
            Text("the client secret starts or ends with white space; if it was read from a file, trim it"),
        ),
        Row(118, "blanks around a secret", Run(|| key_of(" s ", " t")), Text("%20s%20&%20t")),
        Row(119, "control characters in secrets", Run(|| key_of("\0", "\x7F\n")), Text("%00&%7F%0A")),
        Row(
            119,
            "… in consumer key and token",
            Run(|| {
                let token = TokenCredentials::new("t\r\nX: y", "");
                let signer = Signer::builder(ClientCredentials::new("c\0k", "cs"))
                    .token(token)
                    .allow_empty_secret(true)
                    .build()?;
                let header = signer.sign(RequestRef::new("GET", "http://h/")?)?.to_header();
                let fixed: Vec<_> = header.to_str()?.split(", ").take(2).collect();
                Ok(Told::Text(fixed.join(" ")))
            }),
            Text(r#"OAuth oauth_consumer_key="c%00k" oauth_token="t%0D%0AX%3A%20y""#),
        ),
        Row(119, "… in a nonce", Run(|| stamped(Stamp::new(1, "n\0"))), stamp("InvalidNonce")),
        Row(
            120,
            "1 MiB of key, token, secrets and form",
            Run(|| {
                let long = "&".repeat(1 << 20);
                let token = TokenCredentials::new(&*long, &*long);
                let signer = Signer::builder(ClientCredentials::new(&*long, &*long)).token(token).build()?;
                let form = "a&b=".repeat(1 << 18);
                let request = RequestRef::new("POST", "http://h/")?.content_type(FORM).body(form.as_bytes());
                Ok(Told::Text(signer.sign(request)?.signature().len().to_string()))
            }),
            Text("28"),
        ),
        Row(
            121,
            "PEM as the client secret",
            Run(|| {
                built(Signer::builder(ClientCredentials::new("ck", "\n-----BEGIN PUBLIC KEY-----\nhunter2")))
            }),
            build(BuildError::KeyAsSecret("client secret")),
        ),
        Row(
            121,
            "PEM as the token secret",
            Run(|| {
                built(
                    builder().token(TokenCredentials::new("tk", "-----BEGIN RSA PRIVATE KEY-----\nhunter2")),
                )
            }),
            build(BuildError::KeyAsSecret("token secret")),
        ),
        Row(
            122,
            "an RSA method without a key",
            Nothing,
            Impossible(
                "SignatureMethod::rsa_sha1 and its neighbours take an RsaPrivateKey, which only a key file makes",
            ),
        ),
        Row(
            122,
            "… and a method whose key lives elsewhere does not sign here",
            Run(|| {
                let signer = builder().method(SignatureMethod::external("RSA-SHA1")).build()?;
                Ok(Told::Text(signer.sign(RequestRef::new("GET", "http://h/")?)?.signature()))
            }),
            Refused(RejectionReason::Signature("ExternalKey")),
        ),
        #[cfg(feature = "rsa")]
        Row(
            123,
            "RSA with 1024 bits",
            Run(|| read_key(include_str!("../keys/rsa-1024.pkcs8.pem"))),
            Refused(RejectionReason::Key(KeyError::WeakKey { bits: 1024, minimum: 2048 })),
        ),
        #[cfg(feature = "rsa")]
        Row(
            124,
            "a public key",
            Run(|| read_key("-----BEGIN PUBLIC KEY-----\nhunter2\n-----END PUBLIC KEY-----\n")),
            Refused(RejectionReason::Key(KeyError::PublicKey)),
        ),
        #[cfg(feature = "rsa")]
        Row(
            125,
            "a PEM without a key in it",
            Run(|| read_key("-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n")),
            Refused(RejectionReason::Key(KeyError::InvalidPem)),
        ),
        #[cfg(feature = "rsa")]
        Row(125, "no PEM", Run(|| read_key("hunter2")), Refused(RejectionReason::Key(KeyError::InvalidPem))),
        Row(
            126,
            "Debug of a signer (tests/redaction.rs has the rest)",
            Run(|| Ok(Told::Text(format!("{:?}", ClientCredentials::new("ck", "client-s3cr3t"))))),
            Text("ClientCredentials { key: \"ck\", secret: [redacted] }"),
        ),
        Row(127, "an empty nonce", Run(|| stamped(Stamp::new(1, ""))), stamp("InvalidNonce")),
        Row(
            127,
            "a nonce with a line break",
            Run(|| stamped(Stamp::verbatim("1", "a\r\nb"))),
            stamp("InvalidNonce"),
        ),
        Row(128, "timestamp 0", Run(|| stamped(Stamp::new(0, "n"))), stamp("InvalidTimestamp")),
        Row(128, "timestamp 0, random nonce", Run(|| stamped(Stamp::at(0))), stamp("InvalidTimestamp")),
        Row(128, "an empty timestamp", Run(|| stamped(Stamp::verbatim("", "n"))), stamp("InvalidTimestamp")),
        Row(
            128,
            "a timestamp with a NUL",
            Run(|| stamped(Stamp::verbatim("1\0", "n"))),
            stamp("InvalidTimestamp"),
        ),
        Row(
            129,
            "a clock before 1970",
            Run(|| signed_by(builder().clock(|| Ok(1_000)).clock_offset(-1_001))),
            stamp("ClockBeforeEpoch"),
        ),
        Row(129, "a clock at 1970", Run(|| signed_by(builder().clock(|| Ok(0)))), stamp("ClockBeforeEpoch")),
        Row(
            130,
            "no random bytes",
            Run(|| signed_by(builder().random(|| Err("no entropy".into())))),
            stamp("Rng"),
        ),
    ])
}

#[test]
fn each_case_has_its_answer() {
    let mut run = Vec::new();
    for Row(number, what, input, answer) in rows() {
        let name = format!("case {number} ({what})");
        run.push(number);
        if matches!(input, Nothing) {
            assert!(matches!(answer, Verifying(why) | Impossible(why) if !why.is_empty()), "{name}");
            continue;
        }
        match (ask(&input), answer) {
            (Ok(Told::Signed(explanation)), answer) => check_signed(&name, &explanation, &answer),
            (Ok(Told::Text(text)), Text(expected)) => assert_eq!(text, expected, "{name}"),
            (Ok(Told::Text(text)), _) => panic!("{name}: {text:?}"),
            (Err(error), Refused(expected)) => {
                assert_eq!(refusal(&*error), expected, "{name}");
                check_text(&name, &*error);
            }
            (Err(error), _) => panic!("{name}: {error}"),
        }
    }
    assert!(run.is_sorted(), "the rows stand in the order of their numbers");
    let expected = (1..=80).chain(109..=130);
    // These three are about RSA keys.
    let expected = expected.filter(|number| cfg!(feature = "rsa") || !(123..=125).contains(number));
    assert_eq!(run.into_iter().collect::<BTreeSet<_>>(), expected.collect());
}

fn check_signed(name: &str, explanation: &Explanation, answer: &Answer) {
    let own = own_parameters(explanation);
    match answer {
        Uri(uri) => assert_eq!(explanation.base_uri(), *uri, "{name}"),
        Parameters(parameters) => assert_eq!(own, *parameters, "{name}"),
        Both(uri, parameters) => {
            assert_eq!((&*explanation.base_uri(), &*own), (*uri, *parameters), "{name}");
        }
        Answer::Method(method) => {
            assert_eq!(explanation.base_string().split('&').next(), Some(*method), "{name}");
        }
        _ => panic!("{name} was signed: {explanation}"),
    }
    assert!(!SECRETS.iter().any(|secret| format!("{explanation}{explanation:?}").contains(secret)), "{name}");
}

/// All of what an error's text must be: short, about a field, and silent about what it was given.
fn check_text(name: &str, error: &(dyn Error + 'static)) {
    let text = error.to_string();
    let fields = [
        "URL",
        "method",
        "Content-Type",
        "body",
        "parameter",
        "realm",
        "consumer key",
        "client secret",
        "token",
        "private key",
        "RSA key",
        "nonce",
        "timestamp",
        "clock",
    ];
    assert!(fields.iter().any(|field| text.contains(field)), "{name}: no field in {text:?}");
    // A name that is written in capitals may stand first.
    let first = text.split(' ').next().unwrap_or_default();
    let is_name = first.bytes().all(|byte| byte.is_ascii_uppercase());
    assert!(text.starts_with(|c: char| c.is_ascii_lowercase()) || is_name, "{name}: {text:?}");
    assert!(!text.ends_with(['.', '\n']), "{name}: {text:?}");
    let mut everything = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(error) = source {
        write!(everything, " {error} {error:?}").unwrap();
        source = error.source();
    }
    for secret in SECRETS {
        assert!(!everything.contains(secret), "{name}: {secret} in {everything:?}");
    }
}

/// What is refused stays refused, for the same reason, with a password in front and behind, and the
/// password is not repeated.
#[test]
fn a_refused_url_is_not_repeated() {
    let mut count = 0;
    for Row(number, what, input, answer) in rows() {
        let (Url(url), Refused(RejectionReason::Url(expected))) = (input, answer) else { continue };
        let Some(rest) = url.strip_prefix("http://") else { continue };
        let inserted = "hunter2:hunter2@";
        let error = match RequestRef::new("GET", &format!("http://{inserted}{rest}?hunter2#hunter2")) {
            Err(RequestError::Url(error)) => error,
            other => panic!("case {number} ({what}): {other:?}"),
        };
        let expected = match expected {
            UrlError::InvalidChar { character, offset } => {
                UrlError::InvalidChar { character, offset: offset + inserted.len() }
            }
            UrlError::ControlChar { offset } => UrlError::ControlChar { offset: offset + inserted.len() },
            UrlError::UnencodedSpace { offset } => {
                UrlError::UnencodedSpace { offset: offset + inserted.len() }
            }
            UrlError::NonAscii { offset } => UrlError::NonAscii { offset: offset + inserted.len() },
            other => other,
        };
        assert_eq!(error, expected, "case {number} ({what})");
        check_text(&format!("case {number} ({what})"), &error);
        count += 1;
    }
    assert!(count >= 14, "{count} URLs were tried");
}

/// The URL of an `http::Request` gives the base string that its text gives.
#[test]
fn an_http_uri_signs_as_its_text_does() {
    let mut count = 0;
    for Row(number, what, input, _) in rows() {
        let url = match input {
            Url(url) => url.to_owned(),
            Query(query) => format!("http://h/?{query}"),
            _ => continue,
        };
        let (Ok(text), Ok(uri)) = (RequestRef::new("GET", &url), url.parse::<http::Uri>()) else { continue };
        let uri = RequestRef::new("GET", &uri).unwrap();
        let base_string = |request| signature_base_string(request).unwrap();
        assert_eq!(base_string(&uri), base_string(&text), "case {number} ({what})");
        count += 1;
    }
    assert!(count >= 40, "{count} URLs were compared");
}

/// Case 80.
#[test]
fn authorize_gives_back_what_it_signed() {
    let request =
        http::Request::post("https://h/?q=1").header(CONTENT_TYPE, FORM).body(String::from("a=1")).unwrap();
    let signer = builder().clock(|| Ok(1)).random(|| Ok([0; 16])).build().unwrap();
    let expected = signer.sign(&request).unwrap().to_header();
    let sent = signer.authorize(request).unwrap();
    assert_eq!(sent.body(), "a=1");
    assert_eq!(sent.uri(), "https://h/?q=1");
    assert_eq!(sent.headers()[http::header::AUTHORIZATION], expected);
    assert!(sent.headers()[http::header::AUTHORIZATION].is_sensitive());
}

/// A second `authorize`, as for a retry, replaces the header of the first. An Authorization of another
/// scheme somebody wanted to be there: it is neither replaced nor joined.
#[test]
fn authorize_leaves_one_authorization_header() {
    let request = http::Request::get("https://h/").body(()).unwrap();
    let sent = signer().authorize(signer().authorize(request).unwrap()).unwrap();
    let values: Vec<_> = sent.headers().get_all("authorization").iter().collect();
    assert_eq!(values.len(), 1);
    assert!(values[0].as_bytes().starts_with(b"OAuth "));

    for other in ["Basic aHVudGVyMg==", "Bearer hunter2", "OAuth2 hunter2", "OAuth", ""] {
        let request = http::Request::get("https://h/").header("authorization", other).body(()).unwrap();
        let error = signer().authorize(request).unwrap_err();
        assert!(matches!(error, SignError::Request(RequestError::SecondAuthorization)), "{other}: {error:?}");
    }
}

/// Each text, whole: they are what a person reads in a log, so a change is one to look at.
#[test]
fn the_texts_of_all_errors() {
    let source = || BoxError::from("the reason");
    let request = RequestRef::new("GET", "http://h/?oauth_token=x").unwrap();
    let signed = signer().sign(request).map(drop);
    let Err(SignError::Request(reserved)) = signed else { panic!("oauth_token is the signer's") };
    let name = "oauth_token".to_owned();
    assert_eq!(reserved, RequestError::ReservedParameter { name, found_in: ParameterSource::Query });
    let mut texts: Vec<(String, &str)> = Vec::new();
    let mut add = |error: &dyn Error, text| texts.push((error.to_string(), text));

    add(&UrlError::Empty, "the URL is empty: give an absolute http or https URL");
    add(&UrlError::MissingScheme, "the URL has no scheme: give the absolute URL, such as https://host/path");
    add(
        &UrlError::UnsupportedScheme("ftp".into()),
        "the URL's scheme \"ftp\" cannot be signed: use http or https",
    );
    add(&UrlError::MissingAuthority, "the URL has no host: write // behind the scheme");
    add(&UrlError::EmptyHost, "the URL's host is empty");
    add(
        &UrlError::InvalidHost,
        "the URL's host is not a valid IPv6 address in brackets (a zone identifier is not allowed)",
    );
    add(
        &UrlError::NonAsciiHost,
        "the URL's host is not ASCII: give its punycode form (xn--…), or pass a url::Url",
    );
    add(&UrlError::PercentInHost, "the URL's host has a percent escape: write it without");
    add(&UrlError::InvalidPort, "the URL's port is not a number from 0 to 65535");
    add(
        &UrlError::InvalidChar { character: '\\', offset: 8 },
        "the URL has '\\\\' at offset 8: percent-encode it, or pass a url::Url",
    );
    add(
        &UrlError::ControlChar { offset: 8 },
        "the URL has a control character at offset 8: remove or percent-encode it",
    );
    add(
        &UrlError::UnencodedSpace { offset: 8 },
        "the URL has a space at offset 8: write %20, or pass a url::Url",
    );
    add(
        &UrlError::NonAscii { offset: 8 },
        "the URL is not ASCII at offset 8: percent-encode it, or pass a url::Url",
    );
    add(&UrlError::TooLong { len: 70_000 }, "the URL has 70000 bytes, more than 65534");

    // An error inside another speaks for itself.
    add(&RequestError::Url(UrlError::EmptyHost), "the URL's host is empty");
    add(&RequestError::EmptyMethod, "the method is empty: give GET, POST, …");
    add(
        &RequestError::InvalidMethod { offset: 2 },
        "the method has a character at offset 2 that no HTTP method may have",
    );
    add(&RequestError::NoHost, "the request has no host: give it an absolute URL, or just one Host header");
    add(
        &RequestError::OtherHost,
        "the Host header is not that of the URL: leave it out, or put its host into the URL",
    );
    add(&RequestError::OtherScheme, "the request's URL has another scheme than the connection it is for");
    add(
        &RequestError::SecondAuthorization,
        "the request would have a second Authorization: leave out user information in the URL, and other \
         Authorization headers (basic_auth, bearer_auth)",
    );
    add(&RequestError::AmbiguousContentType, "the request has more than one Content-Type header: keep one");
    add(
        &RequestError::UnbufferedFormBody,
        "the Content-Type says form, but the body's bytes cannot be seen: sign a request whose body is in \
         memory (String, Vec<u8>, Bytes, …), or hand the bytes over with RequestRef::body",
    );
    add(
        &RequestError::EncodedFormBody,
        "the form body has a Content-Encoding: send the form as it is, without compression",
    );

    add(&SignError::Unbuilt(source()), "the request could not be built");
    add(&StampError::Clock(source()), "the clock could not be read: supply one with SignerBuilder::clock");
    add(
        &StampError::ClockBeforeEpoch,
        "the clock stands before 1970: set it, or supply one with SignerBuilder::clock",
    );
    add(&StampError::Rng(source()), "no random bytes could be had for a nonce or for credentials");
    add(&StampError::InvalidNonce, "the nonce is empty or has control characters: give printable text");
    add(&StampError::InvalidTimestamp, "the timestamp is not a positive number of seconds since 1970");

    add(
        &reserved,
        "the request's query has the parameter \"oauth_token\", which the signer sends itself: remove it there",
    );

    add(
        &RequestError::UnseenBody,
        "oauth_body_hash needs the body's bytes, which cannot be seen: hand them over with RequestRef::body \
         (empty where there is no body), or their digest with RequestRef::body_digest",
    );
    add(
        &RequestError::WrongDigest { expected: 20, found: 40 },
        "the body digest has 40 bytes instead of 20: give the raw digest of the signature method's hash",
    );

    add(
        &SignatureError::ExternalKey,
        "the key of this signature method lives elsewhere: use Signer::prepare, then Prepared::finish",
    );
    add(&SignatureError::Custom(source()), "the custom signature method failed");
    #[cfg(feature = "rsa")]
    add(&SignatureError::Rsa, "the RSA key made no signature: it is too short for the hash, or damaged");
    #[cfg(feature = "rsa")]
    add(&SignatureError::Rng(source()), "no random bytes could be had to blind the RSA operation");

    add(
        &SignError::InsecurePlaintext,
        "PLAINTEXT sends the secrets themselves, so it needs https: use https or an HMAC method, or allow it \
         with SignerBuilder::allow_plaintext_over_http",
    );
    add(&SignError::from(RequestError::EmptyMethod), "the method is empty: give GET, POST, …");

    add(&BuildError::EmptyConsumerKey, "the consumer key is empty: give the key that the provider issued");
    add(
        &BuildError::KeyAsSecret("client secret"),
        "the client secret is the text of a key or a certificate: for an RSA method give an RsaPrivateKey",
    );
    add(&BuildError::EmptyToken, "the token is empty, but its secret is not: give both, or no token");
    add(
        &BuildError::EmptySecret("token secret"),
        "the token secret is empty: give the one that the provider issued (is its environment variable set?), \
         or allow it with SignerBuilder::allow_empty_secret",
    );
    add(
        &BuildError::InvalidRealm { offset: 1 },
        "the realm has a character at offset 1 that a header cannot carry",
    );
    add(&BuildError::EmptyMethodName, "the signature method has no name");
    add(&BuildError::EmptyParameterName, "a protocol parameter has no name");
    add(
        &BuildError::DuplicateParameter("oauth_token".into()),
        "the protocol parameter \"oauth_token\" is there already: leave it out, or use the setting of its own",
    );

    #[cfg(feature = "rsa")]
    {
        add(
            &KeyError::InvalidPem,
            "the RSA key is not valid PEM: give the whole file, from -----BEGIN to -----END",
        );
        add(
            &KeyError::InvalidDer,
            "the private key is not valid DER: give PKCS#8 or PKCS#1 bytes; a PEM text goes to from_pem",
        );
        add(
            &KeyError::Path,
            "this is the path of a file, not the RSA key: give its content (std::fs::read_to_string(path))",
        );
        add(&KeyError::PublicKey, "this is a public key: signing takes the private key, in PKCS#8 or PKCS#1");
        add(
            &KeyError::OtherAlgorithm,
            "the key is not an RSA key but one of another algorithm: the RSA methods need an RSA key",
        );
        add(
            &KeyError::Encrypted,
            "the private key is encrypted: decrypt it first (openssl pkcs8 -in key.pem -out plain.pem)",
        );
        add(
            &KeyError::WeakKey { bits: 1024, minimum: 2048 },
            "the RSA key has 1024 bits, fewer than 2048: make a longer one (openssl genrsa -out key.pem 3072)",
        );
    }
    for (text, expected) in texts {
        assert_eq!(text, expected);
    }
}

/// What another's error was is there to be seen, through every layer.
#[test]
fn sources_are_kept() {
    let source_of = |error: SignError| error.source().map(ToString::to_string);
    let view = || RequestRef::new("GET", "http://h/").unwrap();
    let failing = |signer: SignerBuilder| source_of(signer.build().unwrap().sign(view()).unwrap_err());
    assert_eq!(failing(builder().clock(|| Err("no clock".into()))).as_deref(), Some("no clock"));
    assert_eq!(failing(builder().random(|| Err("no entropy".into()))).as_deref(), Some("no entropy"));
    let method = SignatureMethod::custom("X", |_| Err("no card in the reader".into()));
    assert_eq!(failing(builder().method(method)).as_deref(), Some("no card in the reader"));
    // What has no source makes none up.
    assert_eq!(failing(builder().method(SignatureMethod::external("X"))), None);
}

fn builder() -> SignerBuilder {
    Signer::builder(ClientCredentials::new("ck", "client-s3cr3t"))
        .token(TokenCredentials::new("tk", "token-s3cr3t"))
}

fn signer() -> Signer {
    builder().build().unwrap()
}

fn empty_token() -> TokenCredentials {
    TokenCredentials::new("", "")
}

fn stamp_of_tests() -> Stamp {
    Stamp::new(1, "n").unwrap()
}

fn ask(input: &Input) -> Outcome {
    match input {
        Url(url) => told(RequestRef::new("GET", *url)?),
        #[cfg(feature = "url")]
        Input::Adapter(url) => told(RequestRef::new("GET", &url::Url::parse(url)?)?),
        Method(method) => told(RequestRef::new(*method, "http://h/")?),
        Query(query) => told(RequestRef::new("GET", &format!("http://h/?{query}"))?),
        Body(content_type, body) => {
            let mut request = http::Request::post("http://h/");
            if let Some(content_type) = content_type {
                request = request.header(CONTENT_TYPE, *content_type);
            }
            told(&request.body((*body).to_owned())?)
        }
        Run(run) => run(),
        Nothing => unreachable!("there is nothing to run"),
    }
}

fn told<'r, R>(request: R) -> Outcome
where
    R: IntoRequestRef<'r>,
{
    told_of(request.into_request_ref()?)
}

/// Signs, and sees to it that all ways in agree on what was signed.
fn told_of(request: RequestRef<'_>) -> Outcome {
    let signer = signer();
    let signature = signer.sign_with(request, stamp_of_tests())?.signature();
    let prepared = signer.prepare_with(request, stamp_of_tests())?;
    let explanation = prepared.explanation();
    assert_eq!(prepared.sign()?.signature(), signature);
    // The low-level door has the request's own parameters, and nothing else.
    let own = signature_base_string(&request)?;
    assert_eq!(own.rsplit('&').next().map(once_decoded), Some(own_parameters(&explanation)));
    Ok(Told::Signed(explanation))
}

fn own_parameters(explanation: &Explanation) -> String {
    let own =
        explanation.parameters().iter().filter(|parameter| parameter.source() != ParameterSource::Protocol);
    own.map(|parameter| format!("{}={}", parameter.name(), parameter.value())).collect::<Vec<_>>().join("&")
}

/// Undoes one round of what a base string does to text of its own alphabet.
fn once_decoded(text: &str) -> String {
    text.replace("%26", "&").replace("%3D", "=").replace("%25", "%")
}

fn refusal(error: &(dyn Error + 'static)) -> RejectionReason {
    if let Some(error) = error.downcast_ref::<SignError>() {
        return match error {
            SignError::Stamp(error) => refusal(error),
            SignError::Request(RequestError::ReservedParameter { name, found_in }) => {
                let name = ["oauth_token", "oauth_nonce"].into_iter().find(|known| known == name);
                RejectionReason::Reserved(name.unwrap_or("another"), *found_in)
            }
            SignError::Request(error) => refusal(error),
            SignError::Signature(SignatureError::ExternalKey) => RejectionReason::Signature("ExternalKey"),
            other => panic!("{other:?}"),
        };
    }
    if let Some(error) = error.downcast_ref::<RequestError>() {
        return match error {
            RequestError::Url(error) => RejectionReason::Url(error.clone()),
            other => RejectionReason::Request(other.clone()),
        };
    }
    if let Some(error) = error.downcast_ref::<StampError>() {
        return RejectionReason::Stamp(match error {
            StampError::Clock(_) => "Clock",
            StampError::ClockBeforeEpoch => "ClockBeforeEpoch",
            StampError::Rng(_) => "Rng",
            StampError::InvalidNonce => "InvalidNonce",
            StampError::InvalidTimestamp => "InvalidTimestamp",
            _ => "another",
        });
    }
    #[cfg(feature = "rsa")]
    if let Some(error) = error.downcast_ref::<KeyError>() {
        return RejectionReason::Key(*error);
    }
    match error.downcast_ref::<BuildError>() {
        Some(error) => RejectionReason::Build(error.clone()),
        None => panic!("{error:?}"),
    }
}

fn built(builder: SignerBuilder) -> Outcome {
    builder.build()?;
    Ok(Told::Text("built".into()))
}

fn stamped(stamp: Result<Stamp, StampError>) -> Outcome {
    stamp?;
    Ok(Told::Text("stamped".into()))
}

fn signed_by(builder: SignerBuilder) -> Outcome {
    Ok(Told::Text(builder.build()?.sign(RequestRef::new("GET", "http://h/")?)?.signature()))
}

#[cfg(feature = "rsa")]
fn read_key(pem: &str) -> Outcome {
    RsaPrivateKey::from_pem(pem)?;
    Ok(Told::Text("read".into()))
}

/// The key that both secrets make: with PLAINTEXT it is the signature (§3.4.4).
fn key_of(client_secret: &str, token_secret: &str) -> Outcome {
    let signer = Signer::builder(ClientCredentials::new("ck", client_secret))
        .token(TokenCredentials::new("tk", token_secret))
        .method(SignatureMethod::plaintext())
        .allow_empty_secret(true)
        .build()?;
    Ok(Told::Text(signer.sign(RequestRef::new("GET", "https://h/")?)?.signature()))
}

fn token_in_header(builder: SignerBuilder) -> Outcome {
    let signer = builder.build()?;
    let header = signer.sign(RequestRef::new("GET", "http://h/")?)?.to_header();
    let token = header.to_str()?.split(", ").find(|pair| pair.starts_with("oauth_token="));
    Ok(Told::Text(token.unwrap_or_default().into()))
}

fn value_of(signer: &Signer, request: &http::Request<&'static str>, name: &str) -> Result<String, BoxError> {
    let pair = signer.sign(request)?.parameters().into_iter().find(|(key, _)| key == name);
    Ok(pair.ok_or("there is none")?.1)
}

fn thousand_and_one_pairs() -> Outcome {
    let query = ["a=1"; 1001].join("&");
    match told(RequestRef::new("GET", &format!("http://h/?{query}"))?)? {
        Told::Signed(explanation) => {
            Ok(Told::Text(format!("{} pairs", own_parameters(&explanation).split('&').count())))
        }
        told @ Told::Text(_) => Ok(told),
    }
}
