//! What all tests of faults share: one client, one user, their secrets, and a server that repeats them.

use std::time::Duration;

use http::Request;
use oauth1_signer::flow::{Approval, CredentialsRequest, Endpoints, Flow};
use oauth1_signer::{
    ClientCredentials, Signer, SignerBuilder, TemporaryCredentials, TokenCredentials, percent_encode,
};

use crate::support::server::{IncomingRequest, Server};

// Each looks different encoded once and encoded twice.
pub(crate) const CLIENT_SECRET: &str = "CLIENT/secret+&=%7e";
pub(crate) const TOKEN_SECRET: &str = "TOKEN/secret+&=%7e";
pub(crate) const TEMPORARY_SECRET: &str = "TEMPORARY/secret+&=%7e";
pub(crate) const ISSUED_SECRET: &str = "ISSUED/secret+&=%7e";
pub(crate) const VERIFIER: &str = "VERIFIER/code+&=%7e";
pub(crate) const PASSWORD: &str = "PASSWORD/of+the+user&=%7e";
/// A value in the query of a call.
pub(crate) const QUERY: &str = "QUERY/value+&=%7e";
/// A value in the form of a call.
pub(crate) const FORM: &str = "FORM/value+&=%7e";

pub(crate) const SECRETS: [&str; 8] =
    [CLIENT_SECRET, TOKEN_SECRET, TEMPORARY_SECRET, ISSUED_SECRET, VERIFIER, PASSWORD, QUERY, FORM];

/// Longer than anything takes that does not wait.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// All secrets in all their forms, printable and without a space.
pub(crate) fn echo() -> String {
    let forms = |secret: &&str| [(*secret).to_owned(), once(secret), percent_encode(once(secret))];
    SECRETS.iter().flat_map(forms).collect::<Vec<_>>().join(";")
}

pub(crate) fn once(text: &str) -> String {
    percent_encode(text)
}

/// What a log must not show after these requests: the secrets, and the signatures.
pub(crate) fn hidden(received: &[IncomingRequest]) -> Vec<String> {
    let signatures = received.iter().filter_map(|received| received.oauth().remove("oauth_signature"));
    SECRETS.iter().map(|&secret| secret.to_owned()).chain(signatures).collect()
}

pub(crate) fn client_builder() -> SignerBuilder {
    Signer::builder(ClientCredentials::new("consumer", CLIENT_SECRET))
}

/// A signer for calls.
pub(crate) fn user() -> Signer {
    client_builder().token(TokenCredentials::new("token", TOKEN_SECRET)).build().unwrap()
}

pub(crate) fn flow(server: &Server, client: &Signer) -> Flow {
    let provider = Endpoints::new(
        server.url("/initiate?scope=a"),
        server.url("/authorize"),
        server.url("/token?scope=a"),
    );
    Flow::new(provider, client).unwrap()
}

pub(crate) fn temporary_leg(server: &Server) -> CredentialsRequest<TemporaryCredentials> {
    flow(server, &client_builder().build().unwrap())
        .temporary_credentials("http://app.example/ready")
        .unwrap()
}

pub(crate) fn token_leg(server: &Server) -> CredentialsRequest<TokenCredentials> {
    let flow = flow(server, &client_builder().build().unwrap());
    flow.token_credentials(&grant(&flow)).unwrap()
}

fn grant(flow: &Flow) -> Approval {
    let temporary = TemporaryCredentials::new("temporary", TEMPORARY_SECRET);
    let callback = format!("/ready?oauth_token=temporary&oauth_verifier={}", once(VERIFIER));
    flow.callback(temporary, &callback).unwrap()
}

pub(crate) fn password_leg(server: &Server) -> CredentialsRequest<TokenCredentials> {
    flow(server, &client_builder().build().unwrap()).xauth("user", PASSWORD).unwrap()
}

pub(crate) fn get(server: &Server) -> Request<Vec<u8>> {
    let url = server.url(&format!("/items?count=20&secret={}", once(QUERY)));
    Request::get(url).body(Vec::new()).unwrap()
}

pub(crate) fn post_form(server: &Server) -> Request<Vec<u8>> {
    Request::post(server.url(&format!("/items?secret={}", once(QUERY))))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("name=tea&secret={}", once(FORM)).into_bytes())
        .unwrap()
}

/// An answer that a leg is content with.
pub(crate) fn issued() -> String {
    format!("oauth_token=t&oauth_token_secret={}&oauth_callback_confirmed=true", once(ISSUED_SECRET))
}
