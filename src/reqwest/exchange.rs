//! A request with all its attempts and redirects, without I/O. Both clients use it.

use std::time::Duration;

use http::Method;
use url::Url;

use crate::signer::Signer;
use crate::signer::authorize::Authorize;

use super::error::{Error, RedirectError};
use super::redirect::{Redirects, Seen};
use super::requests::Resend;
use super::retry::RetryPolicy;

/// The settings of a client.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) signer: Signer,
    pub(super) redirects: Redirects,
    pub(super) retry: RetryPolicy,
}

/// A request on its way.
pub(super) struct Exchange<'s, R> {
    settings: &'s Settings,
    /// The request to send next, unsigned.
    next: Option<R>,
    method: Method,
    url: Url,
    attempts: u32,
    hops: usize,
}

/// The next step after a result.
pub(super) enum Verdict {
    /// Return the result to the caller.
    Final,
    /// Wait, and send the next attempt.
    Again(Duration),
}

impl<'s, R: Authorize + Resend> Exchange<'s, R> {
    pub(super) fn new(settings: &'s Settings, request: R) -> Self {
        let (method, url) = (request.method().clone(), request.url().clone());
        Self { settings, next: Some(request), method, url, attempts: 0, hops: 0 }
    }

    /// Returns the next attempt, signed now. It keeps a copy if there may be a further attempt.
    pub(super) fn attempt(&mut self) -> Result<R, Error> {
        let request = self.next.take().expect("each verdict `Again` leaves a request");
        if self.settings.redirects == Redirects::SameOrigin || self.settings.retry.covers(&self.method) {
            self.next = request.copy();
        }
        self.attempts = self.attempts.saturating_add(1);
        Ok(request.authorize(&self.settings.signer)?)
    }

    /// Examines the response to the last attempt.
    pub(super) fn response(&mut self, response: Seen<'_>) -> Result<Verdict, Error> {
        let (status, headers) = (response.status, response.headers);
        let hop = self.settings.redirects.next(self.hops, (&self.method, &self.url), response)?;
        if let Some(hop) = hop {
            let streamed = Error::Redirect { status, reason: RedirectError::StreamedBody };
            let request = self.next.take().ok_or(streamed)?;
            (self.method, self.url) = (hop.method.clone(), hop.url.clone());
            self.next = Some(request.redirect(hop));
            self.hops += 1;
            return Ok(Verdict::Again(Duration::ZERO));
        }
        let delay = self.settings.retry.after_response(self.attempts, status, headers);
        Ok(self.again(delay))
    }

    /// Examines the failure of the last attempt.
    pub(super) fn failure(&self, error: &::reqwest::Error) -> Verdict {
        self.again(self.settings.retry.after_failure(self.attempts, error))
    }

    fn again(&self, delay: Option<Duration>) -> Verdict {
        match delay {
            Some(delay) if self.next.is_some() && self.settings.retry.covers(&self.method) => {
                Verdict::Again(delay)
            }
            _ => Verdict::Final,
        }
    }
}
