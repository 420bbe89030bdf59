//! Runs all checks, those that explain most first.

use http::StatusCode;

use crate::problem::Problem;
use crate::signer::Signer;

use super::changed;
use super::clock::{Clock, Verdict};
use super::codes::{Report, Says};
use super::compare::{self, Comparison};
use super::credentials;
use super::finding::{Certainty, Finding};
use super::hosts;
use super::kind::FindingKind;
use super::page;
use super::printed;
use super::quirks;
use super::received::Received;
use super::sent::Sent;
use super::status;
use super::structure;

/// The facts that are known in addition to request and response.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known<'a> {
    pub(super) signer: Option<&'a Signer>,
    pub(super) final_url: Option<&'a str>,
    pub(super) base_string: Option<&'a str>,
    pub(super) temporary_token: Option<&'a str>,
}

/// One run of all checks.
pub(super) struct Examination<'e, 'a> {
    pub(super) known: Known<'a>,
    pub(super) sent: &'e Sent<'a>,
    pub(super) received: Option<&'e Received<'e>>,
    pub(super) reports: Vec<Report>,
    pub(super) problem: Option<&'e Problem>,
    pub(super) findings: Vec<Finding>,
    pub(super) checked: Vec<String>,
}

impl Examination<'_, '_> {
    pub(super) fn run(mut self) -> (String, Vec<Finding>, Vec<String>) {
        let summary = self.summary();
        if self.is_accepted() {
            return (summary, self.findings, self.checked);
        }
        if let Some(received) = self.received {
            self.findings.extend(status::redirect(self.sent, received));
            if !self.findings.is_empty() {
                return (summary, self.findings, self.checked);
            }
        }
        let followed = self.known.final_url.and_then(|url| status::followed(self.sent, url));
        self.findings.extend(followed);
        self.findings.extend(structure::findings(self.sent));
        self.reported_causes();
        let of_status = if self.reports.is_empty() { self.received.and_then(status::finding) } else { None };
        if let Some(finding) = of_status {
            self.findings.push(finding);
            return (summary, self.findings, self.checked);
        }
        if self.sent.is_signed() {
            self.search();
        }
        (summary, self.findings, self.checked)
    }

    /// Returns `true` if there is nothing to explain. Some servers reject a request with status 200.
    fn is_accepted(&self) -> bool {
        self.received.is_some_and(|received| received.status.is_success()) && self.reports.is_empty()
    }

    fn summary(&self) -> String {
        let host = page::clip(self.sent.host(), 80);
        let from = if host.is_empty() { String::new() } else { format!(" from {host}") };
        let Some(received) = self.received else { return format!("A request to {host}, without a response") };
        let reported: Vec<&str> = self.reports.iter().map(|report| report.shown.as_str()).take(3).collect();
        let says = if reported.is_empty() {
            String::new()
        } else {
            format!(": the server reports {}", reported.join(", "))
        };
        let unread = if received.is_compressed { " (its body is compressed and was not read)" } else { "" };
        format!("{}{from}{says}{unread}", status_line(received.status))
    }

    fn reported_causes(&mut self) {
        for report in &self.reports {
            if let Says::Cause(kind) = report.says
                && kind != FindingKind::Clock
            {
                let evidence = self.evidence_of(report);
                self.findings.push(Finding::new(kind, report.certainty, evidence, report.remedy));
            }
        }
    }

    /// Returns the report as evidence, with its fields of the Problem Reporting extension.
    fn evidence_of(&self, report: &Report) -> String {
        let mut evidence = format!("the server reports {}", report.shown);
        let Some(problem) = self.problem else { return evidence };
        let absent = problem.parameters_absent();
        let rejected = problem.parameters_rejected();
        let names: Vec<String> = match report.says {
            Says::Cause(FindingKind::ParameterMissing) => absent,
            Says::Cause(FindingKind::ParameterRejected) => {
                rejected.into_iter().map(|(name, _)| name).collect()
            }
            _ => Vec::new(),
        };
        let names: Vec<String> = names.iter().take(8).map(|name| page::clip(name, 40)).collect();
        if !names.is_empty() {
            evidence.push_str(": ");
            evidence.push_str(&names.join(", "));
        }
        evidence
    }

    /// Searches for the cause of a wrong signature, or of a rejection without a reason.
    fn search(&mut self) {
        let is_clock = self.reports.iter().any(|report| report.says == Says::Cause(FindingKind::Clock));
        let has_cause = self.reports.iter().any(|report| matches!(report.says, Says::Cause(_)));
        let says_signature = self.reports.iter().any(|report| report.says == Says::Signature);
        // A finding that the server does not mention is only possible if the server names another cause.
        let limit = if has_cause { Certainty::Possible } else { Certainty::Proven };
        let clock_limit = match (is_clock, has_cause || says_signature) {
            (true, _) => Certainty::Proven,
            (false, true) => Certainty::Possible,
            (false, false) => Certainty::Likely,
        };
        let is_same_base_string = self.compare();
        let is_right = self.check_signature(limit);
        self.check_clock(is_clock, clock_limit);
        // Findings that are only possible do not help if the server names the cause.
        let is_worth_it = |finding: &Finding| !has_cause || finding.certainty() > Certainty::Possible;
        let found = credentials::findings(self.sent, self.known.signer, self.known.temporary_token);
        let of_identifiers = self
            .reports
            .iter()
            .any(|report| matches!(report.says, Says::Cause(FindingKind::ConsumerKey | FindingKind::Token)));
        let credentials_limit = if of_identifiers { Certainty::Likely } else { limit };
        self.findings
            .extend(found.into_iter().filter(is_worth_it).map(|finding| finding.at_most(credentials_limit)));
        let of_host = hosts::findings(self.sent).into_iter();
        let of_host = of_host.chain(quirks::unsigned_fields(self.sent)).chain(quirks::user_agent(self.sent));
        self.findings.extend(of_host.filter(is_worth_it).map(|finding| finding.at_most(limit)));
        let is_explained =
            has_cause || self.findings.iter().any(|finding| finding.certainty() >= Certainty::Likely);
        if is_same_base_string || !is_explained {
            self.blame_a_secret(is_same_base_string, is_right, says_signature);
        }
    }

    /// Compares the server's base string with ours. Returns `true` if they are the same.
    fn compare(&mut self) -> bool {
        let mut theirs: Vec<String> = self.received.map(printed::base_strings).unwrap_or_default();
        if let Some(given) = self.known.base_string {
            if given.len() > printed::MAX_LEN {
                self.checked.push(format!(
                    "the server's base string was not compared: it has {} bytes, more than {}",
                    given.len(),
                    printed::MAX_LEN
                ));
            } else {
                theirs.insert(0, given.trim().to_owned());
            }
        }
        if theirs.is_empty() {
            return false;
        }
        let Some(ours) = self.sent.explanation() else { return false };
        let mut closest: Option<Vec<Finding>> = None;
        for text in &theirs {
            match compare::compare(&ours, text) {
                Comparison::Equal => {
                    self.checked.push("the server's base string is that of the request".to_owned());
                    return true;
                }
                Comparison::Differs(found) => {
                    let is_closer = closest.as_ref().is_none_or(|closest| found.len() < closest.len());
                    if is_closer {
                        closest = Some(found);
                    }
                }
                Comparison::Unusable => {}
            }
        }
        match closest {
            Some(found) => self.findings.extend(found),
            None if self.known.base_string.is_some() => self.findings.push(Finding::proven(
                FindingKind::NotAboutOAuth,
                "the server's base string that was given is none: it has not three parts with & between",
                "give the text that starts with the method, such as GET&https%3A%2F%2F…",
            )),
            None => {}
        }
        false
    }

    /// Returns `true` if the request has the signature that the signer gives.
    fn check_signature(&mut self, limit: Certainty) -> bool {
        self.findings.extend(changed::body_hash(self.sent).map(|finding| finding.at_most(limit)));
        let Some(signer) = self.known.signer else { return false };
        match changed::check(self.sent, signer) {
            changed::Signature::Right => {
                self.checked
                    .push("the signature is the one that these credentials give for this request".to_owned());
                true
            }
            changed::Signature::Wrong(finding) => {
                self.findings.push(finding.at_most(limit));
                false
            }
            changed::Signature::Unknown => false,
        }
    }

    fn check_clock(&mut self, is_reported: bool, limit: Certainty) {
        let clock = Clock {
            timestamp: self.sent.parameter("oauth_timestamp"),
            date: self.received.and_then(Received::date),
            acceptable: self.problem.and_then(Problem::acceptable_timestamps),
        };
        let report = self.reports.iter().find(|report| report.says == Says::Cause(FindingKind::Clock));
        match (clock.verdict(), report) {
            (Verdict::Wrong(finding), None) => self.findings.push(finding.at_most(limit)),
            // The server reports the problem, and the clocks show the difference.
            (Verdict::Wrong(finding), Some(report)) => {
                let evidence = format!("the server reports {}\n{}", report.shown, finding.evidence());
                self.findings.push(Finding::new(
                    FindingKind::Clock,
                    report.certainty,
                    evidence,
                    finding.remedy(),
                ));
            }
            (Verdict::Right(line), None) => self.checked.push(line),
            (Verdict::Right(line), Some(report)) => {
                let evidence = format!("the server reports {}, but {line}", report.shown);
                self.findings.push(Finding::new(
                    FindingKind::Clock,
                    report.certainty,
                    evidence,
                    report.remedy,
                ));
            }
            (Verdict::Unknown, Some(report)) => {
                let evidence = self.evidence_of(report);
                self.findings.push(Finding::new(
                    FindingKind::Clock,
                    report.certainty,
                    evidence,
                    report.remedy,
                ));
            }
            (Verdict::Unknown, None) => {}
        }
        debug_assert_eq!(is_reported, report.is_some());
    }

    /// Reports a wrong secret if nothing else explains the response.
    fn blame_a_secret(&mut self, is_same_base_string: bool, is_right: bool, says_signature: bool) {
        if self.received.is_some_and(|received| received.status == StatusCode::FORBIDDEN)
            && self.reports.is_empty()
            && !is_same_base_string
        {
            self.findings.push(Finding::likely(
                FindingKind::Permission,
                "the status is 403, and the response reports no OAuth problem",
                "the signature was most likely accepted, and the application or the user may not do this: \
                 check its permissions and access level",
            ));
            return;
        }
        let is_rsa = self.sent.method_name().starts_with("RSA-");
        let mut evidence = String::new();
        if is_same_base_string {
            evidence.push_str("the server computed the same base string, so the keys differ");
        } else if is_right {
            evidence.push_str("the request carries the signature that the given credentials make for it");
        } else {
            evidence.push_str("nothing in the request or the response explains the rejection");
        }
        let unclear = self.reports.iter().find(|report| report.says == Says::Unclear);
        let remedy = match (is_rsa, unclear) {
            (_, Some(report)) if !is_same_base_string => {
                format!("{}; {CHECK_SECRETS}", report.remedy)
            }
            (true, _) => CHECK_RSA_KEY.to_owned(),
            (false, _) if says_signature || is_same_base_string => CHECK_SECRETS.to_owned(),
            (false, _) => format!("check that key and token are known to this server, and {CHECK_SECRETS}"),
        };
        let certainty = match (is_same_base_string, says_signature) {
            (true, _) => Certainty::Proven,
            (false, true) => Certainty::Likely,
            (false, false) => Certainty::Possible,
        };
        self.findings.push(Finding::new(FindingKind::Secret, certainty, evidence, remedy));
    }
}

const CHECK_SECRETS: &str = "copy both secrets again from the provider's page, of the same application and \
                             environment (sandbox or production); the token secret must have come with this \
                             token. To check a pair, sign the base string with it (Signer::sign_bytes) and \
                             compare with a signature that the server accepted";

const CHECK_RSA_KEY: &str = "check that the private key belongs to the certificate or public key that is \
                             registered for this consumer key, in this environment (sandbox or production)";

fn status_line(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or_default();
    format!("{} {reason}", status.as_u16()).trim_end().to_owned()
}
