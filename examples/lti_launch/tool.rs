//! The tool: it verifies a launch, and shows which user was launched.

use std::error::Error;
use std::fmt::Write;
use std::time::Duration;

use axum::Router;
use axum::response::Html;
use axum::routing::post;
use http::StatusCode;
use oauth1_signer::ClientCredentials;
use oauth1_signer::axum::Parameters;
use oauth1_signer::tower::{LookupResult, VerifyingLayer};
use oauth1_signer::verify::{
    Claim, ClientRecord, MemoryNonceLog, Policy, Rejection, SignatureMethodName, VerifiedRequest,
};

use crate::html::{Escaped, page};
use crate::launch::Launch;

/// Creates the tool at `path`, for platforms with their keys and secrets.
pub(crate) fn router<const N: usize>(
    path: &str,
    policy: Policy,
    platforms: [(&str, &str); N],
) -> Result<Router, Box<dyn Error>> {
    let mut records = Vec::new();
    for (key, secret) in platforms {
        let record = ClientRecord::new(ClientCredentials::new(key, secret))?;
        // The only signature method of LTI 1.1.
        records.push(record.only(&[SignatureMethodName::HmacSha1]));
    }
    // A launch goes through the browser and stays in its history, so it must count only once.
    let log = MemoryNonceLog::new()?;
    // The user is among the parameters of a launch, so it has no token.
    let layer = VerifyingLayer::new(policy.require_token(false), log, move |keys| {
        let client = records.iter().find(|client| client.key() == keys.client_key).cloned();
        async { Ok(LookupResult { client, token: None }) }
    })
    // The signature is in the form. Before it has arrived, anybody could make the server wait.
    .body_deadline(|| tokio::time::sleep(Duration::from_secs(10)))
    .on_rejection(report);
    Ok(Router::new().route(path, post(launch)).route_layer(layer))
}

async fn launch(
    caller: VerifiedRequest,
    Parameters(launch): Parameters<Launch>,
) -> Result<Html<String>, (StatusCode, &'static str)> {
    launch.check().map_err(|reason| (StatusCode::BAD_REQUEST, reason))?;
    let roles = launch.roles().collect::<Vec<_>>().join(", ");
    let mut list = String::from("<dl>\n");
    for (term, text) in [
        // The platform is a part of a user's identity: two platforms may have the same user_id.
        ("platform", Some(caller.client_key())),
        ("user_id", launch.user_id.as_deref()),
        ("name", launch.lis_person_name_full.as_deref()),
        ("roles", Some(&*roles)),
        ("context", launch.context_id.as_deref()),
        ("title", launch.context_title.as_deref()),
        ("resource_link_id", Some(&launch.resource_link_id)),
    ] {
        writeln!(list, "<dt>{term}</dt><dd>{}</dd>", Escaped(text.unwrap_or("unknown")))
            .expect("writing to a String does not fail");
    }
    list += "</dl>\n";
    Ok(Html(page("Launched", &list)))
}

/// Writes the operator's log. The browser shows one line that does not tell what was wrong.
fn report(rejection: &Rejection, claim: Option<&Claim<'_>>) {
    eprintln!("rejected: {rejection}");
    if let Some(claim) = claim {
        eprintln!("{}", claim.explanation());
    }
}
