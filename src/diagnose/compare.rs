//! Compares the server's base string with ours: the differences, their likely cause and the remedy.

use crate::explain::{Difference, Explanation, SignedParameter};
use crate::parameter::ParameterSource;

use super::finding::Finding;
use super::kind::FindingKind;
use super::page::clip;
use super::received::percent_decoded;
use super::secrets::is_secret_name;

/// The maximum number of parameters to show. The others are counted.
const SHOWN: usize = 6;

/// The maximum number of characters of a value to show.
const VALUE_LEN: usize = 60;

/// The result of a comparison.
pub(super) enum Comparison {
    Equal,
    Differs(Vec<Finding>),
    /// The server's text is not a base string.
    Unusable,
}

pub(super) fn compare(ours: &Explanation, theirs: &str) -> Comparison {
    let differences = ours.differences(theirs);
    if differences.is_empty() {
        return Comparison::Equal;
    }
    if differences.contains(&Difference::NotABaseString) {
        return Comparison::Unusable;
    }
    let mut findings = Vec::new();
    let (mut only_ours, mut only_theirs) = (Vec::new(), Vec::new());
    for difference in &differences {
        match difference {
            Difference::Method { ours, theirs } => findings.push(method(ours, theirs)),
            Difference::BaseUri { ours, theirs } => findings.extend(base_uri(ours, theirs)),
            Difference::OnlyOurs { parameter } => only_ours.push(parameter),
            Difference::OnlyTheirs { name, value } => only_theirs.push((name.as_str(), value.as_str())),
            Difference::Order => findings.push(Finding::proven(
                FindingKind::Encoding,
                "the parameters are the same, but the server sorts them in another order",
                "RFC 5849 §3.4.1.3.2 sorts by encoded names, then by encoded values. Avoid duplicate names \
                 and names that need encoding, such as those with brackets, at this server",
            )),
            _ => findings.push(Finding::proven(
                FindingKind::Encoding,
                "the parts are the same, but the server encodes them in another way",
                "the server does not follow RFC 5849 §3.6: avoid characters beyond A-Z a-z 0-9 - . _ ~ in \
                 parameters at this server",
            )),
        }
    }
    if let Some(finding) = of_another_request(&only_ours, &only_theirs) {
        return Comparison::Differs(vec![finding]);
    }
    findings.extend(parameters(only_ours, only_theirs));
    Comparison::Differs(findings)
}

fn method(ours: &str, theirs: &str) -> Finding {
    Finding::proven(
        FindingKind::HttpMethod,
        format!("signed for {}, the server computed with {}", clip(ours, 20), clip(theirs, 20)),
        "sign and send the same method. A redirect that turns POST into GET, a method override header \
         or a proxy changes it on the way",
    )
}

/// Splits a base string URI into scheme, host with port, and path.
fn parts(uri: &str) -> (&str, &str, &str) {
    let (scheme, rest) = uri.split_once("://").unwrap_or(("", uri));
    let at = rest.find('/').unwrap_or(rest.len());
    (scheme, &rest[..at], &rest[at..])
}

fn base_uri(ours: &str, theirs: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (our_scheme, our_host, our_path) = parts(ours);
    let (their_scheme, their_host, their_path) = parts(theirs);
    if our_scheme != their_scheme {
        let remedy = if our_scheme == "https" {
            "the server stands behind a proxy that ends TLS and computes with http. Only its operator can \
             set its external URL; a client can sign for http as a stopgap, where the library allows"
        } else {
            "sign for https: put https into the URL, so that no redirect or proxy changes it"
        };
        let evidence = format!(
            "signed for {}, the server computed with {}",
            clip(our_scheme, 10),
            clip(their_scheme, 10)
        );
        findings.push(Finding::proven(FindingKind::Scheme, evidence, remedy));
    }
    if our_host != their_host {
        let evidence =
            format!("signed for {}, the server computed with {}", clip(our_host, 80), clip(their_host, 80));
        let is_port = our_host.split(':').next() == their_host.split(':').next();
        let remedy = if is_port {
            "the ports differ: a proxy forwards to another port, or the server keeps a default port in its \
             base string. Use the URL that the server names, or have its external URL set"
        } else {
            "use the host that the server computes with, or have the server's external URL set: a proxy or \
             a Host header put another host in place of the signed one"
        };
        findings.push(Finding::proven(FindingKind::Host, evidence, remedy));
    }
    if our_path != their_path {
        let evidence = format!(
            "signed for the path {}, the server computed with {}",
            clip(our_path, VALUE_LEN),
            clip(their_path, VALUE_LEN)
        );
        findings.push(Finding::proven(FindingKind::Path, evidence, path_remedy(our_path, their_path)));
    }
    findings
}

fn path_remedy(ours: &str, theirs: &str) -> &'static str {
    if ours.trim_end_matches('/') == theirs.trim_end_matches('/') {
        "the paths differ in a slash at the end: request the path with the slash that the server has"
    } else if percent_decoded(ours) == percent_decoded(theirs) {
        "the paths differ in their escapes: send the path with the escapes that the server has, or \
         without characters that need any"
    } else if ours.eq_ignore_ascii_case(theirs) {
        "the paths differ in upper and lower case: write the path as the server does"
    } else if ours.ends_with(theirs) {
        "a proxy removes the start of the path before the server computes: have the server's external \
         URL set, or call the server directly"
    } else {
        "a redirect or a proxy rewrites the path: request the path that the server computes with"
    }
}

/// Finds a nonce or timestamp that differs: the server printed the base string of another request.
fn of_another_request(ours: &[&SignedParameter], theirs: &[(&str, &str)]) -> Option<Finding> {
    let both = |name: &str| {
        ours.iter().any(|parameter| parameter.name() == name)
            && theirs.iter().any(|(present, value)| *present == name && !value.is_empty())
    };
    both("oauth_nonce").then(|| {
        Finding::proven(
            FindingKind::OtherRequest,
            "its oauth_nonce is not that of the request",
            "compare the base string with the request that it was printed for: each request has a nonce of \
             its own",
        )
    })
}

fn parameters<'d>(
    mut only_ours: Vec<&'d SignedParameter>,
    mut only_theirs: Vec<(&'d str, &'d str)>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (mut encodings, mut others) = (Vec::new(), Vec::new());
    only_ours.retain(|parameter| {
        let Some(at) = only_theirs.iter().position(|(name, _)| *name == parameter.name()) else {
            return true;
        };
        let (name, value) = only_theirs.remove(at);
        match encoding(parameter.value(), value) {
            Some(why) => encodings.push((name, parameter.value(), value, why)),
            None => others.push((name, parameter.value(), value)),
        }
        false
    });
    if let Some((_, _, _, (_, remedy))) = encodings.first() {
        let lines = encodings.iter().map(|(name, ours, theirs, (what, _))| {
            format!(
                "{}: signed {}, the server has {}: {what}",
                name_of(name),
                shown(name, ours),
                shown(name, theirs)
            )
        });
        findings.push(Finding::proven(FindingKind::Encoding, listed(lines), *remedy));
    }
    if !others.is_empty() {
        let lines = others.iter().map(|(name, ours, theirs)| {
            format!("{}: signed {}, the server has {}", name_of(name), shown(name, ours), shown(name, theirs))
        });
        let remedy = "something changed the value after signing: sign exactly what is sent, as the last step \
                      before sending";
        findings.push(Finding::proven(FindingKind::Parameters, listed(lines), remedy));
    }
    if let Some(first) = only_ours.first() {
        let lines = only_ours.iter().map(|parameter| {
            let (name, value) = (parameter.name(), parameter.value());
            format!("only signed: {}={} ({})", name_of(name), shown(name, value), parameter.source())
        });
        findings.push(Finding::proven(FindingKind::Parameters, listed(lines), ours_remedy(first)));
    }
    if let Some((first, _)) = only_theirs.first() {
        let lines = only_theirs
            .iter()
            .map(|(name, value)| format!("only at the server: {}={}", name_of(name), shown(name, value)));
        findings.push(Finding::proven(FindingKind::Parameters, listed(lines), theirs_remedy(first)));
    }
    findings
}

fn ours_remedy(parameter: &SignedParameter) -> &'static str {
    let name = percent_decoded(parameter.name());
    match parameter.source() {
        ParameterSource::Form => {
            "the server does not read the form: check that the Content-Type is \
             application/x-www-form-urlencoded and that the method is one with a body. JSON and multipart \
             fields are not signed"
        }
        _ if name == "oauth_body_hash" => "the server does not take oauth_body_hash: leave it out",
        _ if name == "oauth_token" => "the server computes without the token: leave an empty oauth_token out",
        _ if name == "oauth_version" => "the server computes without oauth_version: leave it out",
        _ if name.ends_with("[]") || name.contains('[') => {
            "the server rewrites names with brackets (PHP, Rack, qs): number them (a[0], a[1]), or avoid them"
        }
        ParameterSource::Query => {
            "the server did not get the query parameter, or keeps one of several with the same name: send \
             what was signed, and avoid duplicate names"
        }
        _ => "the server ignores the parameter, or a proxy removes it: leave it out if it is optional",
    }
}

fn theirs_remedy(name: &str) -> &'static str {
    match percent_decoded(name).as_str() {
        "realm" => {
            "the server signs the realm, against RFC 5849 §3.4.1.3.1: leave the realm out if it is optional"
        }
        "oauth_signature" => "the server signs oauth_signature itself: that is a fault of the server",
        "photo" => "leave the photo out of the parameters of the upload: send it as a file",
        name if name.starts_with("oauth_") => {
            "the server has a protocol parameter that was not signed: it was added after signing, or is also \
             in the query or the form"
        }
        _ => {
            "the parameter was added after signing (by the client, a default parameter, or a proxy), or is \
             in a body that was not signed: add it before signing"
        }
    }
}

/// Returns the change that turns one encoded value into the other, and the remedy.
fn encoding(ours: &str, theirs: &str) -> Option<(&'static str, &'static str)> {
    if percent_decoded(theirs) == ours {
        return Some((
            "encoded once more",
            "the value is encoded twice: give it unencoded to the signer, or send it encoded once only",
        ));
    }
    if percent_decoded(ours) == theirs {
        return Some((
            "encoded once less",
            "the server takes the value as it stands in the request, without decoding it: use values of \
             A-Z a-z 0-9 - . _ ~, or send them as that server wants them (Mastercard's own signers encode \
             the header's values once less)",
        ));
    }
    if ours.replace("%20", "%2B") == theirs.replace("%20", "%2B") {
        return Some((
            "a space and a plus",
            "a '+' in a query or form is a space (RFC 5849 §3.4.1.3.1). Write a space as %20 and a plus as \
             %2B, so that no reader can differ",
        ));
    }
    ours.eq_ignore_ascii_case(theirs).then_some((
        "upper and lower case",
        "something changes the case of the value or of its escapes on the way: send it as it was signed",
    ))
}

fn name_of(name: &str) -> String {
    clip(name, 40)
}

fn shown(name: &str, value: &str) -> String {
    let is_secret = is_secret_name(&percent_decoded(&percent_decoded(name)));
    if is_secret { "[redacted]".to_owned() } else { clip(value, VALUE_LEN) }
}

fn listed(lines: impl ExactSizeIterator<Item = String>) -> String {
    let hidden = lines.len().saturating_sub(SHOWN);
    let mut text = lines.take(SHOWN).collect::<Vec<_>>().join("\n");
    if hidden > 0 {
        text = format!("{text}\nand {hidden} more");
    }
    text
}
