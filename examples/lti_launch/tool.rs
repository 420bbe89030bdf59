//! The tool: it verifies a launch, and shows what it says.

use std::error::Error;
use std::fmt::Write;

use axum::response::Html;
use axum::routing::post;
use axum::{Extension, Form, Router};
use http::StatusCode;
use oauth1_signer::ClientCredentials;
use oauth1_signer::tower::{LookupResult, VerifyingLayer};
use oauth1_signer::verify::{
    Claim, ClientRecord, MemoryNonceLog, Policy, Rejection, SignatureMethodName, VerifiedRequest,
};

use crate::html::{Escaped, page};
use crate::launch::Launch;

/// The tool at a path, for platforms by their keys and secrets.
pub(crate) fn router<const N: usize>(
    path: &str,
    policy: Policy,
    platforms: [(&str, &str); N],
) -> Result<Router, Box<dyn Error>> {
    let mut records = Vec::new();
    for (key, secret) in platforms {
        // LTI 1.1 knows this method only.
        records.push(
            ClientRecord::new(ClientCredentials::new(key, secret))?.only(&[SignatureMethodName::HmacSha1]),
        );
    }
    // The launches of a platform have no token: a user is one of its fields.
    let policy = policy.require_token(false);
    // A launch goes through the browser, whose history has it: it is to serve once.
    let log = MemoryNonceLog::new(100_000, 50_000)?;
    let layer = VerifyingLayer::new(policy, log, move |wanted| {
        let client = records.iter().find(|client| client.key() == wanted.client_key).cloned();
        async { Ok(LookupResult { client, token: None }) }
    });
    Ok(Router::new().route(path, post(launch)).route_layer(layer.on_rejection(report)))
}

/// Whoever gets here has a right signature. The form has been read for it already, and is read again.
async fn launch(
    Extension(verified): Extension<VerifiedRequest>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Html<String>, (StatusCode, &'static str)> {
    let launch = Launch::read(fields).map_err(|reason| (StatusCode::BAD_REQUEST, reason))?;
    let roles = launch.roles().collect::<Vec<_>>().join(", ");
    let field = |name| launch.get(name).unwrap_or("not said");
    let mut list = String::from("<dl>\n");
    for (term, text) in [
        // It belongs to a user's identifier: two platforms may have the same ones.
        ("platform", verified.client_key()),
        ("user_id", field("user_id")),
        ("name", field("lis_person_name_full")),
        ("roles", &roles),
        ("context", field("context_id")),
        ("title", field("context_title")),
        ("resource_link_id", field("resource_link_id")),
    ] {
        // Writing to a text does not fail.
        let _ = writeln!(list, "<dt>{term}</dt><dd>{}</dd>", Escaped(text));
    }
    list += "</dl>\n";
    Ok(Html(page("Launched", &list)))
}

/// For the operator. The browser gets a line of text that does not say what was wrong.
fn report(rejection: &Rejection, claim: Option<&Claim<'_>>) {
    eprintln!("rejected: {rejection}");
    if let Some(claim) = claim {
        eprintln!("{}", claim.explanation());
    }
}
