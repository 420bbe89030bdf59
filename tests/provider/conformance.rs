//! The public test of stores passes the one in memory, and names what each broken one breaks.

use std::sync::{Arc, Mutex};

use oauth1_signer::provider::conformance::{BrokenRule, check_share, check_store};
use oauth1_signer::provider::{Grant, GrantParts, MemoryStore, Revoke, Stage, Store};
use oauth1_signer::{BoxError, BoxFuture};

/// A store that keeps the rules but for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bug {
    None,
    ForgetsTheVerifier,
    CutsTheCallback,
    IgnoresCase,
    IgnoresTheStage,
    Replaces,
    Upserts,
    RemovesThenInserts,
    DropsEarly,
    RevokesExchangedOnly,
    RevokesAllClients,
    ListsAll,
    ListsUnsorted,
}

/// As somebody would write it over a table, with a pause where a database answers.
struct Table {
    bug: Bug,
    pauses: bool,
    rows: Mutex<Vec<Grant>>,
}

impl Table {
    fn new(bug: Bug, pauses: bool) -> Self {
        Self { bug, pauses, rows: Mutex::default() }
    }

    async fn pause(&self) {
        if self.pauses {
            tokio::task::yield_now().await;
        }
    }

    fn is(&self, row: &Grant, stage: Stage, token: &str) -> bool {
        let is_token = match self.bug {
            Bug::IgnoresCase => row.token().eq_ignore_ascii_case(token),
            _ => row.token() == token,
        };
        is_token && (row.stage() == stage || self.bug == Bug::IgnoresTheStage)
    }

    fn saved(&self, grant: Grant) -> Grant {
        let mut parts: GrantParts = grant.into_parts();
        match self.bug {
            Bug::ForgetsTheVerifier => parts.verifier = parts.verifier.map(|_| String::new()),
            Bug::CutsTheCallback => {
                parts.callback = parts.callback.map(|callback| callback.chars().take(255).collect());
            }
            _ => {}
        }
        Grant::from_parts(parts).unwrap()
    }

    fn advance_at_once(&self, from: Stage, token: &str, to: Grant) -> bool {
        let mut rows = self.rows.lock().unwrap();
        if let Some(row) = rows.iter_mut().find(|row| self.is(row, from, token)) {
            *row = self.saved(to);
            return true;
        }
        if self.bug == Bug::Upserts {
            rows.push(self.saved(to));
        }
        false
    }

    fn is_revoked(&self, row: &Grant, what: Revoke<'_>) -> bool {
        let is_exchanged = row.stage() == Stage::Exchanged;
        match what {
            Revoke::Token(token) => is_exchanged && self.is(row, Stage::Exchanged, token),
            Revoke::Client(client) => row.client_key() == client,
            Revoke::User(user) => {
                row.user() == Some(user) && (is_exchanged || self.bug != Bug::RevokesExchangedOnly)
            }
            Revoke::UserOfClient { user, client_key } => {
                row.user() == Some(user)
                    && (row.client_key() == client_key || self.bug == Bug::RevokesAllClients)
            }
        }
    }
}

impl Store for Table {
    fn insert(&self, grant: Grant, now: u64) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(async move {
            self.pause().await;
            let mut rows = self.rows.lock().unwrap();
            let limit = if self.bug == Bug::DropsEarly { now + 60 } else { now };
            rows.retain(|row| row.expires().is_none_or(|expires| expires > limit));
            if let Some(row) = rows.iter_mut().find(|row| self.is(row, grant.stage(), grant.token())) {
                if self.bug == Bug::Replaces {
                    *row = grant;
                    return Ok(());
                }
                return Err("UNIQUE constraint failed".into());
            }
            rows.push(self.saved(grant));
            Ok(())
        })
    }

    fn find<'a>(&'a self, stage: Stage, token: &'a str) -> BoxFuture<'a, Result<Option<Grant>, BoxError>> {
        Box::pin(async move {
            self.pause().await;
            Ok(self.rows.lock().unwrap().iter().find(|row| self.is(row, stage, token)).cloned())
        })
    }

    fn advance<'a>(
        &'a self,
        from: Stage,
        token: &'a str,
        to: Grant,
        _: u64,
    ) -> BoxFuture<'a, Result<bool, BoxError>> {
        Box::pin(async move {
            if self.bug == Bug::RemovesThenInserts {
                let is_there = self.rows.lock().unwrap().iter().any(|row| self.is(row, from, token));
                // A thread that lost its turn here, or a statement of its own.
                self.pause().await;
                std::thread::yield_now();
                self.rows.lock().unwrap().retain(|row| !self.is(row, from, token));
                if is_there {
                    self.rows.lock().unwrap().push(self.saved(to));
                }
                return Ok(is_there);
            }
            self.pause().await;
            Ok(self.advance_at_once(from, token, to))
        })
    }

    fn revoke<'a>(&'a self, what: Revoke<'a>) -> BoxFuture<'a, Result<u64, BoxError>> {
        Box::pin(async move {
            self.pause().await;
            let mut rows = self.rows.lock().unwrap();
            let before = rows.len();
            rows.retain(|row| !self.is_revoked(row, what));
            Ok((before - rows.len()) as u64)
        })
    }

    fn grants_of_user<'a>(
        &'a self,
        user: &'a str,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Grant>, BoxError>> {
        Box::pin(async move {
            self.pause().await;
            let rows = self.rows.lock().unwrap();
            let of_user =
                rows.iter().filter(|row| row.stage() == Stage::Exchanged && row.user() == Some(user));
            let mut listed: Vec<Grant> = of_user.cloned().collect();
            if self.bug != Bug::ListsUnsorted {
                listed.sort_by(|one, next| one.client_key().cmp(next.client_key()));
            }
            if self.bug != Bug::ListsAll {
                listed.truncate(limit);
            }
            Ok(listed)
        })
    }
}

async fn check(bug: Bug, pauses: bool) -> Result<(), BrokenRule> {
    check_store(async || Ok(Table::new(bug, pauses))).await
}

#[tokio::test]
async fn stores_that_keep_the_rules_pass() {
    check_store(async || Ok(MemoryStore::new().max_tokens_per_user(20))).await.unwrap();
    let shared = async || {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new().max_tokens_per_user(20));
        Ok(store)
    };
    check_store(shared).await.unwrap();
    check(Bug::None, true).await.unwrap();
    check(Bug::None, false).await.unwrap();
}

#[tokio::test]
async fn each_broken_store_is_told_its_rule() {
    for (bug, rule) in [
        (Bug::ForgetsTheVerifier, "a grant is loaded as it was stored"),
        (Bug::CutsTheCallback, "a grant is loaded as it was stored"),
        (Bug::IgnoresCase, "text is compared byte by byte"),
        (Bug::IgnoresTheStage, "a token is found at its own stage only"),
        (Bug::Replaces, "an insertion never replaces a grant"),
        (Bug::Upserts, "a grant advances in place, and only if it is there"),
        (Bug::RemovesThenInserts, "of several who advance a grant, exactly one does"),
        (Bug::DropsEarly, "no grant is dropped before it expires"),
        (Bug::RevokesExchangedOnly, "a revocation removes what it describes, and nothing else"),
        (Bug::RevokesAllClients, "a revocation removes what it describes, and nothing else"),
        (Bug::ListsAll, "a user's access tokens are listed, at most as many as wanted"),
        (Bug::ListsUnsorted, "a user's access tokens are listed, at most as many as wanted"),
    ] {
        for pauses in [true, false] {
            let broken = check(bug, pauses).await.expect_err(&format!("{bug:?} passes"));
            assert_eq!(broken.rule(), rule, "{bug:?}: {broken}");
            let text = broken.to_string();
            assert!(text.contains(broken.remedy()) && text.contains(broken.found()), "{text}");
        }
    }
}

/// A share is optional: it is a test of its own.
#[tokio::test]
async fn the_share_of_a_client_is_checked() {
    check_share(&MemoryStore::new().max_pending_per_client(30), 30).await.unwrap();
    for (store, max) in [
        (MemoryStore::new().max_pending_per_client(31), 30),
        (MemoryStore::new().max_pending_per_client(29), 30),
        (MemoryStore::new().max_grants(30), 30),
    ] {
        let broken = check_share(&store, max).await.unwrap_err();
        assert_eq!(broken.rule(), "a client has a limited share of pending grants");
    }
}

#[tokio::test]
async fn a_store_that_cannot_be_made_is_an_error() {
    let broken = check_store(async || Err::<MemoryStore, _>("no such table".into())).await.unwrap_err();
    assert!(broken.found().contains("no such table"), "{broken}");
}
