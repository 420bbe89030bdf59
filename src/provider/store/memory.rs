//! A store in this process's memory.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::future::ready;
use std::sync::Mutex;

use super::super::BoxError;
use super::super::grant::{Grant, Stage};
use super::Store;

/// A store in memory: for tests, and for a server that is one process and may forget all tokens when it
/// ends.
///
/// It keeps at most as many grants as it is told to. What has expired makes room; else it refuses more,
/// rather than forget one that is good.
pub struct MemoryStore {
    capacity: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By token, for each stage.
    grants: [HashMap<String, Grant>; 3],
    /// Those that expire, the first one first.
    expiring: BTreeSet<(u64, Stage, String)>,
}

impl MemoryStore {
    /// A store of so many grants, whatever their stage.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity, state: Mutex::default() }
    }

    /// How many grants are kept now, expired ones among them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A panic elsewhere harms no grant: what is kept is whole before the next step is taken.
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl State {
    fn len(&self) -> usize {
        self.grants.iter().map(HashMap::len).sum()
    }

    fn at(&mut self, stage: Stage) -> &mut HashMap<String, Grant> {
        &mut self.grants[stage as usize]
    }

    fn insert(&mut self, grant: Grant) {
        let (stage, token) = (grant.stage(), grant.token().to_owned());
        self.remove(stage, &token);
        if let Some(expires) = grant.expires() {
            self.expiring.insert((expires, stage, token.clone()));
        }
        self.at(stage).insert(token, grant);
    }

    fn remove(&mut self, stage: Stage, token: &str) -> Option<Grant> {
        let (token, grant) = self.at(stage).remove_entry(token)?;
        if let Some(expires) = grant.expires() {
            self.expiring.remove(&(expires, stage, token));
        }
        Some(grant)
    }

    fn forget_expired(&mut self, now: u64) {
        while let Some((expires, ..)) = self.expiring.first()
            && *expires <= now
            && let Some((_, stage, token)) = self.expiring.pop_first()
        {
            self.at(stage).remove(&token);
        }
    }
}

impl Store for MemoryStore {
    fn insert(&self, grant: Grant, now: u64) -> impl Future<Output = Result<(), BoxError>> + Send {
        let mut state = self.lock();
        state.forget_expired(now);
        ready(if state.len() < self.capacity {
            state.insert(grant);
            Ok(())
        } else {
            Err("the store is full".into())
        })
    }

    fn find(
        &self,
        stage: Stage,
        token: &str,
    ) -> impl Future<Output = Result<Option<Grant>, BoxError>> + Send {
        ready(Ok(self.lock().at(stage).get(token).cloned()))
    }

    fn remove(
        &self,
        stage: Stage,
        token: &str,
    ) -> impl Future<Output = Result<Option<Grant>, BoxError>> + Send {
        ready(Ok(self.lock().remove(stage, token)))
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}
