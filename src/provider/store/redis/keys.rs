//! The keys of the store.
//!
//! All are in one hash slot of a cluster: a request names only a token, so the slot cannot depend on the client
//! or the user; and a script may use one slot only.

use super::super::super::parts::Stage;

/// Returns the letter of a stage, as it is in keys and indexes.
pub(super) fn letter(stage: Stage) -> &'static str {
    match stage {
        Stage::Pending => "p",
        Stage::Approved => "a",
        Stage::Exchanged => "x",
        Stage::Ended => "e",
    }
}

/// The text that all keys begin with.
#[derive(Clone)]
pub(super) struct Keys(String);

impl Keys {
    pub(super) fn new(prefix: &str) -> Self {
        Self(format!("{{{prefix}}}:"))
    }

    /// The fields of a grant, a hash.
    pub(super) fn grant(&self, stage: Stage, token: &str) -> String {
        format!("{}{}:{token}", self.0, letter(stage))
    }

    /// All grants of a client, by their numbers.
    pub(super) fn client(&self, client_key: &str) -> String {
        format!("{}client:{client_key}", self.0)
    }

    /// The pending and approved grants of a client, by the time at which they go.
    pub(super) fn pending(&self, client_key: &str) -> String {
        format!("{}pending:{client_key}", self.0)
    }

    /// All grants of a user, by their numbers. A grant without a user has a key that nothing has.
    pub(super) fn user(&self, user: Option<&str>) -> String {
        match user {
            Some(user) => format!("{}user:{user}", self.0),
            None => format!("{}nobody", self.0),
        }
    }

    /// The access tokens of a client and a user, by their numbers.
    pub(super) fn tokens(&self, client_key: &str, user: Option<&str>) -> String {
        match user {
            Some(user) => format!("{}tokens:{}:{client_key}{user}", self.0, client_key.len()),
            None => format!("{}nobody", self.0),
        }
    }

    /// The number of the last grant that was inserted.
    pub(super) fn last(&self) -> String {
        format!("{}last", self.0)
    }
}
