//! RFC 5849 §3.3: calls that are made at the same time share a script.
//!
//! A call that finds nothing under way sends its nonce at once. The others wait in a lane, which tasks of the
//! runtime empty, several nonces at a time. So nobody depends on another caller's future being polled.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use redis::aio::ConnectionLike;
use tokio::sync::oneshot;

use crate::boxed::{BoxError, BoxFuture};
use crate::redis::Link;

use super::super::NonceStatus;
use super::batch::{self, BatchError, Limits};
use super::command::Insertion;

/// The most nonces in one script. Redis serves nobody else while it runs.
const MOST_AT_ONCE: usize = 64;

/// The most tasks that empty a lane, each with one script under way.
const MOST_TASKS: usize = 4;

type Status = Result<NonceStatus, BoxError>;

#[derive(Clone, Default)]
pub(super) struct Queue(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// This is `true` if the connection leads to a cluster: then each client has a lane of its own, since
    /// only its keys are in one slot.
    is_cluster: AtomicBool,
    lanes: Mutex<HashMap<String, Lane>>,
}

/// The nonces that may share a script.
#[derive(Default)]
struct Lane {
    /// The calls that are under way without a task.
    alone: usize,
    tasks: usize,
    waiting: Vec<Waiting>,
}

struct Waiting {
    insertion: Insertion,
    reply: oneshot::Sender<Status>,
}

impl Shared {
    /// Takes the lock. Nothing panics between two steps of a change.
    fn lanes(&self) -> MutexGuard<'_, HashMap<String, Lane>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn name(&self, insertion: &Insertion) -> String {
        if self.is_cluster.load(Ordering::Relaxed) { insertion.keys.client.clone() } else { String::new() }
    }
}

/// Takes a call or a task out of its lane when it ends, also if it is dropped halfway.
struct Place<'q> {
    shared: &'q Shared,
    name: &'q str,
    is_task: bool,
}

impl Place<'_> {
    fn leave(&self, lanes: &mut HashMap<String, Lane>) {
        let Some(lane) = lanes.get_mut(self.name) else { return };
        let count = if self.is_task { &mut lane.tasks } else { &mut lane.alone };
        *count = count.saturating_sub(1);
        if lane.alone == 0 && lane.tasks == 0 && lane.waiting.is_empty() {
            lanes.remove(self.name);
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.leave(&mut self.shared.lanes());
    }
}

impl Queue {
    /// Inserts a nonce, alone or together with others.
    pub(super) async fn insert<C>(&self, link: &Link<C>, limits: Limits, insertion: Insertion) -> Status
    where
        C: ConnectionLike + Clone + Send + Sync + 'static,
    {
        let name = self.0.name(&insertion);
        let (reply, status) = oneshot::channel();
        let mut waiting = Some(Waiting { insertion, reply });
        let needs_task = {
            let mut lanes = self.0.lanes();
            let lane = lanes.entry(name.clone()).or_default();
            if lane.alone == 0 && lane.tasks == 0 && lane.waiting.is_empty() {
                lane.alone = 1;
                false
            } else {
                lane.waiting.extend(waiting.take());
                let needs_task =
                    lane.tasks < MOST_TASKS && lane.waiting.len() > lane.tasks * MOST_AT_ONCE / 4;
                lane.tasks += usize::from(needs_task);
                needs_task
            }
        };
        if let Some(Waiting { insertion, .. }) = waiting {
            let _place = Place { shared: &self.0, name: &name, is_task: false };
            // A nonce alone has all its keys in one slot.
            return match batch::insert(link, limits, &[&insertion]).await {
                Ok(statuses) => only(statuses),
                Err(BatchError::Failed(error)) => Err(error),
                Err(BatchError::Cluster) => Err("Redis finds the keys of a client in several slots".into()),
            };
        }
        if needs_task {
            tokio::spawn(empty(self.0.clone(), link.clone(), limits, name));
        }
        status.await.unwrap_or_else(|_| Err("the runtime has ended while Redis was asked".into()))
    }
}

fn only(statuses: batch::Statuses) -> Status {
    statuses.into_iter().next().unwrap_or_else(|| Err("Redis returned no status".into()))
}

/// Sends what waits in a lane until nothing does.
async fn empty<C>(shared: Arc<Shared>, link: Link<C>, limits: Limits, name: String)
where
    C: ConnectionLike + Clone + Send + Sync + 'static,
{
    let place = Place { shared: &shared, name: &name, is_task: true };
    loop {
        // Callers that were woken together come together.
        tokio::task::yield_now().await;
        let batch = {
            let mut lanes = shared.lanes();
            let lane = lanes.entry(name.clone()).or_default();
            // Nobody waits for these any more: their nonces are not used.
            lane.waiting.retain(|waiting| !waiting.reply.is_closed());
            let count = lane.waiting.len().min(MOST_AT_ONCE);
            let batch: Vec<_> = lane.waiting.drain(..count).collect();
            if batch.is_empty() {
                // In the same lock, so that nobody comes between the look and the end.
                place.leave(&mut lanes);
                drop(lanes);
                std::mem::forget(place);
                return;
            }
            batch
        };
        send(&shared, &link, limits, batch).await;
    }
}

async fn send<C>(shared: &Arc<Shared>, link: &Link<C>, limits: Limits, batch: Vec<Waiting>)
where
    C: ConnectionLike + Clone + Send + Sync + 'static,
{
    let insertions: Vec<_> = batch.iter().map(|waiting| &waiting.insertion).collect();
    let sent = async { Ok(batch::insert(link, limits, &insertions).await) };
    match link.in_time(sent).await {
        Ok(Ok(statuses)) => {
            for (waiting, status) in batch.into_iter().zip(statuses) {
                // It may be dropped meanwhile.
                let _ = waiting.reply.send(status);
            }
        }
        Ok(Err(BatchError::Cluster)) => {
            shared.is_cluster.store(true, Ordering::Relaxed);
            for waiting in batch {
                tokio::spawn(one_of_cluster(shared.clone(), link.clone(), limits, waiting));
            }
        }
        Ok(Err(BatchError::Failed(error))) | Err(error) => {
            let text = error.to_string();
            for waiting in batch {
                let _ = waiting.reply.send(Err(text.clone().into()));
            }
        }
    }
}

/// Sends a nonce that was in the first batch to a cluster.
fn one_of_cluster<C>(
    shared: Arc<Shared>,
    link: Link<C>,
    limits: Limits,
    waiting: Waiting,
) -> BoxFuture<'static, ()>
where
    C: ConnectionLike + Clone + Send + Sync + 'static,
{
    Box::pin(async move {
        let Waiting { insertion, reply } = waiting;
        let status = link.in_time(Queue(shared).insert(&link, limits, insertion)).await;
        let _ = reply.send(status);
    })
}
