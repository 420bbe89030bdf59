//! RFC 5849 §2.1–2.3: a store in the memory of one process.

mod state;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::boxed::{BoxError, BoxFuture};

use super::super::grant::Grant;
use super::super::parts::Stage;
use super::{Revoke, Store};

use state::State;

/// A store in process memory, for tests and for a server that is one process.
///
/// It forgets all access tokens when the process ends. It drops no grant that has not expired to make room:
/// when a limit is reached, it rejects new request tokens with an error, and the
/// [`Issuer`](super::super::Issuer) responds with status 503.
/// # Limits
///
/// | limit | default | when it is reached |
/// |---|---|---|
/// | [`max_grants`](Self::max_grants) | 100,000 | no client gets a request token |
/// | [`max_pending_per_client`](Self::max_pending_per_client) | 1,000 | this client gets no request token |
/// | [`max_tokens_per_user`](Self::max_tokens_per_user) | 10 | the user's oldest token of this client is revoked |
///
/// A request token takes a place, and the grant keeps that place to its end: it can be approved and exchanged
/// in a full store. A client that asks for too many request tokens takes only its own places.
///
/// # Sizing
///
/// - `max_pending_per_client` ≥ (logins that a client starts each second) × (how long each stays
///   pending). Completed logins stay for about half a minute, abandoned ones for
///   [`Issuer::lifetime`](super::super::Issuer::lifetime), 600 s by default: the default allows 1.6
///   abandoned logins a second for each client.
/// - `max_grants` ≥ (access tokens in use) + (clients) × `max_pending_per_client`. Then no number of
///   flooding clients locks others out. Without
///   [`Issuer::token_lifetime`](super::super::Issuer::token_lifetime) the access tokens in use are all
///   that were ever issued and not revoked.
/// - Memory: less than 1 KiB for each grant (660 bytes were measured for a pending one, 870 bytes for an
///   access token), and the length of its callback, at most 2 KiB.
///
/// # Time
///
/// A method takes time logarithmic in the number of grants. Each [`insert`](Store::insert) and
/// [`advance`](Store::advance) drops a few expired grants, never all of them at once. Revoking the grants of
/// a client or a user takes time for each of them, but lets other calls run after every few.
///
/// # Examples
///
/// ```
/// use oauth1_signer::provider::{Issuer, MemoryStore};
///
/// let store = MemoryStore::new().max_grants(1_000_000).max_pending_per_client(10_000);
/// let issuer = Issuer::new(store);
/// # drop(issuer);
/// ```
#[must_use]
pub struct MemoryStore {
    limits: Limits,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug)]
struct Limits {
    grants: usize,
    pending_per_client: usize,
    tokens_per_user: usize,
}

/// The error of a store that takes no more grants.
#[derive(Debug, thiserror::Error)]
enum Rejected {
    #[error(
        "the store holds its {0} grants: raise MemoryStore::max_grants, or let access tokens expire with \
         Issuer::token_lifetime"
    )]
    Full(usize),
    #[error(
        "the client has its {0} pending grants: limit its rate, or raise MemoryStore::max_pending_per_client"
    )]
    Share(usize),
    #[error("a grant with this stage and token is stored already: tokens must be unique")]
    Taken,
}

/// The number of grants that are revoked before other calls get their turn.
const REVOKED_AT_ONCE: usize = 32;

impl MemoryStore {
    /// Creates an empty store with the default limits.
    pub fn new() -> Self {
        let limits = Limits { grants: 100_000, pending_per_client: 1_000, tokens_per_user: 10 };
        Self { limits, state: Mutex::default() }
    }

    /// Sets how many grants the store holds, at all stages together; 100,000 by default.
    pub fn max_grants(mut self, max: usize) -> Self {
        self.limits.grants = max;
        self
    }

    /// Sets how many grants each client may have that are pending or approved; 1,000 by default.
    pub fn max_pending_per_client(mut self, max: usize) -> Self {
        self.limits.pending_per_client = max;
        self
    }

    /// Sets how many access tokens each client may have for each user; 10 by default.
    ///
    /// One more access token revokes the oldest one. The exchange itself is not rejected, since the user has
    /// approved it: a client that has lost its token must be able to obtain another. A value of 0 means 1.
    pub fn max_tokens_per_user(mut self, max: usize) -> Self {
        self.limits.tokens_per_user = max.max(1);
        self
    }

    /// Returns the number of grants in the store. Some of them may have expired.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Returns `true` if the store holds no grant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn insert_now(&self, grant: Grant, now: u64) -> Result<(), Rejected> {
        let Limits { grants, pending_per_client, tokens_per_user } = self.limits;
        let mut state = self.lock();
        // Expired grants, and all that are removed below, are dropped after the lock is released.
        let _expired = state.remove_expired(now);
        let _own = state.remove_expired_of(grant.client_key(), now);
        if state.has(grant.stage(), grant.token()) {
            return Err(Rejected::Taken);
        }
        if state.len() >= grants {
            return Err(Rejected::Full(grants));
        }
        if grant.stage() != Stage::Exchanged && state.pending_of(grant.client_key()) >= pending_per_client {
            return Err(Rejected::Share(pending_per_client));
        }
        let _oldest = state.make_room_for(&grant, tokens_per_user);
        state.insert(grant);
        Ok(())
    }

    fn advance_now(&self, from: Stage, token: &str, to: Grant, now: u64) -> Result<bool, Rejected> {
        let mut state = self.lock();
        let _expired = state.remove_expired(now);
        if !state.has(from, token) {
            return Ok(false);
        }
        let is_same = (from, token) == (to.stage(), to.token());
        if !is_same && state.has(to.stage(), to.token()) {
            return Err(Rejected::Taken);
        }
        let _oldest = state.make_room_for(&to, self.limits.tokens_per_user);
        Ok(state.replace(from, token, to))
    }

    fn revoke_now(&self, what: Revoke<'_>) -> u64 {
        let mut revoked = 0;
        // Grants that are added later stay. Otherwise a client that keeps asking could keep this busy.
        let end = self.lock().next_id();
        loop {
            let some = self.lock().remove_some(what, end, REVOKED_AT_ONCE);
            revoked += some.len() as u64;
            if some.len() < REVOKED_AT_ONCE {
                return revoked;
            }
        }
    }

    /// Takes the lock. A panic elsewhere leaves the state intact: nothing panics between two steps of a
    /// change.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Store for MemoryStore {
    fn insert(&self, grant: Grant, now: u64) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(async move { Ok(self.insert_now(grant, now)?) })
    }

    fn find<'a>(&'a self, stage: Stage, token: &'a str) -> BoxFuture<'a, Result<Option<Grant>, BoxError>> {
        Box::pin(async move { Ok(self.lock().find(stage, token).cloned()) })
    }

    fn advance<'a>(
        &'a self,
        from: Stage,
        token: &'a str,
        to: Grant,
        now: u64,
    ) -> BoxFuture<'a, Result<bool, BoxError>> {
        Box::pin(async move { Ok(self.advance_now(from, token, to, now)?) })
    }

    fn revoke<'a>(&'a self, what: Revoke<'a>) -> BoxFuture<'a, Result<u64, BoxError>> {
        Box::pin(async move { Ok(self.revoke_now(what)) })
    }

    fn grants_of_user<'a>(
        &'a self,
        user: &'a str,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Grant>, BoxError>> {
        Box::pin(async move { Ok(self.lock().tokens_of(user, limit)) })
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("limits", &self.limits).finish_non_exhaustive()
    }
}
