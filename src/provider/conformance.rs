//! Conformance tests for implementations of [`Store`], such as one over SQL.
//!
//! Call [`check_store`] in the tests of your store. It checks each rule of [`Store`] on an empty store, and
//! names the first rule that is broken.

mod waiting;
mod rules;

use std::fmt;

use crate::boxed::BoxError;

use super::store::Store;

use rules::{Context, RULES};

/// Checks that the stores that `make` returns keep the rules of [`Store`].
///
/// `make` is called once for each rule, and must return an empty store each time: a new database, or
/// the same one with its table emptied. The stores must accept at least 200 grants of one client and 20
/// access tokens of one user.
///
/// Call it inside the async runtime that your store needs; the test itself needs none. Concurrent calls are
/// polled together. If the store never waits for anything, they also run on several threads.
///
/// # Errors
///
/// Returns [`BrokenRule`] for the first rule that is broken, or that could not be checked because the store
/// returned an error.
///
/// # Examples
///
/// ```
/// use oauth1_signer::provider::MemoryStore;
/// use oauth1_signer::provider::conformance::{BrokenRule, check_store};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BrokenRule> {
/// check_store(async || Ok(MemoryStore::new().max_tokens_per_user(20))).await
/// # }
/// ```
#[doc(alias = "test")]
pub async fn check_store<S, F>(make: F) -> Result<(), BrokenRule>
where
    S: Store,
    F: AsyncFn() -> Result<S, BoxError>,
{
    let mut never_waits = true;
    for rule in RULES {
        let broken = |found| BrokenRule { rule: rule.name, remedy: rule.remedy, found };
        let store = make().await.map_err(|error| broken(format!("no store could be made: {error}")))?;
        let mut context = Context { store: &store, never_waits };
        (rule.check)(&mut context).await.map_err(broken)?;
        never_waits = context.never_waits;
    }
    Ok(())
}

/// Checks that a store lets each client have `max` pending grants, and no more.
///
/// This rule is optional, since a server may limit its clients elsewhere. `store` must be empty.
///
/// # Errors
///
/// Returns [`BrokenRule`] if a client gets more than `max`, or if its flood takes room from another client.
///
/// # Examples
///
/// ```
/// use oauth1_signer::provider::MemoryStore;
/// use oauth1_signer::provider::conformance::{BrokenRule, check_share};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BrokenRule> {
/// check_share(&MemoryStore::new().max_pending_per_client(50), 50).await
/// # }
/// ```
pub async fn check_share(store: &impl Store, max: usize) -> Result<(), BrokenRule> {
    let mut context = Context { store, never_waits: false };
    rules::share(&mut context, max).await.map_err(|found| BrokenRule {
        rule: "a client has a limited share of pending grants",
        remedy: "count the pending and approved grants of the client in the statement that inserts",
        found,
    })
}

/// A rule of [`Store`] that a store breaks.
///
/// Its text contains the rule, what the store did, and the remedy.
///
/// # Examples
///
/// ```
/// use oauth1_signer::provider::MemoryStore;
/// use oauth1_signer::provider::conformance::check_share;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let broken = check_share(&MemoryStore::new(), 10).await.unwrap_err();
/// assert_eq!(broken.rule(), "a client has a limited share of pending grants");
/// println!("{broken}");
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenRule {
    rule: &'static str,
    remedy: &'static str,
    found: String,
}

impl BrokenRule {
    /// Returns the rule, as a sentence without a period.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        self.rule
    }

    /// Returns the remedy: what to change in the store.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        self.remedy
    }

    /// Returns what the store did instead.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.found
    }
}

impl fmt::Display for BrokenRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store breaks a rule: {}; found: {}; remedy: {}", self.rule, self.found, self.remedy)
    }
}

impl std::error::Error for BrokenRule {}
