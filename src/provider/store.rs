//! Where grants are kept.

mod memory;

use super::BoxError;
use super::grant::{Grant, Stage};

pub use memory::MemoryStore;

/// Keeps grants by their stage and their token, which are one key together: that is what makes a
/// removal all that a stage needs to be left once.
///
/// In SQL that is a primary key of two columns, and `DELETE … WHERE stage = ? AND token = ? RETURNING …`;
/// in Redis, a key of the two and `GETDEL`. Tokens are compared as bytes: beware of collations that
/// ignore case.
pub trait Store {
    /// Keeps a grant. No other has its stage and token. What has expired `now`, in seconds since the Unix
    /// epoch, may be forgotten.
    ///
    /// # Errors
    /// If it is not sure that the grant is kept, or there is no room.
    fn insert(&self, grant: Grant, now: u64) -> impl Future<Output = Result<(), BoxError>> + Send;

    /// The grant of this token at this stage. It stays.
    ///
    /// # Errors
    /// If the store cannot tell.
    fn find(&self, stage: Stage, token: &str)
    -> impl Future<Output = Result<Option<Grant>, BoxError>> + Send;

    /// The grant of this token at this stage, which is gone then. This is atomic: of several who ask at
    /// the same time, one gets it.
    ///
    /// # Errors
    /// If the store cannot tell.
    fn remove(
        &self,
        stage: Stage,
        token: &str,
    ) -> impl Future<Output = Result<Option<Grant>, BoxError>> + Send;
}

/// A store that several share.
impl<S: Store + ?Sized> Store for std::sync::Arc<S> {
    fn insert(&self, grant: Grant, now: u64) -> impl Future<Output = Result<(), BoxError>> + Send {
        (**self).insert(grant, now)
    }

    fn find(
        &self,
        stage: Stage,
        token: &str,
    ) -> impl Future<Output = Result<Option<Grant>, BoxError>> + Send {
        (**self).find(stage, token)
    }

    fn remove(
        &self,
        stage: Stage,
        token: &str,
    ) -> impl Future<Output = Result<Option<Grant>, BoxError>> + Send {
        (**self).remove(stage, token)
    }
}
