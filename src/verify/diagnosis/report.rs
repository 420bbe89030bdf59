//! Prints a diagnosis as a page for the operator.

use std::fmt;

use super::{SignatureDiagnosis, SignatureFinding};
use crate::explain::Difference;

impl fmt::Display for SignatureDiagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = self.explanation.signature_method();
        writeln!(f, "signature    {method}, from client {:?}", self.client_key)?;
        write!(f, "result       {}", self.outcome.explanation())?;
        if let Some(finding) = &self.finding {
            self.write_finding(f, finding)?;
        }
        write!(f, "\nserver       {}", Plain(self.explanation.base_string()))?;
        let rest = if self.is_complete { "" } else { "; the bound on the work has left some out" };
        write!(f, "\ntried        {} candidates{rest}", self.candidates)
    }
}

impl SignatureDiagnosis {
    fn write_finding(&self, f: &mut fmt::Formatter<'_>, finding: &SignatureFinding) -> fmt::Result {
        for mistake in &finding.mistakes {
            write!(f, "\nmistake      {mistake}\n             {}", mistake.explanation())?;
            write!(f, "\nremedy       {}", mistake.remedy())?;
            if let [first, rest @ ..] = mistake.libraries() {
                write!(f, "\nknown for    {first}")?;
                rest.iter().try_for_each(|library| write!(f, ", {library}"))?;
            }
        }
        if let [first, rest @ ..] = &finding.alternatives[..] {
            write!(f, "\nor           {first}")?;
            rest.iter().try_for_each(|other| write!(f, ", {other}"))?;
            f.write_str(", which make the same signature for this request")?;
        }
        if finding.base_string == self.explanation.base_string() {
            return f.write_str("\nclient       signed the same base string");
        }
        write!(f, "\nclient       {}", Plain(&finding.base_string))?;
        for difference in self.explanation.differences(&finding.base_string) {
            // In this text, "ours" means the server's.
            if !matches!(difference, Difference::NotABaseString) {
                write!(f, "\n             {}", Plain(&difference.to_string()))?;
            }
        }
        Ok(())
    }
}

/// A text that prints in one line. A line break from the request could forge another line of a log.
struct Plain<'t>(&'t str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        for character in self.0.chars() {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?;
            } else {
                f.write_char(character)?;
            }
        }
        Ok(())
    }
}
