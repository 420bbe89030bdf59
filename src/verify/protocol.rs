//! RFC 5849 §3.1: the protocol parameters that a server reads, and their valid values.

use std::borrow::Cow;

use crate::form::{Decoded, decode_borrowed};
use crate::parameter::{Name, ParameterSource};
use crate::request::Target;

use super::method::SignatureMethodName;
use super::reason::RejectionReason;
use super::settings::Settings;

/// The known protocol parameters, decoded and checked. Any other is an ordinary signed parameter.
pub(super) struct Protocol<'r> {
    pub(super) client_key: Cow<'r, str>,
    pub(super) token: Option<Cow<'r, str>>,
    pub(super) method: SignatureMethodName,
    /// The signature as it was sent. The proof checks that it is base64.
    pub(super) signature: Decoded<'r>,
    /// The timestamp and the nonce, or `None` if a PLAINTEXT request leaves them out (§3.1).
    pub(super) stamp: Option<(u64, Cow<'r, str>)>,
    pub(super) callback: Option<Cow<'r, str>>,
    pub(super) verifier: Option<Cow<'r, str>>,
    pub(super) body_hash: Option<Cow<'r, [u8]>>,
}

impl<'r> Protocol<'r> {
    pub(super) fn of(
        fields: &Fields<'r>,
        settings: &Settings,
        target: &Target<'_>,
    ) -> Result<Self, RejectionReason> {
        fields.check_split()?;
        let limit = settings.limits.identifier;
        let client_key =
            fields.text(Name::ClientKey, limit)?.ok_or(RejectionReason::Missing(Name::ClientKey.as_str()))?;
        let token = fields.text_or_empty(Name::Token, limit)?.filter(|token| !token.is_empty());
        if token.is_none() && settings.requires_token {
            return Err(RejectionReason::Missing(Name::Token.as_str()));
        }
        let method = fields.decoded(Name::Method).ok_or(RejectionReason::Missing(Name::Method.as_str()))?;
        let method =
            SignatureMethodName::from_bytes(&method).ok_or(RejectionReason::UnsupportedSignatureMethod)?;
        let is_plaintext = method == SignatureMethodName::Plaintext;
        if is_plaintext && !settings.allows_plaintext {
            return Err(RejectionReason::UnsupportedSignatureMethod);
        }
        if is_plaintext && !target.is_confidential() {
            return Err(RejectionReason::InsecureTransport);
        }
        let signature =
            fields.get(Name::Signature).cloned().ok_or(RejectionReason::Missing(Name::Signature.as_str()))?;
        let stamp = match (fields.decoded(Name::Timestamp), fields.text(Name::Nonce, limit)?) {
            (Some(timestamp), Some(nonce)) => Some((seconds(&timestamp)?, nonce)),
            (None, None) if is_plaintext => None,
            (None, _) => return Err(RejectionReason::Missing(Name::Timestamp.as_str())),
            (_, None) => return Err(RejectionReason::Missing(Name::Nonce.as_str())),
        };
        // > The parameter is OPTIONAL. If present, MUST be set to "1.0".
        if fields.decoded(Name::Version).is_some_and(|version| *version != *b"1.0") {
            return Err(RejectionReason::Invalid(Name::Version.as_str()));
        }
        let callback =
            fields.decoded(Name::Callback).map(|callback| into_text(callback, Name::Callback)).transpose()?;
        let verifier = fields.text(Name::Verifier, limit)?;
        let body_hash = fields.decoded(Name::BodyHash);
        Ok(Self { client_key, token, method, signature, stamp, callback, verifier, body_hash })
    }

    /// Returns `true` if the signature covers no part of the request (§3.4.4).
    pub(super) fn is_plaintext(&self) -> bool {
        self.method == SignatureMethodName::Plaintext
    }
}

/// The protocol parameters of a request, each sent once and all in one place.
///
/// If the policy allows it, `oauth_callback`, `oauth_verifier` and a second `oauth_token` may be in one other
/// place.
pub(super) struct Fields<'r> {
    values: [Option<Decoded<'r>>; Name::ALL.len()],
    place: Option<ParameterSource>,
    allows_split: bool,
    /// The places of parameters that need not be where the others are.
    split: Vec<(Name, ParameterSource)>,
}

/// The place of a parameter that was read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    First,
    /// It repeats the value of another place.
    Repeated,
}

impl<'r> Fields<'r> {
    pub(super) fn new(allows_split: bool) -> Self {
        Self { values: [const { None }; Name::ALL.len()], place: None, allows_split, split: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.place.is_none()
    }

    pub(super) fn put(
        &mut self,
        name: Name,
        value: Decoded<'r>,
        source: ParameterSource,
    ) -> Result<Put, RejectionReason> {
        if self.allows_split && matches!(name, Name::Callback | Name::Verifier | Name::Token) {
            return self.put_split(name, value, source);
        }
        if *self.place.get_or_insert(source) != source {
            return Err(RejectionReason::SeveralPlaces);
        }
        match self.values[name as usize].replace(value) {
            Some(_) => Err(RejectionReason::Duplicate(name.as_str().to_owned())),
            None => Ok(Put::First),
        }
    }

    fn put_split(
        &mut self,
        name: Name,
        value: Decoded<'r>,
        source: ParameterSource,
    ) -> Result<Put, RejectionReason> {
        if self.split.contains(&(name, source)) {
            return Err(RejectionReason::Duplicate(name.as_str().to_owned()));
        }
        self.split.push((name, source));
        match &self.values[name as usize] {
            None => {
                self.values[name as usize] = Some(value);
                Ok(Put::First)
            }
            Some(first) if first.clone().eq(value) => Ok(Put::Repeated),
            Some(_) => Err(RejectionReason::DifferentValues(name.as_str())),
        }
    }

    /// Checks the places of the parameters that need not be where the others are.
    ///
    /// There may be one such place, and the token must also be where the others are.
    fn check_split(&self) -> Result<(), RejectionReason> {
        let Some(place) = self.place else { return Ok(()) };
        let mut others = self.split.iter().filter(|(_, source)| *source != place);
        let Some((_, other)) = others.next() else { return Ok(()) };
        let is_token_alone = |(name, _): &(Name, ParameterSource)| {
            *name == Name::Token && !self.split.contains(&(Name::Token, place))
        };
        if others.any(|(_, source)| source != other) || self.split.iter().any(is_token_alone) {
            return Err(RejectionReason::SeveralPlaces);
        }
        Ok(())
    }

    fn get(&self, name: Name) -> Option<&Decoded<'r>> {
        self.values[name as usize].as_ref()
    }

    /// Returns a value, decoded.
    fn decoded(&self, name: Name) -> Option<Cow<'r, [u8]>> {
        self.get(name).map(decode_borrowed)
    }

    /// Returns a value as text. It must have no control characters, and be neither too long nor empty.
    fn text(&self, name: Name, limit: usize) -> Result<Option<Cow<'r, str>>, RejectionReason> {
        match self.text_or_empty(name, limit)? {
            Some(text) if text.is_empty() => Err(RejectionReason::Invalid(name.as_str())),
            text => Ok(text),
        }
    }

    fn text_or_empty(&self, name: Name, limit: usize) -> Result<Option<Cow<'r, str>>, RejectionReason> {
        let Some(bytes) = self.decoded(name) else { return Ok(None) };
        // A fold looks at every byte, so the compiler can check many at once.
        let has_controls = bytes.iter().fold(false, |any, byte| any | byte.is_ascii_control());
        if bytes.len() > limit || has_controls {
            return Err(RejectionReason::Invalid(name.as_str()));
        }
        into_text(bytes, name).map(Some)
    }
}

fn into_text(bytes: Cow<'_, [u8]>, name: Name) -> Result<Cow<'_, str>, RejectionReason> {
    match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    }
    .ok_or(RejectionReason::Invalid(name.as_str()))
}

/// Reads the timestamp.
///
/// > The timestamp value MUST be a positive integer. (§3.3)
fn seconds(timestamp: &[u8]) -> Result<u64, RejectionReason> {
    let seconds = timestamp.iter().try_fold(0_u64, |seconds, byte| {
        let digit = char::from(*byte).to_digit(10)?;
        seconds.checked_mul(10)?.checked_add(digit.into())
    });
    seconds.filter(|seconds| *seconds > 0).ok_or(RejectionReason::Invalid(Name::Timestamp.as_str()))
}
