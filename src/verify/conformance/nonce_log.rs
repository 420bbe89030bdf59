//! RFC 5849 §3.3: the test of a nonce log.

use crate::stamp::random_bytes;

use super::super::{Nonce, NonceLog, NonceStatus};
use super::outcome::{NonceLogError, NonceLogRule};
use super::together::together;

use NonceLogRule::{
    ClientShare, ClockDifference, EachPart, EmptyToken, Expired, FreshOnce, FullForgetsNothing, JoinedParts,
    LongText, Race, TokenShare, UntilExpires, WithoutToken,
};

/// The policy's window, in seconds.
const WINDOW: u64 = 300;

/// The number of concurrent calls with one nonce.
const AT_ONCE: usize = 64;

/// Checks that `log` keeps the rules of [`NonceLog`].
///
/// The test uses its own client keys, different in each run. So the log need not be empty, and other tests
/// may use it at the same time. The test leaves fewer than 1,000 nonces in the log. It passes timestamps of
/// the year 2100, so it does not have to wait.
///
/// The concurrent calls run in one task. They find a race between two queries, but no race between two
/// threads in code that never waits. The test does not wait for rows to expire: a log that forgets by its
/// own clock, such as Redis, needs a separate test of its lifetimes.
///
/// # Errors
///
/// Returns a [`NonceLogError`] for the first rule that the log breaks, or that could not be tested because
/// the log returned an error. It names the rule and the remedy.
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::NonceLog;
/// use oauth1_signer::verify::conformance::{NonceLogError, check_nonce_log};
///
/// // In a test, with a log over the database of the test environment.
/// async fn conforms(log: &dyn NonceLog) -> Result<(), NonceLogError> {
///     check_nonce_log(log).await
/// }
/// ```
pub async fn check_nonce_log<L: NonceLog + ?Sized>(log: &L) -> Result<(), NonceLogError> {
    let mut test = Test::new(log)?;
    test.fresh_once().await?;
    test.different_nonces().await?;
    test.race().await?;
    test.until_expires().await?;
    test.expired().await?;
    test.clock_difference().await
}

/// The limits of a nonce log, for [`check_nonce_shares`].
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::conformance::NonceShares;
///
/// let shares = NonceShares { max_entries_per_client: 50, max_entries_per_token: 20 };
/// assert!(shares.max_entries_per_token < shares.max_entries_per_client);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NonceShares {
    /// The number of nonces that the log accepts from one client.
    pub max_entries_per_client: usize,
    /// The number of nonces that the log accepts from one client with one token.
    pub max_entries_per_token: usize,
}

/// Checks that `log` gives each client and each token no more than its share.
///
/// Shares are optional for a log, and this test is for one that has them. Configure the log with small
/// limits: the test uses twice as many nonces as a client may have.
///
/// # Errors
///
/// Returns a [`NonceLogError`] if the log breaks one of these rules or returns an error.
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::MemoryNonceLog;
/// use oauth1_signer::verify::conformance::{NonceShares, check_nonce_shares};
///
/// async fn conforms() -> Result<(), Box<dyn std::error::Error>> {
///     let log = MemoryNonceLog::builder().max_entries_per_client(50).max_entries_per_token(20).build()?;
///     let shares = NonceShares { max_entries_per_client: 50, max_entries_per_token: 20 };
///     check_nonce_shares(&log, shares).await?;
///     Ok(())
/// }
/// ```
pub async fn check_nonce_shares<L: NonceLog + ?Sized>(
    log: &L,
    shares: NonceShares,
) -> Result<(), NonceLogError> {
    Test::new(log)?.shares(shares).await
}

struct Test<'l, L: ?Sized> {
    log: &'l L,
    /// The text that all client keys of this run begin with.
    run: String,
    /// The time of the next rule. It is later than all before, so a rule never meets another rule's nonces.
    now: u64,
}

impl<'l, L: NonceLog + ?Sized> Test<'l, L> {
    fn new(log: &'l L) -> Result<Self, NonceLogError> {
        let random =
            random_bytes(0).map_err(|error| NonceLogError::failed(FreshOnce, Box::new(error), "no test"))?;
        Ok(Self { log, run: format!("test-{:032x}-", u128::from_be_bytes(random)), now: 4_102_444_800 })
    }

    fn client(&self, name: &str) -> String {
        format!("{}{name}", self.run)
    }

    /// Returns the time of a new rule.
    fn later(&mut self) -> u64 {
        self.now += 100 * WINDOW;
        self.now
    }

    async fn status(
        &self,
        rule: NonceLogRule,
        nonce: Nonce<'_>,
        now: u64,
        case: &str,
    ) -> Result<NonceStatus, NonceLogError> {
        let expires = nonce.timestamp + WINDOW;
        let status = self.log.check_and_insert(nonce, now, expires).await;
        status.map_err(|error| NonceLogError::failed(rule, error, case))
    }

    /// Passes a nonce only to let time pass. Its status does not matter.
    async fn other(&self, rule: NonceLogRule, nonce: Nonce<'_>, now: u64) -> Result<(), NonceLogError> {
        self.status(rule, nonce, now, "another nonce").await.map(drop)
    }

    async fn fresh(
        &self,
        rule: NonceLogRule,
        nonce: Nonce<'_>,
        now: u64,
        case: &str,
    ) -> Result<(), NonceLogError> {
        match self.status(rule, nonce, now, case).await? {
            NonceStatus::Fresh => Ok(()),
            status => Err(NonceLogError::status(rule, "Fresh", status, case)),
        }
    }

    async fn replayed(
        &self,
        rule: NonceLogRule,
        nonce: Nonce<'_>,
        now: u64,
        case: &str,
    ) -> Result<(), NonceLogError> {
        match self.status(rule, nonce, now, case).await? {
            NonceStatus::Replayed => Ok(()),
            status => Err(NonceLogError::status(rule, "Replayed", status, case)),
        }
    }

    async fn fresh_once(&mut self) -> Result<(), NonceLogError> {
        let now = self.later();
        let client = self.client("once");
        let nonce = Nonce { client_key: &client, token: Some("token"), timestamp: now, nonce: "wIjqoxSZ" };
        let rows = [
            (FreshOnce, nonce, "a nonce with a token"),
            (WithoutToken, Nonce { token: None, ..nonce }, "a nonce without a token"),
            (EmptyToken, Nonce { token: Some(""), ..nonce }, "a nonce with an empty token"),
        ];
        for (rule, nonce, case) in rows {
            self.fresh(rule, nonce, now, case).await?;
            self.replayed(rule, nonce, now, case).await?;
            self.replayed(rule, nonce, now + 1, case).await?;
        }
        Ok(())
    }

    /// Checks that all nonces are fresh the first time, and none the second time.
    async fn different_nonces(&mut self) -> Result<(), NonceLogError> {
        let now = self.later();
        let name = |name: &str| self.client(name);
        let (client, upper, spaced) = (name("a"), name("A"), name("a "));
        let long = "x".repeat(254);
        let (long_client, long_1, long_2) = (name(&long[..200]), format!("{long}1"), format!("{long}2"));
        let (long_client_1, long_client_2) = (format!("{long_client}1"), format!("{long_client}2"));
        let base = Nonce { client_key: &client, token: Some("token"), timestamp: now, nonce: "nonce" };
        let mut rows = vec![(EachPart, base)];
        let parts = [
            Nonce { client_key: &upper, ..base },
            Nonce { client_key: &spaced, ..base },
            Nonce { timestamp: now + 1, ..base },
        ];
        rows.extend(parts.map(|nonce| (EachPart, nonce)));
        for text in ["Token", "token ", "tökén", "to\u{301}ken", "other", "'", "\"", "%", "\\", "\u{1F511}"]
        {
            rows.push((EachPart, Nonce { token: Some(text), ..base }));
            rows.push((EachPart, Nonce { nonce: text, ..base }));
        }
        let joined = [("ab", "c"), ("a", "bc"), ("a&b", "c"), ("a", "b&c"), ("a:b", "c"), ("a", "b:c")];
        let more = [("a|b", "c"), ("a", "b|c"), ("a,b", "c"), ("a", "b,c"), ("a b", "c"), ("a", "b c")];
        for (token, nonce) in joined.into_iter().chain(more) {
            rows.push((JoinedParts, Nonce { token: Some(token), nonce, ..base }));
        }
        let joined_clients = [(name("j"), "kl"), (name("jk"), "l")];
        for (client_key, token) in &joined_clients {
            rows.push((JoinedParts, Nonce { client_key, token: Some(token), ..base }));
        }
        for text in [&long_1, &long_2] {
            rows.push((LongText, Nonce { token: Some(text), ..base }));
            rows.push((LongText, Nonce { nonce: text, ..base }));
        }
        for client_key in [&long_client_1, &long_client_2] {
            rows.push((LongText, Nonce { client_key, ..base }));
        }
        for (rule, nonce) in &rows {
            self.fresh(*rule, *nonce, now, &format!("{nonce:?}")).await?;
        }
        for (rule, nonce) in &rows {
            self.replayed(*rule, *nonce, now, &format!("{nonce:?}")).await?;
        }
        Ok(())
    }

    async fn race(&mut self) -> Result<(), NonceLogError> {
        let now = self.later();
        let client = self.client("race");
        for round in ["1", "2", "3", "4", "5"] {
            for token in [Some("token"), None] {
                let nonce = Nonce { client_key: &client, token, timestamp: now, nonce: round };
                let calls = (0..AT_ONCE).map(|_| self.log.check_and_insert(nonce, now, now + WINDOW));
                let mut fresh = 0;
                let case = format!("{AT_ONCE} calls at once with the token {token:?}");
                for status in together(calls.collect()).await {
                    match status.map_err(|error| NonceLogError::failed(Race, error, &case))? {
                        NonceStatus::Fresh if fresh == 0 => fresh += 1,
                        NonceStatus::Replayed => {}
                        status => return Err(NonceLogError::status(Race, "one Fresh", status, &case)),
                    }
                }
                if fresh == 0 {
                    return Err(NonceLogError::status(Race, "one Fresh", NonceStatus::Replayed, &case));
                }
            }
        }
        Ok(())
    }

    /// Checks that a timestamp that is ahead by the window is remembered for twice as long.
    async fn until_expires(&mut self) -> Result<(), NonceLogError> {
        let client = self.client("expires");
        for ahead in [0, WINDOW] {
            let now = self.later();
            let base = Nonce { client_key: &client, token: None, timestamp: now + ahead, nonce: "used" };
            self.fresh(UntilExpires, base, now, "a new nonce").await?;
            let expires = base.timestamp + WINDOW;
            // Other calls come, so that the log has occasion to forget. The nonce itself comes only at the
            // end: a replay could renew it.
            for later in [now + 1, now + WINDOW, expires - 1, expires] {
                let nonce = later.to_string();
                let other = Nonce { timestamp: later, nonce: &nonce, ..base };
                self.other(UntilExpires, other, later).await?;
            }
            self.replayed(UntilExpires, base, expires, "a used nonce at `expires`").await?;
        }
        Ok(())
    }

    async fn expired(&mut self) -> Result<(), NonceLogError> {
        let now = self.later();
        let client = self.client("expired");
        let nonce = Nonce { client_key: &client, token: None, timestamp: now, nonce: "late" };
        let case = "a new nonce one second after `expires`";
        self.replayed(Expired, nonce, now + WINDOW + 1, case).await
    }

    /// Checks a nonce that one server has forgotten, with another server whose clock is five seconds behind.
    async fn clock_difference(&mut self) -> Result<(), NonceLogError> {
        let now = self.later();
        let client = self.client("clocks");
        let base = Nonce { client_key: &client, token: None, timestamp: now, nonce: "used" };
        self.fresh(ClockDifference, base, now, "a new nonce").await?;
        let expires = now + WINDOW;
        for nonce in ["1", "2", "3"] {
            let other = Nonce { timestamp: expires + 5, nonce, ..base };
            self.other(ClockDifference, other, expires + 5).await?;
        }
        let case = "a used nonce at `expires`, after a call at `expires` + 5 seconds";
        self.replayed(ClockDifference, base, expires, case).await
    }

    async fn shares(&mut self, shares: NonceShares) -> Result<(), NonceLogError> {
        let NonceShares { max_entries_per_client, max_entries_per_token } = shares;
        let now = self.later();
        let (client, other) = (self.client("greedy"), self.client("modest"));
        let base = Nonce { client_key: &client, token: Some("greedy"), timestamp: now, nonce: "" };
        self.flood(TokenShare, base, max_entries_per_token).await?;
        let modest = Nonce { token: Some("modest"), nonce: "first", ..base };
        if max_entries_per_token < max_entries_per_client {
            self.fresh(TokenShare, modest, now, "another token of the client").await?;
        }
        self.replayed(FullForgetsNothing, Nonce { nonce: "0", ..base }, now, "a used nonce").await?;
        // Each token uses a few nonces, until the client has no room left.
        let mut fresh = max_entries_per_token + 1;
        for number in 0..=max_entries_per_client {
            let token = format!("token {}", number / max_entries_per_token.max(1));
            let nonce = Nonce { token: Some(&token), nonce: &number.to_string(), ..base };
            match self.status(ClientShare, nonce, now, "tokens of one client").await? {
                NonceStatus::Fresh => fresh += 1,
                NonceStatus::Full => break,
                NonceStatus::Replayed => {
                    let case = "new nonces of one client";
                    return Err(NonceLogError::status(ClientShare, "Full", NonceStatus::Replayed, case));
                }
            }
        }
        if fresh > max_entries_per_client.max(max_entries_per_token + 1) {
            let case = format!("{fresh} nonces of one client");
            return Err(NonceLogError::status(ClientShare, "Full", NonceStatus::Fresh, &case));
        }
        let first = Nonce { client_key: &other, nonce: "first", ..base };
        self.fresh(ClientShare, first, now, "another client").await?;
        self.replayed(FullForgetsNothing, Nonce { nonce: "0", ..base }, now, "a used nonce").await
    }

    /// Checks that `count` nonces are fresh, and that the next one finds no room.
    async fn flood(&self, rule: NonceLogRule, base: Nonce<'_>, count: usize) -> Result<(), NonceLogError> {
        for number in 0..count {
            let text = number.to_string();
            let nonce = Nonce { nonce: &text, ..base };
            self.fresh(rule, nonce, base.timestamp, "nonces within the share").await?;
        }
        let nonce = Nonce { nonce: "one too many", ..base };
        match self.status(rule, nonce, base.timestamp, "one too many").await? {
            NonceStatus::Full => Ok(()),
            status => Err(NonceLogError::status(rule, "Full", status, "one nonce beyond the share")),
        }
    }
}
