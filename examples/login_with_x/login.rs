//! The two pages of a login: the first sends the browser to the provider, the second gets it back.

use std::error::Error;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header::SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};

use crate::App;

/// Step 1: gets a request token, stores it in a new session, and sends the browser to X.
pub(crate) async fn start(State(app): State<Arc<App>>) -> Result<Response, Response> {
    let request = app.flow.temporary_credentials(&*app.callback).map_err(failed)?;
    let pending = app.client.request_credentials(&request).await.map_err(failed)?.credentials;
    let url = app.flow.authorization_url(&pending).map_err(failed)?;
    Ok(([(SET_COOKIE, app.sessions.start(pending).map_err(failed)?)], Redirect::to(&url)).into_response())
}

/// Steps 2 and 3: the browser comes back, and the approval is exchanged for an access token.
pub(crate) async fn finish(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<String, Response> {
    let no_login = (StatusCode::BAD_REQUEST, "no login is pending here").into_response();
    let pending = app.sessions.take(&headers).ok_or(no_login)?;
    let approval = app.flow.callback(pending, &query.unwrap_or_default()).map_err(|rejected| {
        let (text, is_over) = (rejected.to_string(), rejected.names_pending_token());
        // Anybody can send a browser here. A callback that does not name the pending token must not end the
        // login.
        if !is_over {
            app.sessions.keep(&headers, rejected.into_credentials());
        }
        (StatusCode::FORBIDDEN, text).into_response()
    })?;
    let request = app.flow.token_credentials(&approval).map_err(failed)?;
    let issued = app.client.request_credentials(&request).await.map_err(failed)?;
    // Store `issued.credentials` with the user. `app.client.with_signer(app.flow.signer(…)?)` calls the API
    // for them.
    Ok(format!("hello, {}", issued.fields.get("screen_name").unwrap_or("stranger")))
}

/// Logs the error. The browser shows only that something failed.
fn failed(error: impl Error) -> Response {
    eprintln!("{error}");
    (StatusCode::BAD_GATEWAY, "the login failed").into_response()
}
