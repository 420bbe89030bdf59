//! RFC 5849 §2.1–2.3: the store of a provider's grants.

mod memory;
#[cfg(feature = "redis")]
mod redis;

use crate::boxed::{BoxError, BoxFuture};

use super::grant::Grant;
use super::parts::Stage;

#[cfg(feature = "redis")]
pub use self::redis::RedisStore;
pub use memory::MemoryStore;

/// A store for the grants of a provider.
///
/// Use [`MemoryStore`] for tests and for a single process. For your own database, implement this trait, and
/// test it with `provider::conformance::check_store` (feature `conformance`). The trait can be used as
/// `dyn Store`: an [`Issuer`](super::Issuer) accepts an `Arc<dyn Store>`.
///
/// # Rules for an implementation
///
/// - **A grant's key is its stage and its token together.** A token is never found at another stage.
/// - **Each method is atomic.** If it fails, or its future is dropped, it has happened completely or not
///   at all. In SQL each is one statement, in Redis one script.
/// - **Text is compared byte by byte**: tokens, client keys and users. Do not use collations that ignore
///   case or trailing spaces, nor columns that cut off long text.
/// - **All fields of [`GrantParts`](super::GrantParts) are stored.** [`Grant::into_parts`] takes a grant
///   apart, [`Grant::from_parts`] rebuilds it.
/// - **A grant that has not expired is never dropped to make room for one of another client or user.**
/// - **Only [`insert`](Self::insert) needs room.** Every later method works in a full store, so a grant
///   that the user has approved is not lost.
///
/// # SQL
///
/// With the columns of [`GrantParts`](super::GrantParts), `PRIMARY KEY (stage, token)`, and an index
/// each on `client_key`, `user` and `expires`:
///
/// | method | statement |
/// |---|---|
/// | [`insert`](Self::insert) | `INSERT INTO grants (…) VALUES (…)` |
/// | [`find`](Self::find) | `SELECT … WHERE stage = ? AND token = ?` |
/// | [`advance`](Self::advance) | `UPDATE grants SET stage = ?, token = ?, … WHERE stage = ? AND token = ?` |
/// | [`revoke`](Self::revoke) | `DELETE FROM grants WHERE …` |
/// | [`grants_of_user`](Self::grants_of_user) | `SELECT … WHERE stage = 'exchanged' AND user = ? ORDER BY client_key LIMIT ?` |
///
/// Delete expired rows in batches, in `insert` or in a separate job.
///
/// # Redis
///
/// `RedisStore` (feature `redis`) stores grants in Redis: each method that changes one grant is one script.
#[doc(alias = "database")]
#[doc(alias = "sql")]
pub trait Store: Send + Sync {
    /// Adds a grant. No other grant may have its stage and token.
    ///
    /// `now` is in seconds since the Unix epoch. A store may drop grants that expire at or before `now`. It
    /// should limit the number of pending and approved grants of each client: otherwise one client could fill
    /// the store with request tokens.
    ///
    /// Atomicity: it inserts under a unique key, and never replaces a grant.
    ///
    /// # Errors
    ///
    /// Returns an error if the grant may not be stored, if its stage and token are taken, or if there is no
    /// room for it. The client gets status 503.
    fn insert(&self, grant: Grant, now: u64) -> BoxFuture<'_, Result<(), BoxError>>;

    /// Returns the grant with this token at this stage.
    ///
    /// The grant may have expired: the [`Issuer`](super::Issuer) checks that. Atomicity: the read must see
    /// the effects of every method that has returned before. So do not read from a replica that lags behind.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read.
    fn find<'a>(&'a self, stage: Stage, token: &'a str) -> BoxFuture<'a, Result<Option<Grant>, BoxError>>;

    /// Replaces the grant with this token at the stage `from`, and returns `true`.
    ///
    /// If there is no such grant, it changes nothing and returns `false`.
    ///
    /// `to` belongs to the same client. It has a later stage, and may have another token. It takes the place
    /// of the old grant, so it needs no room. `now` is in seconds since the Unix epoch.
    ///
    /// A grant at [`Stage::Ended`] is never looked up, so a store may drop it instead of storing it. The
    /// store must not add `to` if there is nothing to replace (no "upsert").
    ///
    /// Atomicity: compare and set. If several callers advance the same grant at the same time, exactly one
    /// gets `true`. This makes sure that a verification code counts only once.
    ///
    /// # Errors
    ///
    /// Returns an error if the change may not be stored, or if the stage and token of `to` are taken.
    fn advance<'a>(
        &'a self,
        from: Stage,
        token: &'a str,
        to: Grant,
        now: u64,
    ) -> BoxFuture<'a, Result<bool, BoxError>>;

    /// Removes grants, and returns how many there were.
    ///
    /// Atomicity: when it returns, it has removed every grant that [`Revoke`] describes and that was stored
    /// when it was called, even if the grant was advanced in the meantime.
    ///
    /// # Errors
    ///
    /// Returns an error if some of the grants may still be stored. It must be harmless to revoke again.
    fn revoke<'a>(&'a self, what: Revoke<'a>) -> BoxFuture<'a, Result<u64, BoxError>>;

    /// Returns at most `limit` grants at [`Stage::Exchanged`] of this user, sorted by client key.
    ///
    /// It is for a page that lists the applications a user has granted access to. Atomicity: none.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read.
    fn grants_of_user<'a>(
        &'a self,
        user: &'a str,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Grant>, BoxError>>;
}

/// A description of the grants to revoke together.
///
/// # Examples
///
/// ```
/// use oauth1_signer::provider::{Issuer, MemoryStore, Revoke};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), oauth1_signer::BoxError> {
/// let issuer = Issuer::new(MemoryStore::new());
/// // Jane removes the printer on the page of her applications.
/// let revoked = issuer.revoke(Revoke::UserOfClient { user: "jane", client_key: "printer" }).await?;
/// assert_eq!(revoked, 0);
/// # Ok(()) }
/// ```
// Closed on purpose: a store must handle each variant, so a new one must not compile without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Revoke<'a> {
    /// The access token with this `oauth_token`, at [`Stage::Exchanged`].
    Token(&'a str),
    /// All grants of this client, at every stage.
    Client(&'a str),
    /// All grants that this user has approved, at every stage.
    User(&'a str),
    /// All grants of this client that this user has approved, at every stage.
    UserOfClient {
        /// The user, as given to [`Issuer::approve`](super::Issuer::approve).
        user: &'a str,
        /// The consumer key.
        client_key: &'a str,
    },
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<S: Store + ?Sized> Store for $pointer {
            fn insert(&self, grant: Grant, now: u64) -> BoxFuture<'_, Result<(), BoxError>> {
                (**self).insert(grant, now)
            }

            fn find<'a>(
                &'a self,
                stage: Stage,
                token: &'a str,
            ) -> BoxFuture<'a, Result<Option<Grant>, BoxError>> {
                (**self).find(stage, token)
            }

            fn advance<'a>(
                &'a self,
                from: Stage,
                token: &'a str,
                to: Grant,
                now: u64,
            ) -> BoxFuture<'a, Result<bool, BoxError>> {
                (**self).advance(from, token, to, now)
            }

            fn revoke<'a>(&'a self, what: Revoke<'a>) -> BoxFuture<'a, Result<u64, BoxError>> {
                (**self).revoke(what)
            }

            fn grants_of_user<'a>(
                &'a self,
                user: &'a str,
                limit: usize,
            ) -> BoxFuture<'a, Result<Vec<Grant>, BoxError>> {
                (**self).grants_of_user(user, limit)
            }
        }
    )*};
}

forward!(&S, Box<S>, std::sync::Arc<S>);
