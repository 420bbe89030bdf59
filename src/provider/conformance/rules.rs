//! Checks each rule of a store.

use crate::boxed::{BoxError, BoxFuture};
use crate::credentials::TokenCredentials;

use super::super::grant::Grant;
use super::super::parts::GrantParts;
use super::super::parts::Stage;
use super::super::store::{Revoke, Store};
use super::waiting::{join, join_threads, observe};

/// A store that is checked.
pub(super) struct Context<'s> {
    pub(super) store: &'s dyn Store,
    /// This is `true` as long as all futures of the store were ready at once.
    pub(super) never_waits: bool,
}

type Checked = Result<(), String>;

pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) remedy: &'static str,
    pub(super) check: for<'c, 's> fn(&'c mut Context<'s>) -> BoxFuture<'c, Checked>,
}

/// The rules. The simple ones come first: a store that breaks one of them breaks later ones too.
pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "a grant is loaded as it was stored",
        remedy: "save and load every field of GrantParts, in columns that hold any text of 2048 bytes",
        check: |context| Box::pin(round_trip(context)),
    },
    Rule {
        name: "a token is found at its own stage only",
        remedy: "make stage and token the key together, and compare both in every statement",
        check: |context| Box::pin(stages(context)),
    },
    Rule {
        name: "text is compared byte by byte",
        remedy: "use a binary collation, no padding, and no pattern or prefix matching",
        check: |context| Box::pin(odd_texts(context)),
    },
    Rule {
        name: "an insertion never replaces a grant",
        remedy: "insert under the unique key of stage and token, and report the conflict as an error",
        check: |context| Box::pin(no_replacement(context)),
    },
    Rule {
        name: "a grant advances in place, and only if it is there",
        remedy: "update where stage and token match, and return whether a row was changed; never upsert",
        check: |context| Box::pin(advance(context)),
    },
    Rule {
        name: "of several who advance a grant, exactly one does",
        remedy: "compare the stage and write the next one in the same statement or script",
        check: |context| Box::pin(races(context)),
    },
    Rule {
        name: "no grant is dropped before it expires",
        remedy: "delete only where `expires` is set, and at or before the `now` that was given",
        check: |context| Box::pin(expiry(context)),
    },
    Rule {
        name: "a revocation removes what it describes, and nothing else",
        remedy: "delete by the whole column at every stage, and return the number of rows",
        check: |context| Box::pin(revocation(context)),
    },
    Rule {
        name: "a user's access tokens are listed, at most as many as wanted",
        remedy: "select where stage is `exchanged` and the user matches, order by client key, and limit",
        check: |context| Box::pin(listing(context)),
    },
];

const NOW: u64 = 1_700_000_000;
const EXPIRES: u64 = NOW + 600;

/// Returns a grant with all fields of its stage.
fn grant(stage: Stage, token: &str, client_key: &str, user: &str) -> Result<Grant, String> {
    let is_granted = matches!(stage, Stage::Approved | Stage::Exchanged);
    let parts = GrantParts {
        stage,
        credentials: TokenCredentials::new(token, "a token secret"),
        client_key: client_key.to_owned(),
        callback: (stage == Stage::Pending).then(|| "https://printer.example.com/ready?a=%20".to_owned()),
        verifier: (stage == Stage::Approved).then(|| "a verification code".to_owned()),
        user: is_granted.then(|| user.to_owned()),
        issued: (stage == Stage::Exchanged).then_some(NOW),
        expires: Some(EXPIRES),
    };
    Grant::from_parts(parts).map_err(|error| error.to_string())
}

impl Context<'_> {
    async fn insert(&mut self, grant: Grant, now: u64) -> Checked {
        let inserted = observe(&mut self.never_waits, self.store.insert(grant, now)).await;
        inserted.map_err(|error| format!("`insert` failed: {error}"))
    }

    async fn find(&mut self, stage: Stage, token: &str) -> Result<Option<Grant>, String> {
        let found = observe(&mut self.never_waits, self.store.find(stage, token)).await;
        found.map_err(|error| format!("`find` failed: {error}"))
    }

    async fn advance(&mut self, from: Stage, token: &str, to: Grant) -> Result<bool, String> {
        let advanced = observe(&mut self.never_waits, self.store.advance(from, token, to, NOW)).await;
        advanced.map_err(|error| format!("`advance` failed: {error}"))
    }

    async fn revoke(&mut self, what: Revoke<'_>) -> Result<u64, String> {
        let revoked = observe(&mut self.never_waits, self.store.revoke(what)).await;
        revoked.map_err(|error| format!("`revoke` failed: {error}"))
    }

    /// Checks that the store has this grant, or that it has none if `expected` is `None`.
    async fn expect(&mut self, stage: Stage, token: &str, expected: Option<&Grant>) -> Checked {
        let found = self.find(stage, token).await?;
        match (found, expected) {
            (None, None) => Ok(()),
            (Some(_), None) => Err(format!("{stage} {token:?} is found, and should not be")),
            (None, Some(_)) => Err(format!("{stage} {token:?} is not found")),
            (Some(found), Some(expected)) => same(found, expected.clone()),
        }
    }
}

/// Checks that two grants are the same. The error names the first field that differs.
fn same(found: Grant, expected: Grant) -> Checked {
    let (found, expected) = (found.into_parts(), expected.into_parts());
    let fields = [
        ("stage", found.stage == expected.stage),
        ("token", found.credentials.token() == expected.credentials.token()),
        ("secret", found.credentials.expose_secret() == expected.credentials.expose_secret()),
        ("client_key", found.client_key == expected.client_key),
        ("callback", found.callback == expected.callback),
        ("verifier", found.verifier == expected.verifier),
        ("user", found.user == expected.user),
        ("issued", found.issued == expected.issued),
        ("expires", found.expires == expected.expires),
    ];
    match fields.iter().find(|(_, is_same)| !is_same) {
        None => Ok(()),
        Some((field, _)) => {
            Err(format!("{} {:?} has another `{field}`", expected.stage, found.credentials.token()))
        }
    }
}

fn that(is_kept: bool, found: impl FnOnce() -> String) -> Checked {
    if is_kept { Ok(()) } else { Err(found()) }
}

const LOOKED_UP: [Stage; 3] = [Stage::Pending, Stage::Approved, Stage::Exchanged];

async fn round_trip(context: &mut Context<'_>) -> Checked {
    for stage in LOOKED_UP {
        let full = grant(stage, &format!("full {stage}"), "printer", "jane")?;
        let mut parts = grant(stage, &format!("least {stage}"), "printer", "jane")?.into_parts();
        parts.callback = None;
        parts.issued = None;
        if stage == Stage::Exchanged {
            parts.expires = None;
        }
        let mut most = grant(stage, &format!("most {stage}"), "printer", "jane")?.into_parts();
        most.callback =
            most.callback.map(|callback| format!("{callback}{}", "x".repeat(2048 - callback.len())));
        // Databases have no larger integer.
        most.expires = Some(i64::MAX.unsigned_abs());
        for grant in [Ok(full), Grant::from_parts(parts), Grant::from_parts(most)] {
            let grant = grant.map_err(|error| error.to_string())?;
            context.insert(grant.clone(), NOW).await?;
            context.expect(stage, grant.token(), Some(&grant)).await?;
            // Finding a grant does not remove it.
            context.expect(stage, grant.token(), Some(&grant)).await?;
        }
    }
    Ok(())
}

async fn stages(context: &mut Context<'_>) -> Checked {
    for stage in LOOKED_UP {
        let token = format!("only {stage}");
        context.insert(grant(stage, &token, "printer", "jane")?, NOW).await?;
        for other in LOOKED_UP.into_iter().filter(|other| *other != stage) {
            context.expect(other, &token, None).await?;
            let next = grant(Stage::Exchanged, "never", "printer", "jane")?;
            let advanced = context.advance(other, &token, next).await?;
            that(!advanced, || format!("{token:?} was advanced from {other}"))?;
        }
        that(stage == Stage::Exchanged || context.revoke(Revoke::Token(&token)).await? == 0, || {
            format!("a request token that is {stage} was revoked as an access token")
        })?;
        // The same token at several stages stands for several grants.
        context.insert(grant(stage, "same", "printer", "jane")?, NOW).await?;
    }
    for stage in LOOKED_UP {
        context.expect(stage, "same", Some(&grant(stage, "same", "printer", "jane")?)).await?;
    }
    Ok(())
}

const ODD: [&str; 16] = [
    "token",
    "TOKEN",
    "token ",
    " token",
    "",
    "to%en",
    "to_en",
    "tok*",
    "t'--",
    "t\"",
    "t\\",
    "a:b",
    "tok\u{e9}n",
    "toke\u{301}n",
    "\u{1f5bc}",
    "line\nbreak\ttab",
];

async fn odd_texts(context: &mut Context<'_>) -> Checked {
    for text in ODD {
        // Before it is stored, the text must not find another grant.
        context.expect(Stage::Exchanged, text, None).await?;
        context.insert(grant(Stage::Exchanged, text, text, text)?, NOW).await?;
    }
    for text in ODD {
        context.expect(Stage::Exchanged, text, Some(&grant(Stage::Exchanged, text, text, text)?)).await?;
        let listed = context.store.grants_of_user(text, 100).await.map_err(|error| error.to_string())?;
        that(listed.len() == 1, || format!("the user {text:?} has {} grants instead of 1", listed.len()))?;
    }
    for (number, text) in ODD.into_iter().enumerate() {
        let what = match number % 4 {
            0 => Revoke::Token(text),
            1 => Revoke::Client(text),
            2 => Revoke::User(text),
            _ => Revoke::UserOfClient { user: text, client_key: text },
        };
        let revoked = context.revoke(what).await?;
        that(revoked == 1, || format!("{what:?} removed {revoked} grants instead of 1"))?;
    }
    Ok(())
}

async fn no_replacement(context: &mut Context<'_>) -> Checked {
    for stage in LOOKED_UP {
        let first = grant(stage, "token", "printer", "jane")?;
        context.insert(first.clone(), NOW).await?;
        let second = grant(stage, "token", "other", "eve")?;
        let inserted = observe(&mut context.never_waits, context.store.insert(second, NOW)).await;
        that(inserted.is_err(), || format!("a second grant for {stage} \"token\" was inserted"))?;
        context.expect(stage, "token", Some(&first)).await?;
    }
    Ok(())
}

async fn advance(context: &mut Context<'_>) -> Checked {
    let approved = grant(Stage::Approved, "request", "printer", "jane")?;
    let exchanged = grant(Stage::Exchanged, "access", "printer", "jane")?;
    let advanced = context.advance(Stage::Pending, "request", approved.clone()).await?;
    that(!advanced, || "`advance` returned true where there was no grant".to_owned())?;
    context.expect(Stage::Approved, "request", None).await?;

    context.insert(grant(Stage::Pending, "request", "printer", "jane")?, NOW).await?;
    let advanced = context.advance(Stage::Pending, "request", approved.clone()).await?;
    that(advanced, || "`advance` returned false for a grant that was there".to_owned())?;
    context.expect(Stage::Pending, "request", None).await?;
    context.expect(Stage::Approved, "request", Some(&approved)).await?;

    that(context.advance(Stage::Approved, "request", exchanged.clone()).await?, || {
        "`advance` returned false for a grant that changes its token".to_owned()
    })?;
    context.expect(Stage::Approved, "request", None).await?;
    context.expect(Stage::Exchanged, "access", Some(&exchanged)).await?;
    let again = context.advance(Stage::Approved, "request", exchanged.clone()).await?;
    that(!again, || "a grant was advanced twice".to_owned())?;

    for stage in [Stage::Pending, Stage::Approved] {
        context.insert(grant(stage, "denied", "printer", "jane")?, NOW).await?;
        let ended = grant(Stage::Ended, "denied", "printer", "jane")?;
        that(context.advance(stage, "denied", ended).await?, || format!("a {stage} grant did not end"))?;
        for stage in LOOKED_UP {
            context.expect(stage, "denied", None).await?;
        }
        context.revoke(Revoke::Client("printer")).await?;
    }
    Ok(())
}

/// The number of times that each race is run.
const ROUNDS: usize = 10;
const RACING: usize = 4;
/// The number for races on threads, which meet only by chance.
const ROUNDS_OF_THREADS: usize = 100;

async fn races(context: &mut Context<'_>) -> Checked {
    // A store that has never waited may do so now.
    for round in 0..ROUNDS {
        race(context, round, false).await?;
    }
    if context.never_waits {
        for round in ROUNDS..ROUNDS + ROUNDS_OF_THREADS {
            race(context, round, true).await?;
        }
    }
    Ok(())
}

async fn race(context: &mut Context<'_>, round: usize, on_threads: bool) -> Checked {
    let token = format!("request {round}");
    let token = token.as_str();
    context.insert(grant(Stage::Approved, token, "printer", "jane")?, NOW).await?;
    let next = |racer: usize| match racer {
        // One call presents a wrong verification code, the others the right one.
        0 => grant(Stage::Ended, token, "printer", "jane"),
        _ => grant(Stage::Exchanged, &format!("access {round}.{racer}"), "printer", "jane"),
    };
    let mut racing: Vec<BoxFuture<'_, Result<bool, BoxError>>> = Vec::new();
    for racer in 0..RACING {
        racing.push(context.store.advance(Stage::Approved, token, next(racer)?, NOW));
    }
    let advanced =
        if on_threads { join_threads(racing) } else { observe(&mut context.never_waits, join(racing)).await };
    // A database may end a conflict with an error, which must change nothing.
    let won = advanced.iter().filter(|advanced| matches!(advanced, Ok(true))).count();
    that(won == 1, || format!("{won} of {RACING} who advanced the same grant were told that they did"))?;
    let mut left = 0;
    for racer in 1..RACING {
        left += usize::from(context.find(Stage::Exchanged, next(racer)?.token()).await?.is_some());
    }
    that(left <= 1, || format!("{left} access tokens came from one request token"))?;
    context.revoke(Revoke::User("jane")).await?;
    Ok(())
}

async fn expiry(context: &mut Context<'_>) -> Checked {
    let mut forever = grant(Stage::Exchanged, "forever", "printer", "jane")?.into_parts();
    forever.expires = None;
    let forever = Grant::from_parts(forever).map_err(|error| error.to_string())?;
    context.insert(forever.clone(), NOW).await?;
    for stage in LOOKED_UP {
        context.insert(grant(stage, "short", "printer", "jane")?, NOW).await?;
    }
    for later in 0..20 {
        let mut parts = grant(Stage::Pending, &format!("later {later}"), "printer", "jane")?.into_parts();
        parts.expires = Some(EXPIRES + 600);
        let grant = Grant::from_parts(parts).map_err(|error| error.to_string())?;
        context.insert(grant, EXPIRES - 1).await?;
    }
    for stage in LOOKED_UP {
        context.expect(stage, "short", Some(&grant(stage, "short", "printer", "jane")?)).await?;
    }
    let mut parts = grant(Stage::Pending, "last", "printer", "jane")?.into_parts();
    parts.expires = Some(2 * EXPIRES);
    let last = Grant::from_parts(parts).map_err(|error| error.to_string())?;
    context.insert(last, EXPIRES + 601).await?;
    context.expect(Stage::Exchanged, "forever", Some(&forever)).await
}

/// A function that returns `true` if a revocation must remove the grant.
type Touches = fn(&Grant) -> bool;

async fn revocation(context: &mut Context<'_>) -> Checked {
    let owners = [("printer", "jane"), ("printer", "joe"), ("other", "jane"), ("other", "joe")];
    let granted = [Stage::Approved, Stage::Exchanged];
    let revocations: [(Revoke<'_>, Touches); 4] = [
        (Revoke::Token("printer jane"), |grant| {
            grant.stage() == Stage::Exchanged && grant.token() == "printer jane"
        }),
        (Revoke::Client("printer"), |grant| grant.client_key() == "printer"),
        (Revoke::User("jane"), |grant| grant.user() == Some("jane")),
        (Revoke::UserOfClient { user: "jane", client_key: "printer" }, |grant| {
            grant.user() == Some("jane") && grant.client_key() == "printer"
        }),
    ];
    for (what, touches) in revocations {
        let mut grants = Vec::new();
        for (client, user) in owners {
            let token = format!("{client} {user}");
            grants.push(grant(Stage::Pending, &token, client, user)?);
            for stage in granted {
                grants.push(grant(stage, &token, client, user)?);
            }
        }
        for grant in &grants {
            context.insert(grant.clone(), NOW).await?;
        }
        let expected = grants.iter().filter(|grant| touches(grant)).count() as u64;
        let revoked = context.revoke(what).await?;
        for grant in &grants {
            let left = (!touches(grant)).then_some(grant);
            let kept = context.expect(grant.stage(), grant.token(), left).await;
            kept.map_err(|found| format!("after {what:?}, {found}"))?;
        }
        that(revoked == expected, || format!("{what:?} returned {revoked} instead of {expected}"))?;
        let again = context.revoke(what).await?;
        that(again == 0, || format!("{what:?} returned {again} when it was repeated"))?;
        for client in ["printer", "other"] {
            context.revoke(Revoke::Client(client)).await?;
        }
    }
    Ok(())
}

async fn listing(context: &mut Context<'_>) -> Checked {
    for number in 0..10 {
        // The order is not that of the keys.
        let client = format!("client {}", (number * 7) % 10);
        context.insert(grant(Stage::Exchanged, &format!("jane {number}"), &client, "jane")?, NOW).await?;
        context.insert(grant(Stage::Exchanged, &format!("joe {number}"), &client, "joe")?, NOW).await?;
        context.insert(grant(Stage::Approved, &format!("jane {number}"), &client, "jane")?, NOW).await?;
    }
    for (limit, expected) in [(100, 10), (10, 10), (3, 3), (0, 0)] {
        let listed = context.store.grants_of_user("jane", limit).await;
        let listed = listed.map_err(|error| format!("`grants_of_user` failed: {error}"))?;
        that(listed.len() == expected, || {
            format!("{} grants are listed instead of {expected}, with a limit of {limit}", listed.len())
        })?;
        for grant in &listed {
            that(grant.stage() == Stage::Exchanged && grant.user() == Some("jane"), || {
                format!("{} of another user or stage is listed", grant.token())
            })?;
        }
        that(listed.is_sorted_by(|one, next| one.client_key() <= next.client_key()), || {
            "the grants are not sorted by client key".to_owned()
        })?;
    }
    Ok(())
}

pub(super) async fn share(context: &mut Context<'_>, max: usize) -> Checked {
    for number in 0..max {
        context.insert(grant(Stage::Pending, &format!("flood {number}"), "flood", "eve")?, NOW).await?;
    }
    let more = context.store.insert(grant(Stage::Pending, "one more", "flood", "eve")?, NOW).await;
    that(more.is_err(), || format!("a client got more than {max} pending grants"))?;
    // An approved grant still uses its place.
    let approved = grant(Stage::Approved, "flood 0", "flood", "eve")?;
    that(context.advance(Stage::Pending, "flood 0", approved).await?, || {
        "a client at its limit could not go on with a grant".to_owned()
    })?;
    let more = context.store.insert(grant(Stage::Pending, "one more", "flood", "eve")?, NOW).await;
    that(more.is_err(), || "an approved grant does not count".to_owned())?;
    context.insert(grant(Stage::Pending, "another", "printer", "jane")?, NOW).await?;
    let exchanged = grant(Stage::Exchanged, "access", "flood", "eve")?;
    context.advance(Stage::Approved, "flood 0", exchanged).await?;
    context.insert(grant(Stage::Pending, "one more", "flood", "eve")?, NOW).await
}
