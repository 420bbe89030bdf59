//! The log that only the provider's operator reads, and never its clients.

use std::sync::{Arc, Mutex};

use oauth1_signer::explain::Explanation;
use oauth1_signer::verify::{Claim, Rejection};

use crate::Failure;

/// A log of the reasons why requests were rejected.
#[derive(Clone, Default)]
pub(crate) struct OperatorLog(Arc<Mutex<Vec<Entry>>>);

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
        if let Ok(mut entries) = self.0.lock() {
            entries.push(entry);
        }
    }

    /// Prints the last reason, and the difference between the base strings of client and provider.
    pub(crate) fn print_last(&self, client: Option<&Explanation>) -> Result<(), Failure> {
        let entry = self.0.lock().ok().and_then(|mut entries| entries.pop());
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
