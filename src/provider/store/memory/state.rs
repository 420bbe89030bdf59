//! The grants of a [`MemoryStore`](super::MemoryStore), and the indexes over them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::super::grant::Grant;
use super::super::super::parts::Stage;
use super::super::Revoke;

/// The grants, each under a number that it keeps from the request token on, and the indexes.
///
/// All of them are trees: a hash table that grows moves all its entries in one call.
#[derive(Default)]
pub(super) struct State {
    next: u64,
    grants: BTreeMap<u64, Grant>,
    /// The numbers of the grants, by stage and token.
    tokens: BTreeMap<Stage, BTreeMap<String, u64>>,
    /// The grants that expire, with the time, the earliest first.
    expiring: BTreeSet<(u64, u64)>,
    clients: BTreeMap<Arc<str>, OfClient>,
    /// The approved and the exchanged grants, by user and client, the oldest first.
    approved: ByUser,
    exchanged: ByUser,
}

type ByUser = BTreeMap<(Arc<str>, Arc<str>), BTreeSet<u64>>;

#[derive(Default)]
struct OfClient {
    /// The pending and approved grants, with the time when they expire.
    open: BTreeSet<(u64, u64)>,
    exchanged: BTreeSet<u64>,
}

/// The number of expired grants that one call drops.
///
/// It is more than one, so that expired grants become fewer while new ones come.
const DROPPED_AT_ONCE: usize = 8;

impl State {
    pub(super) fn len(&self) -> usize {
        self.grants.len()
    }

    /// Returns the number of the next grant. All stored grants have smaller numbers.
    pub(super) fn next_id(&self) -> u64 {
        self.next
    }

    pub(super) fn has(&self, stage: Stage, token: &str) -> bool {
        self.id(stage, token).is_some()
    }

    pub(super) fn find(&self, stage: Stage, token: &str) -> Option<&Grant> {
        self.grants.get(&self.id(stage, token)?)
    }

    pub(super) fn pending_of(&self, client_key: &str) -> usize {
        self.clients.get(client_key).map_or(0, |client| client.open.len())
    }

    pub(super) fn tokens_of(&self, user: &str, limit: usize) -> Vec<Grant> {
        let ids = of_user(&self.exchanged, user, None);
        ids.filter_map(|id| self.grants.get(&id)).take(limit).cloned().collect()
    }

    pub(super) fn insert(&mut self, grant: Grant) {
        let id = self.next;
        self.next += 1;
        self.link(id, grant);
    }

    /// Replaces a grant. Returns `true` if there was one to replace.
    pub(super) fn replace(&mut self, from: Stage, token: &str, to: Grant) -> bool {
        let Some(id) = self.id(from, token) else { return false };
        self.unlink(id);
        // Nobody looks up a grant that has ended, so its place is free at once.
        if to.stage() != Stage::Ended {
            self.link(id, to);
        }
        true
    }

    /// Removes the oldest access tokens of the user and client, if `grant` would be one too many.
    pub(super) fn make_room_for(&mut self, grant: &Grant, max_tokens_per_user: usize) -> Vec<Grant> {
        let (Stage::Exchanged, Some(user)) = (grant.stage(), grant.user()) else { return Vec::new() };
        let key = (Arc::from(user), Arc::from(grant.client_key()));
        let Some(ids) = self.exchanged.get(&key) else { return Vec::new() };
        let excess = (ids.len() + 1).saturating_sub(max_tokens_per_user);
        let oldest: Vec<u64> = ids.iter().copied().take(excess).collect();
        self.remove(oldest)
    }

    pub(super) fn remove_expired(&mut self, now: u64) -> Vec<Grant> {
        let expired = self.expiring.range(..=(now, u64::MAX)).map(|(_, id)| *id);
        let expired: Vec<u64> = expired.take(DROPPED_AT_ONCE).collect();
        self.remove(expired)
    }

    /// Removes the expired grants of a client, which then has room again whatever else has to be dropped.
    pub(super) fn remove_expired_of(&mut self, client_key: &str, now: u64) -> Vec<Grant> {
        let Some(client) = self.clients.get(client_key) else { return Vec::new() };
        let expired = client.open.range(..=(now, u64::MAX)).map(|(_, id)| *id);
        let expired: Vec<u64> = expired.take(DROPPED_AT_ONCE).collect();
        self.remove(expired)
    }

    /// Removes at most `max` of the described grants whose numbers are below `end`.
    pub(super) fn remove_some(&mut self, what: Revoke<'_>, end: u64, max: usize) -> Vec<Grant> {
        let users = [&self.approved, &self.exchanged];
        let ids: Vec<u64> = match what {
            Revoke::Token(token) => self.id(Stage::Exchanged, token).into_iter().collect(),
            Revoke::Client(client_key) => {
                let client = self.clients.get(client_key).into_iter();
                let ids = client.flat_map(|client| {
                    client.exchanged.iter().copied().chain(client.open.iter().map(|(_, id)| *id))
                });
                ids.filter(|id| *id < end).take(max).collect()
            }
            Revoke::User(user) => {
                let ids = users.into_iter().flat_map(|users| of_user(users, user, None));
                ids.filter(|id| *id < end).take(max).collect()
            }
            Revoke::UserOfClient { user, client_key } => {
                let ids = users.into_iter().flat_map(|users| of_user(users, user, Some(client_key)));
                ids.filter(|id| *id < end).take(max).collect()
            }
        };
        self.remove(ids)
    }

    fn id(&self, stage: Stage, token: &str) -> Option<u64> {
        self.tokens.get(&stage)?.get(token).copied()
    }

    fn remove(&mut self, ids: Vec<u64>) -> Vec<Grant> {
        ids.into_iter().filter_map(|id| self.unlink(id)).collect()
    }

    fn link(&mut self, id: u64, grant: Grant) {
        let (stage, client) = (grant.stage(), self.client(grant.client_key()));
        self.tokens.entry(stage).or_default().insert(grant.token().to_owned(), id);
        if let Some(expires) = grant.expires() {
            self.expiring.insert((expires, id));
        }
        let of_client = self.clients.entry(Arc::clone(&client)).or_default();
        if stage == Stage::Exchanged {
            of_client.exchanged.insert(id);
        } else {
            of_client.open.insert((grant.expires().unwrap_or(u64::MAX), id));
        }
        if let Some(user) = grant.user() {
            self.users(stage).entry((user.into(), client)).or_default().insert(id);
        }
        self.grants.insert(id, grant);
    }

    fn unlink(&mut self, id: u64) -> Option<Grant> {
        let grant = self.grants.remove(&id)?;
        let stage = grant.stage();
        if let Some(tokens) = self.tokens.get_mut(&stage) {
            tokens.remove(grant.token());
        }
        if let Some(expires) = grant.expires() {
            self.expiring.remove(&(expires, id));
        }
        if let Some(of_client) = self.clients.get_mut(grant.client_key()) {
            of_client.exchanged.remove(&id);
            of_client.open.remove(&(grant.expires().unwrap_or(u64::MAX), id));
            if of_client.exchanged.is_empty() && of_client.open.is_empty() {
                self.clients.remove(grant.client_key());
            }
        }
        if let Some(user) = grant.user() {
            let key = (Arc::from(user), Arc::from(grant.client_key()));
            let users = self.users(stage);
            if let Some(ids) = users.get_mut(&key) {
                ids.remove(&id);
                if ids.is_empty() {
                    users.remove(&key);
                }
            }
        }
        Some(grant)
    }

    fn users(&mut self, stage: Stage) -> &mut ByUser {
        if stage == Stage::Exchanged { &mut self.exchanged } else { &mut self.approved }
    }

    /// Returns the client's key, sharing the memory of an existing entry.
    fn client(&self, client_key: &str) -> Arc<str> {
        self.clients.get_key_value(client_key).map_or_else(|| client_key.into(), |(key, _)| Arc::clone(key))
    }
}

/// Returns the numbers of a user's grants, at one client or at all clients.
fn of_user<'s>(
    users: &'s ByUser,
    user: &'s str,
    client_key: Option<&str>,
) -> impl Iterator<Item = u64> + use<'s> {
    let only = client_key.map(Arc::<str>::from);
    let first = (Arc::from(user), only.clone().unwrap_or_else(|| "".into()));
    users
        .range(first..)
        .take_while(move |((of, client), _)| {
            **of == *user && only.as_deref().is_none_or(|only| **client == *only)
        })
        .flat_map(|(_, ids)| ids.iter().copied())
}
