//! The log that only the provider's operator reads, and never its clients.

use std::sync::{Arc, Mutex};

use oauth1_signer::explain::Explanation;
use oauth1_signer::verify::diagnosis::SignatureDiagnosis;
use oauth1_signer::verify::{Claim, Rejection};

use crate::Failure;
use crate::story::indented;

/// A log of the reasons why requests were rejected, and of the last diagnosis.
#[derive(Clone, Default)]
pub(crate) struct OperatorLog {
    entries: Arc<Mutex<Vec<Entry>>>,
    diagnosis: Arc<Mutex<Option<String>>>,
}

struct Entry {
    reason: String,
    /// The base string that the provider computed.
    base_string: Option<String>,
}

impl OperatorLog {
    pub(crate) fn write(&self, rejection: &Rejection, claim: Option<&Claim<'_>>) {
        let entry = Entry {
            reason: rejection.to_string(),
            base_string: claim.map(|claim| claim.explanation().base_string().to_owned()),
        };
        if let Ok(mut entries) = self.entries.lock() {
            entries.push(entry);
        }
    }

    pub(crate) fn write_diagnosis(&self, diagnosis: &SignatureDiagnosis) {
        if let Ok(mut last) = self.diagnosis.lock() {
            *last = Some(diagnosis.to_string());
        }
    }

    /// Prints the last diagnosis of a wrong signature.
    pub(crate) fn print_last_diagnosis(&self) -> Result<(), Failure> {
        let diagnosis = self.diagnosis.lock().ok().and_then(|mut last| last.take());
        let diagnosis = diagnosis.ok_or("no signature was diagnosed")?;
        println!("  The provider has both secrets. It tries the mistakes that clients are known for.\n");
        println!("{}\n", indented(&diagnosis));
        Ok(())
    }

    /// Prints the last reason, and the difference between the base strings of client and provider.
    pub(crate) fn print_last(&self, client: Option<&Explanation>) -> Result<(), Failure> {
        let entry = self.entries.lock().ok().and_then(|mut entries| entries.pop());
        let entry = entry.ok_or("the operator's log is empty")?;
        println!("    operator's log: {}", entry.reason);
        if let (Some(client), Some(computed)) = (client, &entry.base_string) {
            println!("    compared with what the printer has signed:");
            for difference in client.differences(computed) {
                println!("      {difference}");
            }
        }
        println!();
        Ok(())
    }
}
