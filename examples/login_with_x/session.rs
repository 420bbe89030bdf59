//! Sessions in the memory of this process: a random cookie, and the request token of the pending login.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, header::COOKIE};
use oauth1_signer::TemporaryCredentials;
use rand::TryRng;
use rand::rngs::{SysError, SysRng};

/// The pending logins, by cookie. A real application removes old ones, and limits their number.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, TemporaryCredentials>>);

impl Sessions {
    /// Starts a session, and returns the Set-Cookie header. On https, add `; Secure`.
    pub(crate) fn start(&self, pending: TemporaryCredentials) -> Result<String, SysError> {
        let mut random = [0; 16];
        SysRng.try_fill_bytes(&mut random)?;
        let id = format!("{:032x}", u128::from_be_bytes(random));
        self.insert(id.clone(), pending);
        // With Lax, the browser sends the cookie when the provider sends the user back.
        Ok(format!("session={id}; HttpOnly; SameSite=Lax; Path=/; Max-Age=600"))
    }

    /// Takes the request token out of the browser's session.
    pub(crate) fn take(&self, headers: &HeaderMap) -> Option<TemporaryCredentials> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id(headers)?)
    }

    /// Puts the request token back.
    pub(crate) fn keep(&self, headers: &HeaderMap, pending: TemporaryCredentials) {
        if let Some(id) = id(headers) {
            self.insert(id.to_owned(), pending);
        }
    }

    fn insert(&self, id: String, pending: TemporaryCredentials) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, pending);
    }
}

fn id(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get(COOKIE)?.to_str().ok()?;
    cookies.split("; ").find_map(|cookie| cookie.strip_prefix("session="))
}
