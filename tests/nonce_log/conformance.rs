//! The public conformance test: logs that keep the rules pass, and each that breaks one is told which.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex};

use oauth1_signer::verify::conformance::{
    NonceLogError, NonceLogRule, NonceShares, check_nonce_log, check_nonce_shares,
};
use oauth1_signer::verify::{MemoryNonceLog, Nonce, NonceLog, NonceStatus, RestartPolicy};
use oauth1_signer::{BoxError, BoxFuture};

/// A table with a UNIQUE key, as a database has it.
struct Table {
    /// The unique key and the time at which the row is deleted.
    rows: Mutex<HashMap<String, u64>>,
    /// The columns of the unique key. One that is NULL is not equal to any other row.
    key: fn(&Nonce<'_>) -> Option<String>,
    /// When a row is deleted, by `now` and `expires`.
    lifetime: fn(u64, u64) -> u64,
    has_expiry: bool,
    /// A SELECT, and then an INSERT OR IGNORE, instead of one statement.
    selects_first: bool,
}

impl Table {
    fn new() -> Self {
        Self {
            rows: Mutex::default(),
            key: |nonce| Some(nonce.key().to_string()),
            lifetime: |_, expires| expires + 3_600,
            has_expiry: true,
            selects_first: false,
        }
    }

    fn of_parts(key: fn(&Nonce<'_>) -> Option<String>) -> Self {
        Self { key, ..Self::new() }
    }

    /// Whether a row was inserted.
    fn insert(&self, key: Option<String>, now: u64, expires: u64) -> bool {
        let mut rows = self.rows.lock().unwrap();
        rows.retain(|_, deleted| *deleted >= now);
        // ON CONFLICT DO NOTHING: the row that is there keeps its lifetime.
        let Some(key) = key else { return true };
        let count = rows.len();
        rows.entry(key).or_insert_with(|| (self.lifetime)(now, expires));
        rows.len() > count
    }
}

impl NonceLog for Table {
    fn check_and_insert<'a>(
        &'a self,
        nonce: Nonce<'a>,
        now: u64,
        expires: u64,
    ) -> BoxFuture<'a, Result<NonceStatus, BoxError>> {
        Box::pin(async move {
            if self.has_expiry && expires < now {
                return Ok(NonceStatus::Replayed);
            }
            let key = (self.key)(&nonce);
            let is_fresh = if self.selects_first {
                let is_there = key.as_ref().is_some_and(|key| self.rows.lock().unwrap().contains_key(key));
                // The database responds.
                tokio::task::yield_now().await;
                self.insert(key, now, expires);
                !is_there
            } else {
                self.insert(key, now, expires)
            };
            Ok(if is_fresh { NonceStatus::Fresh } else { NonceStatus::Replayed })
        })
    }
}

#[tokio::test]
async fn logs_that_keep_the_rules_pass() {
    let memory = || Arc::new(MemoryNonceLog::new().unwrap());
    let logs: [Box<dyn NonceLog>; 3] = [Box::new(Table::new()), Box::new(memory()), Box::new(memory())];
    for log in logs {
        check_nonce_log(&*log).await.unwrap();
    }
    let shared: Arc<dyn NonceLog> = Arc::new(Table::new());
    check_nonce_log(&shared).await.unwrap();
    check_nonce_log(&shared).await.unwrap();
}

/// Tables as they are written, and the rule that each of them breaks.
#[tokio::test]
async fn each_broken_log_is_told_its_rule() {
    fn parts(token: &str, nonce: &Nonce<'_>) -> String {
        format!("{:?} {token:?} {} {:?}", nonce.client_key, nonce.timestamp, nonce.nonce)
    }
    let rows: [(NonceLogRule, Table); 11] = [
        (NonceLogRule::FreshOnce, Table::of_parts(|_| None)),
        // UNIQUE (client_key, token, timestamp, nonce), with token NULL.
        (NonceLogRule::WithoutToken, Table::of_parts(|nonce| Some(parts(nonce.token?, nonce)))),
        // The remedy that comes to mind.
        (
            NonceLogRule::EmptyToken,
            Table::of_parts(|nonce| Some(parts(nonce.token.unwrap_or_default(), nonce))),
        ),
        // The collation of MySQL.
        (NonceLogRule::EachPart, Table::of_parts(|nonce| Some(format!("{nonce:?}").to_lowercase()))),
        // One key of all, joined.
        (
            NonceLogRule::JoinedParts,
            Table::of_parts(|nonce| {
                let Nonce { client_key, token, timestamp, nonce } = nonce;
                Some(format!("{timestamp}&{client_key}&{}&{nonce}", token.unwrap_or("-")))
            }),
        ),
        // VARCHAR(128), which cuts off.
        (
            NonceLogRule::LongText,
            Table::of_parts(|nonce| {
                let cut = |text: &str| text.chars().take(128).collect::<String>();
                Some(format!(
                    "{:?}",
                    (nonce.timestamp, cut(nonce.client_key), nonce.token.map(cut), cut(nonce.nonce))
                ))
            }),
        ),
        (NonceLogRule::Race, Table { selects_first: true, ..Table::new() }),
        // For the window after it came.
        (NonceLogRule::UntilExpires, Table { lifetime: |now, _| now + 300, ..Table::new() }),
        (NonceLogRule::Expired, Table { has_expiry: false, ..Table::new() }),
        (NonceLogRule::ClockDifference, Table { lifetime: |_, expires| expires, ..Table::new() }),
        (NonceLogRule::ClockDifference, Table { lifetime: |_, expires| expires + 4, ..Table::new() }),
    ];
    for (rule, table) in rows {
        let error = check_nonce_log(&table).await.expect_err(&format!("{rule:?}"));
        assert_eq!(error.rule(), rule, "{error}");
        let text = error.to_string();
        assert!(text.contains(&format!("{rule:?}")) && text.contains("to fix it: "), "{text}");
    }
}

/// A log that cannot tell.
struct Down;

impl NonceLog for Down {
    fn check_and_insert<'a>(
        &'a self,
        _: Nonce<'a>,
        _: u64,
        _: u64,
    ) -> BoxFuture<'a, Result<NonceStatus, BoxError>> {
        Box::pin(async { Err("the database is down".into()) })
    }
}

#[tokio::test]
async fn the_error_of_a_log_is_the_source() {
    let error = check_nonce_log(&Down).await.unwrap_err();
    assert_eq!(error.rule(), NonceLogRule::FreshOnce);
    assert_eq!(error.source().unwrap().to_string(), "the database is down");
}

const SHARES: NonceShares = NonceShares { max_entries_per_client: 50, max_entries_per_token: 20 };

/// The parts of a nonce.
type Row = (String, Option<String>, u64, String);

/// A log with counts, which makes room in one way or another.
#[derive(Default)]
struct Counted {
    used: Mutex<Vec<Row>>,
    has_token_share: bool,
    has_client_share: bool,
    evicts: bool,
}

impl NonceLog for Counted {
    fn check_and_insert<'a>(
        &'a self,
        nonce: Nonce<'a>,
        _: u64,
        _: u64,
    ) -> BoxFuture<'a, Result<NonceStatus, BoxError>> {
        let row: Row =
            (nonce.client_key.into(), nonce.token.map(Into::into), nonce.timestamp, nonce.nonce.into());
        let mut used = self.used.lock().unwrap();
        let of_client = used.iter().filter(|used| used.0 == nonce.client_key).count();
        let of_token = used.iter().filter(|used| used.0 == nonce.client_key && used.1 == row.1).count();
        let is_full = (self.has_token_share && of_token >= SHARES.max_entries_per_token)
            || (self.has_client_share && of_client >= SHARES.max_entries_per_client);
        let status = if used.contains(&row) {
            NonceStatus::Replayed
        } else if is_full {
            if self.evicts {
                used.remove(0);
            }
            NonceStatus::Full
        } else {
            used.push(row);
            NonceStatus::Fresh
        };
        Box::pin(std::future::ready(Ok(status)))
    }
}

async fn broken(log: Counted) -> NonceLogError {
    check_nonce_shares(&log, SHARES).await.unwrap_err()
}

#[tokio::test]
async fn shares_are_checked() {
    let log = MemoryNonceLog::builder()
        .max_entries_per_client(50)
        .max_entries_per_token(20)
        .restart_policy(RestartPolicy::RejectEarlier)
        .build()
        .unwrap();
    check_nonce_shares(&log, SHARES).await.unwrap();
    let both = || Counted { has_token_share: true, has_client_share: true, ..Counted::default() };
    check_nonce_shares(&both(), SHARES).await.unwrap();
    let without_token = broken(Counted { has_token_share: false, ..both() }).await;
    assert_eq!(without_token.rule(), NonceLogRule::TokenShare, "{without_token}");
    let without_client = broken(Counted { has_client_share: false, ..both() }).await;
    assert_eq!(without_client.rule(), NonceLogRule::ClientShare, "{without_client}");
    let evicting = broken(Counted { evicts: true, ..both() }).await;
    assert_eq!(evicting.rule(), NonceLogRule::FullForgetsNothing, "{evicting}");
}
