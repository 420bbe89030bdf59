//! Bad and odd input, case by case: what is refused, with which error, and what is signed all the same.
//!
//! The rule behind the answers: where the specification is silent a signer is total, since a
//! signature for odd input is worth more than a refusal; it refuses what a client would rewrite before
//! sending, because then the signature could not match.
#![allow(clippy::unwrap_used, clippy::too_many_lines, reason = "a table of cases, in a test")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

mod requests;
mod settings;
mod texts;
mod ways;

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

/// One case: its name, what goes in, and what comes out.
struct Row(&'static str, Input, Answer);

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
}

use Answer::{Both, Parameters, Refused, Text, Uri};
use Input::{Body, Method, Query, Run, Url};

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

#[test]
fn each_case_has_its_answer() {
    let (mut names, mut full) = (BTreeSet::new(), "");
    for Row(what, input, answer) in requests::rows().into_iter().chain(settings::rows()) {
        // A name that starts with dots goes on where the last full one ends.
        full = if what.starts_with('…') { full } else { what };
        let name = if what == full { what.to_owned() } else { format!("{full} {what}") };
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
        names.insert(name);
    }
    assert!(names.len() > 120, "{}", names.len());
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
        .allow_incomplete_credentials(true)
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
