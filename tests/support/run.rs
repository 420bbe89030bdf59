//! Gives a row to the library in every possible way, and compares the results.

use oauth1_signer::request::{IntoRequestRef, RequestError};
use oauth1_signer::{RequestRef, SignError, Signer, signature::Signature, signature_base_string};

use super::header::{self, Header};
use super::keys::Keys;
use super::row::{Expected, Row};

/// The outcome of a row.
#[derive(Debug)]
pub(crate) enum Outcome {
    Passed,
    /// The differences, one line each.
    Failed(Vec<String>),
    /// The library rejects such a request, and its error tells why.
    Refused,
    /// The feature that the row needs is off.
    NotBuilt,
}

/// The number of times that each way was used.
#[derive(Default)]
pub(crate) struct Ways {
    pub(crate) http: usize,
    pub(crate) text: usize,
    pub(crate) url: usize,
    pub(crate) low_level: usize,
}

/// The library's result for a request.
pub(crate) struct Answer {
    pub(crate) base_string: String,
    pub(crate) signature: String,
    pub(crate) header: Header,
}

/// The ways that were used, with their results.
pub(crate) type Answers = Vec<(&'static str, Result<Answer, SignError>)>;

/// Signs the row's request in one step and in two. With a `ready` signature, it does not compute one.
fn sign<'r, R>(row: &Row, signer: &Signer, request: R, ready: Option<&str>) -> Result<Answer, SignError>
where
    R: IntoRequestRef<'r> + Copy,
{
    let prepare = || match row.stamp() {
        Some(stamp) => signer.prepare_with(request, stamp),
        None => signer.prepare(request),
    };
    let prepared = prepare()?;
    let base_string = prepared.base_string().to_owned();
    // Values such as verification codes are signed, but not shown.
    let shown = prepared.explanation().base_string().to_owned();
    assert!(shown == base_string || shown.contains("%5Bredacted%5D"), "{}: {shown}", row.id);
    let signed = match (ready, row.stamp()) {
        (Some(signature), _) => prepared.finish(Signature::Text(signature.to_owned())),
        (None, Some(stamp)) => signer.sign_with(request, stamp)?,
        (None, None) => signer.sign(request)?,
    };
    let header = signed.to_header();
    let in_two_steps = match row.rsa_key {
        None => prepare()?.sign()?.to_header(),
        Some(_) => prepare()?.finish(Signature::Text(signed.signature())).to_header(),
    };
    assert_eq!(in_two_steps, header, "{}", row.id);
    let header = header::parse(header.to_str().expect("a header is ASCII"));
    Ok(Answer { base_string, signature: signed.signature(), header })
}

/// Signs the row's request with each type of URL, and with a body hash from bytes and from a digest.
pub(crate) fn in_every_way(row: &Row, signer: &Signer, ways: &mut Ways) -> Answers {
    let mut answers = Answers::new();
    let digest = row.digest();
    let mut digests = vec![None];
    digests.extend(digest.as_deref().map(Some));
    for digest in digests {
        if let Some(request) = row.http_request() {
            ways.http += 1;
            let ready = ready(row, &answers);
            let answer = match digest {
                None => sign(row, signer, &request, ready),
                Some(digest) => RequestRef::without_body(&request)
                    .map_err(SignError::from)
                    .and_then(|request| sign(row, signer, request.body_digest(digest), ready)),
            };
            answers.push(("http", answer));
        }
        ways.text += 1;
        let request = row.request_ref(row.url.as_str(), digest).map_err(SignError::from);
        let answer = request.and_then(|request| sign(row, signer, request, ready(row, &answers)));
        answers.push(("text", answer));
        #[cfg(feature = "url")]
        if let Some(url) = url::Url::parse(&row.url).ok().filter(|url| url.as_str() == row.url) {
            ways.url += 1;
            let request = row.request_ref(&url, digest).map_err(SignError::from);
            let answer = request.and_then(|request| sign(row, signer, request, ready(row, &answers)));
            answers.push(("url", answer));
        }
    }
    answers
}

/// Returns the RSA signature of an earlier result.
///
/// RSA takes a twentieth of a second without optimisation, so each row computes it once: the same base string
/// has the same signature.
fn ready<'a>(row: &Row, answers: &'a Answers) -> Option<&'a str> {
    row.rsa_key.as_ref()?;
    answers.iter().find_map(|(_, answer)| answer.as_ref().ok()).map(|answer| answer.signature.as_str())
}

/// Returns the row's base string from the low-level function, which has no rule about repeated parameters.
///
/// The parameters that a signer would add are put into the query.
fn by_the_low_level(row: &Row) -> Result<String, SignError> {
    let sent = row.sent();
    let mut pairs: Vec<(&str, &str)> =
        sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    pairs.push(("oauth_signature", "never signed"));
    Ok(signature_base_string(&row.request_ref(row.url.as_str(), None)?.query(&pairs))?)
}

fn compare<T: PartialEq + std::fmt::Debug>(
    what: &str,
    got: &T,
    expected: Option<&T>,
    failures: &mut Vec<String>,
) {
    if let Some(expected) = expected.filter(|expected| *expected != got) {
        failures.push(format!("{what}\n    got      {got:?}\n    expected {expected:?}"));
    }
}

/// Runs a row, and compares the results with the expected one.
pub(crate) fn check(row: &Row, expected: &Expected, keys: &Keys, ways: &mut Ways) -> Outcome {
    let Some(signer) = row.signer(keys) else { return Outcome::NotBuilt };
    let mut failures = Vec::new();
    let answers = if row.lacks_its_stamp() { Answers::new() } else { in_every_way(row, &signer, ways) };
    let repeats = !row.repeated().is_empty();
    let mut refused = 0;
    for (way, answer) in &answers {
        match answer {
            Ok(_) if repeats => {
                failures.push(format!("{way}: signed with {:?} twice", row.repeated()));
            }
            Ok(answer) => {
                compare(
                    &format!("{way}: base string"),
                    &answer.base_string,
                    expected.base_string.as_ref(),
                    &mut failures,
                );
                compare(
                    &format!("{way}: signature"),
                    &answer.signature,
                    expected.signature.as_ref(),
                    &mut failures,
                );
                let parameters = &answer.header.parameters;
                compare(&format!("{way}: header"), parameters, expected.auth.as_ref(), &mut failures);
                compare(&format!("{way}: realm"), &answer.header.realm, Some(&row.realm), &mut failures);
            }
            Err(SignError::Request(RequestError::ReservedParameter { name, .. })) if repeats => {
                refused += 1;
                if !row.repeated().contains(&name.as_bytes().to_vec()) {
                    failures.push(format!(
                        "{way}: {name:?} is reserved, but the row repeats {:?}",
                        row.repeated()
                    ));
                }
            }
            Err(error) => failures.push(format!("{way}: {error}")),
        }
    }
    ways.low_level += 1;
    match by_the_low_level(row) {
        Ok(base_string) => {
            compare("low level: base string", &base_string, expected.base_string.as_ref(), &mut failures);
            // Sign the base string, unless RSA has made the same signature before.
            if row.rsa_key.is_none() || refused > 0 {
                let signature = signer.sign_bytes(base_string.as_bytes()).expect("a signature");
                compare("low level: signature", &signature, expected.signature.as_ref(), &mut failures);
            }
        }
        Err(error) => failures.push(format!("low level: {error}")),
    }
    match failures {
        failures if !failures.is_empty() => Outcome::Failed(failures),
        _ if refused > 0 => Outcome::Refused,
        _ => Outcome::Passed,
    }
}
