//! Inserting, finding and advancing a grant.

use redis::aio::ConnectionLike;
use redis::{Cmd, Value};

use crate::boxed::BoxError;
use crate::redis::{Response, Script, milliseconds};

use super::super::super::grant::Grant;
use super::super::super::parts::{GrantParts, Stage};
use super::RedisStore;
use super::fields;
use super::keys::letter;
use super::scripts::{ADVANCE, INSERT};

/// Lifetimes from this on, in milliseconds, mean "for ever": Lua counts exactly up to 2⁵³.
const FOR_EVER: u64 = 1 << 52;

impl<C: ConnectionLike + Clone + Send + Sync> RedisStore<C> {
    pub(super) async fn insert_grant(&self, grant: Grant, now: u64) -> Result<(), BoxError> {
        if grant.stage() == Stage::Ended {
            // It is never looked up.
            return Ok(());
        }
        let parts = grant.into_parts();
        let (token, client_key, user) =
            (parts.credentials.token(), parts.client_key.as_str(), parts.user.as_deref());
        let arguments = |command: &mut Cmd| {
            command.arg(6).arg(self.keys.grant(parts.stage, token)).arg(self.keys.client(client_key));
            command.arg(self.keys.pending(client_key)).arg(self.keys.user(user));
            command.arg(self.keys.tokens(client_key, user)).arg(self.keys.last());
            command.arg(letter(parts.stage)).arg(token).arg(client_key).arg(flag(user));
            command.arg(self.lifetime(&parts, now)).arg(milliseconds(self.skew).min(FOR_EVER));
            command.arg(self.max_pending_per_client);
            fields::add(command, &parts);
        };
        let (code, tokens) = self.change(&INSERT, &arguments).await?;
        match code {
            1 => self.trim(client_key, user, tokens).await,
            0 => {
                return Err(
                    "a grant with this stage and token is stored already: tokens must be unique".into()
                );
            }
            2 => {
                return Err(format!(
                    "the client has its {} pending grants: limit its rate, or raise \
                     RedisStore::max_pending_per_client",
                    self.max_pending_per_client
                )
                .into());
            }
            _ => return Err(unknown()),
        }
        Ok(())
    }

    pub(super) async fn find_grant(&self, stage: Stage, token: &str) -> Result<Option<Grant>, BoxError> {
        let mut command = Cmd::new();
        command.arg("HMGET").arg(self.keys.grant(stage, token)).arg(&fields::NAMES);
        let values = self.link.in_time(async { Ok(self.link.send(&command).await?) }).await?;
        fields::grant(stage, token, values)
    }

    pub(super) async fn advance_grant(
        &self,
        from: Stage,
        token: &str,
        to: Grant,
        now: u64,
    ) -> Result<bool, BoxError> {
        let parts = to.into_parts();
        // Only a pending grant has no user. To end an approved one, its user must be known first, since the
        // script names all keys that it uses.
        let mut old_user = if from == Stage::Pending { None } else { parts.user.clone() };
        loop {
            let (code, tokens) = self.advance_from(from, token, old_user.as_deref(), &parts, now).await?;
            match code {
                1 => {
                    self.trim(&parts.client_key, parts.user.as_deref(), tokens).await;
                    return Ok(true);
                }
                0 => return Ok(false),
                2 => return Err("the next stage and token are stored already: tokens must be unique".into()),
                3 => return Err("a grant cannot advance to another client".into()),
                4 => match self.find_grant(from, token).await? {
                    Some(grant) => old_user = grant.user().map(str::to_owned),
                    None => return Ok(false),
                },
                _ => return Err(unknown()),
            }
        }
    }

    async fn advance_from(
        &self,
        from: Stage,
        token: &str,
        old_user: Option<&str>,
        to: &GrantParts,
        now: u64,
    ) -> Result<(i64, u64), BoxError> {
        let (client_key, user) = (to.client_key.as_str(), to.user.as_deref());
        let arguments = |command: &mut Cmd| {
            command.arg(8).arg(self.keys.grant(from, token)).arg(self.keys.client(client_key));
            command.arg(self.keys.pending(client_key)).arg(self.keys.user(old_user));
            command.arg(self.keys.tokens(client_key, old_user));
            command.arg(self.keys.grant(to.stage, to.credentials.token())).arg(self.keys.user(user));
            command.arg(self.keys.tokens(client_key, user));
            command.arg(letter(from)).arg(token).arg(flag(old_user)).arg(old_user.unwrap_or_default());
            command.arg(letter(to.stage)).arg(to.credentials.token()).arg(client_key).arg(flag(user));
            command.arg(self.lifetime(to, now));
            fields::add(command, to);
        };
        self.change(&ADVANCE, &arguments).await
    }

    /// Runs a script that changes a grant, and returns its code and the number of tokens.
    async fn change(
        &self,
        script: &Script,
        arguments: &(impl Fn(&mut Cmd) + Sync),
    ) -> Result<(i64, u64), BoxError> {
        let response: Response =
            self.link.in_time(async { Ok(self.link.run(script, arguments).await?) }).await?;
        let Value::Array(values) = &response.value else { return Err(unknown()) };
        let [Value::Int(code), rest @ ..] = &values[..] else { return Err(unknown()) };
        let tokens = match rest {
            [Value::Int(tokens)] => u64::try_from(*tokens).unwrap_or_default(),
            _ => 0,
        };
        if *code == 1 {
            response.check_replicas()?;
        }
        Ok((*code, tokens))
    }

    /// Returns how long Redis keeps a grant, in milliseconds, or 0 for ever.
    ///
    /// `now` is the start of its second, so one second is added.
    fn lifetime(&self, parts: &GrantParts, now: u64) -> u64 {
        let Some(expires) = parts.expires else { return 0 };
        let seconds = expires.saturating_sub(now).saturating_add(1).saturating_add(self.skew);
        Some(milliseconds(seconds)).filter(|lifetime| *lifetime < FOR_EVER).unwrap_or(0)
    }
}

pub(super) fn flag(user: Option<&str>) -> &'static str {
    if user.is_some() { "1" } else { "0" }
}

pub(super) fn unknown() -> BoxError {
    "Redis returned something that the script does not return".into()
}
