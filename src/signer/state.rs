//! The parts of a signature that are the same for each request, computed once.

use super::error::SignError;
use super::settings::Settings;
use crate::base_string::{self, Compiled, Parameters, Sink, Values};
use crate::body_hash;
use crate::request::{RequestError, RequestRef};
use crate::signature::{Key, Message};
use crate::stamp::{Stamp, StampError};

/// The settings of a signer, and everything that is computed from them once.
pub(super) struct State {
    pub(super) settings: Settings,
    pub(super) key: Key,
    pub(super) compiled: Compiled,
    /// The start of the Authorization header: the parameters that are the same for each request.
    pub(super) header: String,
}

impl State {
    /// Returns the stamp of the next request, or `None` if the method sends none.
    pub(super) fn stamp(&self) -> Result<Option<Stamp>, StampError> {
        if self.settings.method.is_stamped() { self.settings.time.stamp().map(Some) } else { Ok(None) }
    }

    /// Returns the given stamp, or `None` if the method sends none.
    pub(super) fn keep(&self, stamp: Stamp) -> Option<Stamp> {
        Some(stamp).filter(|_| self.settings.method.is_stamped())
    }

    /// Returns an error if PLAINTEXT would send the secrets unprotected.
    pub(super) fn check(&self, request: &RequestRef<'_>) -> Result<(), SignError> {
        let exposed = self.key.is_plaintext() && !request.target().is_confidential();
        if exposed && !self.settings.plaintext_over_http {
            return Err(SignError::InsecurePlaintext);
        }
        Ok(())
    }

    pub(super) fn body_hash(&self, request: &RequestRef<'_>) -> Result<Option<String>, RequestError> {
        body_hash::of(self.settings.body_hash, self.settings.method.body_digest(), request)
    }

    #[inline]
    pub(super) fn message<'b, 'r>(
        &'b self,
        request: &'b RequestRef<'r>,
        parameters: &'b Parameters<'r>,
        stamp: Option<&'b Stamp>,
        body_hash: Option<&'b str>,
    ) -> BaseString<'b, 'r> {
        BaseString { request, parameters, compiled: &self.compiled, values: Values { stamp, body_hash } }
    }
}

/// The base string of a request, as the message that a key signs.
pub(super) struct BaseString<'b, 'r> {
    request: &'b RequestRef<'r>,
    parameters: &'b Parameters<'r>,
    compiled: &'b Compiled,
    values: Values<'b>,
}

impl Message for BaseString<'_, '_> {
    type Error = RequestError;

    #[inline]
    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), RequestError> {
        base_string::write(self.request, self.parameters, self.compiled, &self.values, sink)
    }
}
