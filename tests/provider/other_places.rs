//! Clients that RFC 5849 §3.5 and §2.1 do not provide for, and the switches that serve them.
//!
//! Each request is signed by the second signer, in the way in which a client that is in use signs it: see the
//! names of the rows.

use http::Request;
use oauth1_signer::Origin;
use oauth1_signer::provider::{Decision, Issuer, MemoryStore, ReservedName};
use oauth1_signer::verify::{
    ClientRecord, IncomingRequest, MemoryNonceLog, Policy, Rejection, RejectionReason, TokenRecord,
    VerifiedRequest,
};

use super::oracle::{self, Method};
use super::site::{CALLBACK, NOW, credentials, now};

const FORM: &str = "application/x-www-form-urlencoded";
const URL: &str = "https://photos.example.net/leg";

/// A request with its parameters in three places, signed by the second signer.
#[derive(Clone)]
struct Sent<'a> {
    header: Vec<(&'a str, &'a str)>,
    query: Vec<(&'a str, &'a str)>,
    form: Vec<(&'a str, &'a str)>,
    token_secret: &'a str,
    method: Method,
    /// Equal pairs are signed once, as by clients that collect them in a map.
    is_signed_once: bool,
}

impl<'a> Sent<'a> {
    fn new(nonce: &'a str) -> Self {
        let header = vec![("oauth_consumer_key", "printer"), ("oauth_nonce", nonce)];
        let method = Method::HmacSha1;
        Self { header, query: vec![], form: vec![], token_secret: "", method, is_signed_once: true }
    }

    fn request(&self) -> Request<String> {
        let escape = |text: &str| oracle::percent_encode(text.as_bytes());
        let joined = |pairs: &[(&str, &str)]| {
            let pairs: Vec<_> = pairs.iter().map(|(n, v)| format!("{}={}", escape(n), escape(v))).collect();
            pairs.join("&")
        };
        let timestamp = NOW.to_string();
        let mut header = self.header.clone();
        header.extend([("oauth_signature_method", self.method.name()), ("oauth_timestamp", &timestamp)]);
        let mut signed: Vec<oracle::Pair> = [&header, &self.query, &self.form]
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.as_bytes().to_vec(), value.as_bytes().to_vec()))
            .collect();
        if self.is_signed_once {
            signed.sort();
            signed.dedup();
        }
        let base_string = oracle::base_string("POST", URL, &signed);
        let signature =
            oracle::sign_bytes(self.method, ("printer's secret", self.token_secret), &base_string);
        header.push(("oauth_signature", &signature));
        let header: Vec<_> = header.iter().map(|(n, v)| format!("{}=\"{}\"", escape(n), escape(v))).collect();
        let query = joined(&self.query);
        let target = if query.is_empty() { "/leg".to_owned() } else { format!("/leg?{query}") };
        Request::post(target)
            .header("host", "photos.example.net")
            .header("authorization", format!("OAuth {}", header.join(", ")))
            .header("content-type", FORM)
            .body(joined(&self.form))
            .unwrap()
    }
}

fn strict() -> Policy {
    Policy::new(Origin::new("https://photos.example.net").unwrap())
        .require_token(false)
        .allow_plaintext(true)
        .clock(|| Ok(NOW))
}

fn lenient() -> Policy {
    strict().allow_split_parameters(true)
}

fn printer() -> ClientRecord {
    ClientRecord::new(credentials("printer")).unwrap().allow_plaintext(true)
}

fn verify(
    policy: &Policy,
    request: &Request<String>,
    token: Option<&TokenRecord>,
) -> Result<VerifiedRequest, Rejection> {
    policy.check_head(request)?;
    let claim = policy.read(IncomingRequest::from(request).body(request.body().as_bytes()))?;
    now(claim.prove(Some(&printer()), token)?.admit(&MemoryNonceLog::new().unwrap()))
}

#[track_caller]
fn reason<T: std::fmt::Debug>(result: Result<T, Rejection>) -> RejectionReason {
    result.unwrap_err().reason().clone()
}

#[test]
fn a_callback_in_another_place_is_read_if_the_policy_allows_it() {
    let callback = ("oauth_callback", CALLBACK);
    let once = Sent::new("n");
    let twice = Sent { is_signed_once: false, ..Sent::new("n") };
    let with = |sent: &Sent<'static>, header: bool, query: bool, form: bool| {
        let mut sent = sent.clone();
        sent.header.extend(header.then_some(callback));
        sent.query.extend(query.then_some(callback));
        sent.form.extend(form.then_some(callback));
        sent
    };
    for (name, sent) in [
        ("twython", with(&once, false, true, false)),
        ("flickrapi, twitter-api-v2", with(&once, false, false, true)),
        ("header and query, signed once", with(&once, true, true, false)),
        ("header and query, signed twice", with(&twice, true, true, false)),
        ("header and form, signed once", with(&once, true, false, true)),
        ("header and form, signed twice", with(&twice, true, false, true)),
    ] {
        let request = sent.request();
        assert_eq!(reason(verify(&strict(), &request, None)), RejectionReason::SeveralPlaces, "{name}");
        let verified = verify(&lenient(), &request, None).unwrap();
        assert_eq!(verified.callback(), Some(CALLBACK), "{name}");
        assert!(verified.parameters().is_empty(), "{name}");

        // Each changed byte of the callback, wherever it is, is rejected.
        let changed = |text: &str| text.replacen("jane", "jack", 1);
        let (mut head, body) = request.into_parts();
        let uri = changed(&head.uri.to_string());
        if uri != head.uri.to_string() {
            let mut other = head.clone();
            other.uri = uri.parse().unwrap();
            assert!(verify(&lenient(), &Request::from_parts(other, body.clone()), None).is_err(), "{name}");
        }
        if changed(&body) != body {
            let other = Request::from_parts(head.clone(), changed(&body));
            assert!(verify(&lenient(), &other, None).is_err(), "{name}");
        }
        let authorization = head.headers["authorization"].to_str().unwrap().to_owned();
        if changed(&authorization) != authorization {
            head.headers.insert("authorization", changed(&authorization).parse().unwrap());
            assert!(verify(&lenient(), &Request::from_parts(head, body), None).is_err(), "{name}");
        }
    }
}

#[test]
fn other_splits_are_rejected() {
    let row = |change: fn(&mut Sent<'static>)| {
        let mut sent = Sent::new("n");
        change(&mut sent);
        reason(verify(&lenient(), &sent.request(), None))
    };
    let other = |sent: &mut Sent<'static>| sent.query.push(("oauth_callback", "https://evil.example/"));
    let different = RejectionReason::DifferentValues("oauth_callback");
    let reason = row(|sent| {
        sent.header.push(("oauth_callback", CALLBACK));
        sent.query.push(("oauth_callback", "https://evil.example/"));
    });
    assert_eq!(reason, different);
    let mut sent = Sent::new("n");
    sent.form.push(("oauth_callback", CALLBACK));
    other(&mut sent);
    assert_eq!(self::reason(verify(&lenient(), &sent.request(), None)), different);

    // Three places, and a second value in one place.
    let several = RejectionReason::SeveralPlaces;
    let three = row(|sent| {
        for pairs in [&mut sent.header, &mut sent.query, &mut sent.form] {
            pairs.push(("oauth_callback", CALLBACK));
        }
    });
    assert_eq!(three, several);
    let two_places = row(|sent| {
        sent.query.push(("oauth_callback", CALLBACK));
        sent.form.push(("oauth_verifier", "v"));
    });
    assert_eq!(two_places, several);
    let twice_in_the_query = row(|sent| sent.query.extend([("oauth_callback", CALLBACK); 2]));
    assert_eq!(twice_in_the_query, RejectionReason::Duplicate("oauth_callback".to_owned()));

    // The token must be where the rest is; all other parameters have one place.
    assert_eq!(row(|sent| sent.form.push(("oauth_token", "t"))), several);
    assert_eq!(row(|sent| sent.form.push(("oauth_version", "1.0"))), several);
    assert_eq!(row(|sent| sent.query.push(("oauth_nonce", "n"))), several);
}

/// The places of one parameter: nothing, the one value or the other, in header, query and form.
type Places = [Option<usize>; 3];

fn all_places() -> impl Iterator<Item = Places> {
    const VALUES: [Option<usize>; 3] = [None, Some(0), Some(1)];
    let at = move |number: usize, place: u32| VALUES[number / 3_usize.pow(place) % 3];
    (0..27).map(move |number| [at(number, 0), at(number, 1), at(number, 2)])
}

/// What the documentation of `Policy::allow_split_parameters` says of a request whose other parameters are in
/// the header: the value to read, or an error if the parameter alone makes it invalid.
fn value_of(places: Places) -> Result<Option<usize>, ()> {
    let mut values = places.into_iter().flatten();
    let first = values.next();
    if values.all(|value| Some(value) == first) { Ok(first) } else { Err(()) }
}

/// Each way to spread callback, verification code and token, signed once and twice, against that text.
#[test]
fn every_split_is_read_as_documented() {
    const CALLBACKS: [&str; 2] = [CALLBACK, "https://evil.example/"];
    const VERIFIERS: [&str; 2] = ["c0de", "other"];
    let record = TokenRecord::new(oauth1_signer::TokenCredentials::new("t", "token secret"), "printer");
    let (mut admitted, mut rejected) = (0, 0);
    for callback in all_places() {
        for verifier in all_places() {
            for token in [
                [false; 3],
                [true, false, false],
                [true, false, true],
                [true, true, false],
                [false, true, false],
            ] {
                for is_signed_once in [true, false] {
                    let has_token = token.contains(&true);
                    let token_secret = if has_token { "token secret" } else { "" };
                    let mut sent = Sent { token_secret, is_signed_once, ..Sent::new("n") };
                    for (at, pairs) in
                        [&mut sent.header, &mut sent.query, &mut sent.form].into_iter().enumerate()
                    {
                        pairs.extend(callback[at].map(|value| ("oauth_callback", CALLBACKS[value])));
                        pairs.extend(verifier[at].map(|value| ("oauth_verifier", VERIFIERS[value])));
                        pairs.extend(token[at].then_some(("oauth_token", "t")));
                    }
                    let used = |at: usize| callback[at].is_some() || verifier[at].is_some() || token[at];
                    let is_strict = !used(1) && !used(2);
                    let is_readable = !(used(1) && used(2)) && (token[0] || !has_token);
                    let read = match (value_of(callback), value_of(verifier)) {
                        (Ok(callback), Ok(verifier)) if is_readable => Some([callback, verifier]),
                        _ => None,
                    };

                    let request = sent.request();
                    let record = has_token.then_some(&record);
                    let context = format!("{callback:?} {verifier:?} {token:?} {is_signed_once}");
                    assert_eq!(verify(&strict(), &request, record).is_ok(), is_strict, "{context}");
                    match (verify(&lenient(), &request, record), read) {
                        (Ok(request), Some([callback, verifier])) => {
                            assert_eq!(
                                request.callback(),
                                callback.map(|value| CALLBACKS[value]),
                                "{context}"
                            );
                            assert_eq!(
                                request.verifier(),
                                verifier.map(|value| VERIFIERS[value]),
                                "{context}"
                            );
                            assert_eq!(request.token(), has_token.then_some("t"), "{context}");
                            admitted += 1;
                        }
                        (Err(_), None) => rejected += 1,
                        (result, _) => panic!("{context}: {result:?}, but {read:?}"),
                    }
                }
            }
        }
    }
    assert_eq!(admitted + rejected, 27 * 27 * 5 * 2);
    assert!(admitted > 200 && rejected > 5_000, "{admitted} {rejected}");
}

/// An escaped name is the same name.
#[test]
fn an_escaped_name_is_read_as_the_name() {
    let mut sent = Sent::new("n");
    sent.query.push(("oauth_callback", CALLBACK));
    let request = sent.request();
    let uri = request.uri().to_string().replace("oauth_callback", "oauth%5Fcallback");
    let (mut head, body) = request.into_parts();
    head.uri = uri.parse().unwrap();
    let request = Request::from_parts(head, body);
    assert_eq!(verify(&lenient(), &request, None).unwrap().callback(), Some(CALLBACK));
    assert_eq!(reason(verify(&strict(), &request, None)), RejectionReason::SeveralPlaces);
}

/// A site with one approved request token: its token, its secret and its verification code.
fn approved(issuer: &Issuer<MemoryStore>) -> (String, String, String) {
    let mut sent = Sent::new("first");
    sent.header.push(("oauth_callback", "oob"));
    let verified = verify(&strict(), &sent.request(), None).unwrap();
    let temporary = now(issuer.issue_temporary(&verified, &printer())).unwrap();
    let (token, secret) = (temporary.credentials().token(), temporary.credentials().expose_secret());
    let Some(Decision::Pin(pin)) = now(issuer.approve(token, "785027577")).unwrap() else { panic!() };
    (token.to_owned(), secret.to_owned(), pin)
}

fn issuer() -> Issuer<MemoryStore> {
    Issuer::new(MemoryStore::new()).clock(|| Ok(NOW))
}

/// twitter-api-v2: the token in header and form, the verifier in the form.
#[test]
fn a_verifier_and_a_repeated_token_in_the_form_are_read() {
    let issuer = issuer();
    let (token, secret, pin) = approved(&issuer);
    let record = now(issuer.temporary_record(Some(&token))).unwrap();
    let sent = Sent {
        form: vec![("oauth_token", &token), ("oauth_verifier", &pin)],
        token_secret: &secret,
        ..Sent::new("n")
    };
    let mut sent = sent;
    sent.header.push(("oauth_token", &token));
    let verified = verify(&lenient(), &sent.request(), record.as_ref()).unwrap();
    assert_eq!((verified.token(), verified.verifier()), (Some(&*token), Some(&*pin)));
    assert!(now(issuer.exchange(&verified)).is_ok());
}

/// python-twitter-v2: a new session for the exchange has lost the temporary secret.
#[test]
fn an_exchange_without_the_temporary_secret_is_a_switch() {
    let forgetful = || strict().allow_missing_token_secret(true);
    for method in [Method::HmacSha1, Method::Plaintext] {
        let issuer = issuer();
        let (token, secret, pin) = approved(&issuer);
        let record = now(issuer.temporary_record(Some(&token))).unwrap();
        let exchange = |token_secret, verifier: bool| {
            let mut sent = Sent { token_secret, method, ..Sent::new("n") };
            sent.header.push(("oauth_token", &token));
            sent.header.extend(verifier.then_some(("oauth_verifier", &*pin)));
            sent.request()
        };
        let wrong = RejectionReason::WrongSignature;
        assert_eq!(reason(verify(&strict(), &exchange("", true), record.as_ref())), wrong);
        assert_eq!(reason(verify(&forgetful(), &exchange("other", true), record.as_ref())), wrong);
        // Without a verification code only the secrets prove who asks.
        assert_eq!(reason(verify(&forgetful(), &exchange("", false), record.as_ref())), wrong);
        let unknown = reason(verify(&forgetful(), &exchange("", true), None));
        assert_eq!(unknown, RejectionReason::UnknownToken);
        // Those who know the secret are served as before.
        assert!(verify(&forgetful(), &exchange(&secret, true), record.as_ref()).is_ok());
        let verified = verify(&forgetful(), &exchange("", true), record.as_ref()).unwrap();
        let access = now(issuer.exchange(&verified)).unwrap();

        // An access token needs its secret under the same policy, with a verifier too.
        let credentials = access.credentials();
        let record = now(issuer.token_record(Some(credentials.token()))).unwrap();
        let call = |token_secret| {
            let mut sent = Sent { token_secret, method, ..Sent::new("n") };
            sent.header.push(("oauth_token", credentials.token()));
            sent.header.push(("oauth_verifier", &pin));
            verify(&forgetful(), &sent.request(), record.as_ref())
        };
        assert_eq!(reason(call("")), wrong);
        assert!(call(credentials.expose_secret()).is_ok());
    }
}

/// Shells for Trello and Jira send no callback: they have registered one.
#[test]
fn the_registered_callback_stands_for_a_missing_one() {
    let verified = verify(&strict(), &Sent::new("n").request(), None).unwrap();
    let missing = RejectionReason::Missing("oauth_callback");
    let register = |callbacks: &[&str]| {
        callbacks.iter().fold(printer(), |record, callback| record.register_callback(*callback))
    };
    let ask = |issuer: Issuer<MemoryStore>, callbacks: &[&str]| {
        let issued = now(issuer.issue_temporary(&verified, &register(callbacks)))?;
        let pending = now(issuer.pending(issued.credentials().token())).unwrap().unwrap();
        Ok::<_, Rejection>(pending.callback().map(str::to_owned))
    };
    let allowing = || issuer().allow_missing_callback(true);
    assert_eq!(reason(ask(issuer(), &[CALLBACK])), missing);
    assert_eq!(ask(allowing(), &[CALLBACK]).unwrap().as_deref(), Some(CALLBACK));
    assert_eq!(ask(allowing(), &["oob"]).unwrap(), None);
    assert_eq!(reason(ask(allowing(), &[])), missing);
    assert_eq!(reason(ask(allowing().allow_unregistered_callbacks(true), &[])), missing);
    assert_eq!(reason(ask(allowing(), &[CALLBACK, "oob"])), missing);
    // What may not be registered does not serve either.
    let invalid = reason(ask(allowing(), &["javascript:alert(1)"]));
    assert_eq!(invalid, RejectionReason::Invalid("oauth_callback"));
}

#[test]
fn an_access_token_begins_with_its_prefix() {
    let exchange = |issuer: &Issuer<MemoryStore>| {
        let (token, secret, pin) = approved(issuer);
        let record = now(issuer.temporary_record(Some(&token))).unwrap();
        let mut sent = Sent { token_secret: &secret, ..Sent::new("n") };
        sent.header.extend([("oauth_token", &*token), ("oauth_verifier", &*pin)]);
        let verified = verify(&strict(), &sent.request(), record.as_ref()).unwrap();
        (now(issuer.exchange(&verified)), verified)
    };
    let (issued, verified) = exchange(&issuer().access_token_prefix(|user| format!("{user}-")));
    let issued = issued.unwrap();
    let random = issued.credentials().token().strip_prefix("785027577-").unwrap();
    assert!(random.len() == 26 && random.bytes().all(|byte| byte.is_ascii_alphanumeric()));

    // The provider's own parameters come after the protocol's.
    let user = verified.user().unwrap();
    let issued = issued.parameter("user_id", user).unwrap().parameter("screen_name", "jane & co").unwrap();
    assert!(
        issued.to_response().body().ends_with("&user_id=785027577&screen_name=jane+%26+co")
            || issued.to_response().body().ends_with("&user_id=785027577&screen_name=jane%20%26%20co")
    );
    assert_eq!(issued.parameter("oauth_token", "x").unwrap_err(), ReservedName);

    // A prefix that does not fit is the server's mistake, and the request token stays valid.
    let wrong = issuer().access_token_prefix(|_| "a b".to_owned());
    let (failed, verified) = exchange(&wrong);
    let rejection = failed.unwrap_err();
    assert_eq!(*rejection.reason(), RejectionReason::Unavailable);
    assert!(rejection.to_string().contains("the prefix of an access token"), "{rejection}");
    assert!(now(wrong.temporary_record(verified.token())).unwrap().is_some());
}

#[test]
fn the_challenge_has_the_realm_of_the_policy() {
    let unsigned = Request::get("/photos").body(String::new()).unwrap();
    let challenge = |policy: &Policy| {
        let response = verify(policy, &unsigned, None).unwrap_err().to_response();
        response.headers()["www-authenticate"].to_str().unwrap().to_owned()
    };
    assert_eq!(challenge(&strict()), r#"OAuth realm="https://photos.example.net""#);
    assert_eq!(challenge(&strict().realm("Photos")), r#"OAuth realm="Photos""#);
    assert_eq!(challenge(&strict().realm(r#"a"b\c"#)), r#"OAuth realm="a\"b\\c""#);
    assert_eq!(challenge(&strict().realm("a\r\nb: c\u{7f}")), r#"OAuth realm="a??b: c?""#);
    assert_eq!(
        challenge(&strict().realm(&"a".repeat(1_000))),
        format!("OAuth realm=\"{}\"", "a".repeat(256))
    );
    let of_a_reason = Rejection::from(RejectionReason::UnknownClient).to_response();
    assert_eq!(of_a_reason.headers()["www-authenticate"], r#"OAuth realm="OAuth""#);

    // It is there for what is rejected later, too.
    let policy = strict().realm("Photos");
    let mut request = Sent::new("n").request();
    *request.uri_mut() = "/leg?a=1".parse().unwrap();
    let response = verify(&policy, &request, None).unwrap_err().to_response();
    assert_eq!(response.headers()["www-authenticate"], r#"OAuth realm="Photos""#);
    let late = strict().realm("Photos").clock(|| Ok(NOW + 301));
    let response = verify(&late, &Sent::new("n").request(), None).unwrap_err().to_response();
    assert_eq!(response.headers()["www-authenticate"], r#"OAuth realm="Photos""#);
    let verified = verify(&policy, &Sent::new("n").request(), None).unwrap();
    let other = ClientRecord::new(credentials("other")).unwrap();
    let rejection = now(issuer().issue_temporary(&verified, &other)).unwrap_err();
    assert_eq!(rejection.to_response().headers()["www-authenticate"], r#"OAuth realm="Photos""#);
}
