//! Removing grants, and listing those of a user: both walk an index in small steps.

use redis::aio::ConnectionLike;
use redis::{Cmd, Value};

use crate::boxed::BoxError;

use super::super::super::grant::Grant;
use super::super::super::parts::Stage;
use super::super::Revoke;
use super::RedisStore;
use super::fields;
use super::keys::letter;
use super::members::{self, Named};
use super::scripts::{READ, REMOVE};
use super::verbs::{flag, unknown};

/// The most grants in one script. Redis serves nobody else while it runs.
const AT_ONCE: usize = 64;

impl<C: ConnectionLike + Clone + Send + Sync> RedisStore<C> {
    pub(super) async fn revoke_grants(&self, what: Revoke<'_>) -> Result<u64, BoxError> {
        match what {
            Revoke::Token(token) => {
                let named = members::of_tokens(token.to_owned());
                // It was not found in an index.
                self.remove(&self.keys.user(None), &[named]).await
            }
            Revoke::Client(client_key) => {
                let index = self.keys.client(client_key);
                self.revoke_all(&index, members::of_client, |_| true).await
            }
            Revoke::User(user) => {
                self.revoke_all(&self.keys.user(Some(user)), members::of_user, |_| true).await
            }
            Revoke::UserOfClient { user, client_key } => {
                let is_of_client = |named: &Named| named.client_key.as_deref() == Some(client_key);
                self.revoke_all(&self.keys.user(Some(user)), members::of_user, is_of_client).await
            }
        }
    }

    /// Removes all grants of an index that were inserted before now.
    ///
    /// A grant keeps its number when it advances, so one that advances meanwhile is found again. Those that
    /// are inserted later have higher numbers, and stay: otherwise a client that keeps asking could keep this
    /// busy.
    async fn revoke_all(
        &self,
        index: &str,
        read: fn(String) -> Result<Named, BoxError>,
        is_meant: impl Fn(&Named) -> bool,
    ) -> Result<u64, BoxError> {
        let mut command = Cmd::new();
        command.arg("GET").arg(self.keys.last());
        let last = match self.ask(&command).await? {
            Value::BulkString(bytes) => String::from_utf8(bytes)?,
            Value::Nil => return Ok(0),
            _ => return Err(unknown()),
        };
        let (mut removed, mut after) = (0, "-inf".to_owned());
        loop {
            let (named, highest) = self.members(index, &after, &last, read).await?;
            let Some(highest) = highest else { return Ok(removed) };
            let meant: Vec<_> = named.into_iter().filter(&is_meant).collect();
            if meant.is_empty() {
                after = format!("({highest}");
            } else {
                removed += self.remove(index, &meant).await?;
            }
        }
    }

    /// Removes the grants that an index names, and returns how many were there.
    ///
    /// It must be told the owners of a grant, to name all its keys: so it reads them first.
    async fn remove(&self, index: &str, named: &[Named]) -> Result<u64, BoxError> {
        let grants = self.read(named).await?;
        let arguments = |command: &mut Cmd| {
            command.arg(1 + 5 * named.len()).arg(index);
            for (named, grant) in named.iter().zip(&grants) {
                let client_key = grant.as_ref().map_or("", Grant::client_key);
                let user = grant.as_ref().and_then(Grant::user);
                command.arg(self.keys.grant(named.stage, &named.token)).arg(self.keys.client(client_key));
                command.arg(self.keys.pending(client_key)).arg(self.keys.user(user));
                command.arg(self.keys.tokens(client_key, user));
            }
            for (named, grant) in named.iter().zip(&grants) {
                let client_key = grant.as_ref().map_or("", Grant::client_key);
                let user = grant.as_ref().and_then(Grant::user);
                command.arg(&named.member).arg(letter(named.stage)).arg(&named.token).arg(client_key);
                command.arg(flag(user)).arg(user.unwrap_or_default());
            }
        };
        let response = self.link.in_time(async { Ok(self.link.run(&REMOVE, &arguments).await?) }).await?;
        response.check_replicas()?;
        match response.value {
            Value::Int(removed) => Ok(u64::try_from(removed)?),
            _ => Err(unknown()),
        }
    }

    /// Revokes the oldest of the tokens that a client has for a user, if there are more than it may have.
    ///
    /// The exchange has happened and is confirmed in any case. If this fails, the next one does it.
    pub(super) async fn trim(&self, client_key: &str, user: Option<&str>, tokens: u64) {
        if tokens > self.max_tokens_per_user {
            let _ = self.remove_oldest(client_key, user, tokens - self.max_tokens_per_user).await;
        }
    }

    async fn remove_oldest(&self, client_key: &str, user: Option<&str>, excess: u64) -> Result<(), BoxError> {
        let index = self.keys.tokens(client_key, user);
        let read = |member| Ok(members::of_tokens(member));
        let (named, _) = self.members(&index, "-inf", "+inf", read).await?;
        let grants = self.read(&named).await?;
        let (there, gone): (Vec<_>, Vec<_>) =
            named.into_iter().zip(grants).partition(|(_, grant)| grant.is_some());
        // Those that have expired make room first.
        let oldest = usize::try_from(excess)?.saturating_sub(gone.len());
        let removed: Vec<_> =
            gone.into_iter().chain(there.into_iter().take(oldest)).map(|(named, _)| named).collect();
        self.remove(&index, &removed).await?;
        Ok(())
    }

    pub(super) async fn tokens_of_user(&self, user: &str, limit: usize) -> Result<Vec<Grant>, BoxError> {
        let index = self.keys.user(Some(user));
        let (mut all, mut after) = (Vec::new(), "-inf".to_owned());
        if limit == 0 {
            return Ok(Vec::new());
        }
        loop {
            let (named, highest) = self.members(&index, &after, "+inf", members::of_user).await?;
            let Some(highest) = highest else { break };
            all.extend(named.into_iter().filter(|named| named.stage == Stage::Exchanged));
            after = format!("({highest}");
        }
        all.sort_by(|one, other| one.client_key.cmp(&other.client_key));
        let mut tokens = Vec::new();
        for named in all.chunks(AT_ONCE) {
            tokens.extend(self.read(named).await?.into_iter().flatten());
            if tokens.len() >= limit {
                break;
            }
        }
        tokens.truncate(limit);
        Ok(tokens)
    }

    /// Returns the next members of an index, and the highest number among them.
    async fn members(
        &self,
        index: &str,
        after: &str,
        last: &str,
        read: impl Fn(String) -> Result<Named, BoxError>,
    ) -> Result<(Vec<Named>, Option<String>), BoxError> {
        let mut command = Cmd::new();
        command.arg("ZRANGEBYSCORE").arg(index).arg(after).arg(last).arg("WITHSCORES");
        command.arg("LIMIT").arg(0).arg(AT_ONCE);
        let response = self.ask(&command).await?;
        let pairs: Vec<(String, u64)> = redis::from_redis_value(response)?;
        let highest = pairs.last().map(|(_, number)| number.to_string());
        let named = pairs.into_iter().map(|(member, _)| read(member)).collect::<Result<_, _>>()?;
        Ok((named, highest))
    }

    async fn read(&self, named: &[Named]) -> Result<Vec<Option<Grant>>, BoxError> {
        let arguments = |command: &mut Cmd| {
            command.arg(named.len());
            for Named { stage, token, .. } in named {
                command.arg(self.keys.grant(*stage, token));
            }
            command.arg(&fields::NAMES);
        };
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let response = self.link.in_time(async { Ok(self.link.run(&READ, &arguments).await?) }).await?;
        let Value::Array(values) = response.value else { return Err(unknown()) };
        let grants =
            named.iter().zip(values).map(|(named, values)| fields::grant(named.stage, &named.token, values));
        let grants: Vec<_> = grants.collect::<Result<_, _>>()?;
        if grants.len() == named.len() { Ok(grants) } else { Err(unknown()) }
    }

    async fn ask(&self, command: &Cmd) -> Result<Value, BoxError> {
        self.link.in_time(async { Ok(self.link.send(command).await?) }).await
    }
}
