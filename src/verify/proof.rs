//! RFC 5849 §3.2: whether a claim is true.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ctutils::{Choice, CtEq};
use sha1::{Digest, Sha1};
use smallvec::SmallVec;

use crate::encode::decode_borrowed;
use crate::signature::{Key, Message, SignatureText};
use crate::stamp::random_octets;

use super::claim::Claim;
use super::policy::Policy;
use super::protocol::Protocol;
use super::record::{ClientRecord, TokenRecord};
use super::rejection::{Refusal, Rejection};

/// A claim whose signature is proved, but which may be a replay: [`admit`](Self::admit) is the only
/// way from it to an identity.
#[must_use = "a proof admits nobody yet: a replayed request is proved too"]
pub struct Proof<'c> {
    pub(super) policy: &'c Policy,
    pub(super) protocol: &'c Protocol<'c>,
    pub(super) user: Option<String>,
}

impl Claim<'_> {
    /// Proves the claim by the records that the caller has looked up: of the client, and of the token
    /// where the request has one. None is for a record that is not there, or is revoked.
    ///
    /// A record that is not there costs as much time as one that is, and the client gets the same
    /// answer as for a wrong signature.
    ///
    /// # Errors
    /// If the signature is not that of the client and the token (401).
    pub fn prove(
        &self,
        client: Option<&ClientRecord>,
        token: Option<&TokenRecord>,
    ) -> Result<Proof<'_>, Rejection> {
        let algorithm = self.protocol.algorithm;
        let client = client.filter(|client| client.key() == self.client_key());
        let claimed = self.token();
        let token = token.filter(|token| Some(token.token()) == claimed);
        // Everything is computed, whatever is known already; the verdict comes at the end.
        let is_signed = self.is_signed(client, token)?;
        let is_hashed = self.is_hashed();
        let refusal = match (client, token) {
            (None, _) => Some(Refusal::UnknownClient),
            (Some(client), _) if !client.allows(algorithm) => Some(Refusal::MethodNotAllowed),
            (_, None) if claimed.is_some() => Some(Refusal::UnknownToken),
            (Some(client), Some(token)) if token.client_key() != client.key() => {
                Some(Refusal::OtherClientsToken)
            }
            _ if !is_signed.to_bool() => Some(Refusal::WrongSignature),
            _ if !is_hashed => Some(Refusal::WrongBodyHash),
            _ => None,
        };
        match refusal {
            Some(refusal) => Err(refusal.into()),
            None => Ok(Proof {
                policy: self.policy,
                protocol: &self.protocol,
                user: token.and_then(TokenRecord::user).map(str::to_owned),
            }),
        }
    }

    fn is_signed(
        &self,
        client: Option<&ClientRecord>,
        token: Option<&TokenRecord>,
    ) -> Result<Choice, Rejection> {
        let Some(method) = self.protocol.algorithm.shared_method() else {
            return Ok(self.is_signed_by_rsa(client));
        };
        let dummy = dummy_secret()?;
        let client_secret = client.map_or(dummy, ClientRecord::secret);
        let token_secret = match token {
            Some(token) => token.secret(),
            None if self.token().is_some() => dummy,
            None => "",
        };
        let key = Key::new(&method, client_secret, token_secret);
        let Ok(expected) = key.sign::<_, Unsigned>(&Base(self)) else { return Ok(Choice::FALSE) };
        Ok(match expected {
            SignatureText::Shared(shared) => equal(shared.as_bytes(), &self.presented()),
            expected => match expected.octets() {
                // > base64: only its one canonical form is a signature.
                Some(octets) => {
                    let text: SmallVec<[u8; 96]> = self.protocol.signature.clone().collect();
                    let mut room = [0; ROOM];
                    STANDARD
                        .decode_slice(text, &mut room)
                        .map_or(Choice::FALSE, |len| octets.ct_eq(&room[..len]))
                }
                None => Choice::FALSE,
            },
        })
    }

    fn presented(&self) -> Cow<'_, [u8]> {
        decode_borrowed(self.protocol.signature.clone())
    }

    #[cfg(not(feature = "rsa"))]
    #[expect(clippy::unused_self, reason = "with the feature it is used")]
    fn is_signed_by_rsa(&self, _: Option<&ClientRecord>) -> Choice {
        Choice::FALSE
    }

    #[cfg(feature = "rsa")]
    fn is_signed_by_rsa(&self, client: Option<&ClientRecord>) -> Choice {
        let key = client
            .and_then(ClientRecord::public_key)
            .unwrap_or_else(|| crate::signature::RsaPublicKey::dummy());
        let presented = STANDARD.decode(&*self.presented()).unwrap_or_default();
        let hash = self.protocol.algorithm.rsa_hash();
        let is_signed = hash.is_some_and(|hash| key.verify(hash, &Base(self), &presented));
        if is_signed { Choice::TRUE } else { Choice::FALSE }
    }

    /// Whether `oauth_body_hash`, where it is there, is that of the body. It is no secret.
    fn is_hashed(&self) -> bool {
        let Some(hash) = &self.protocol.body_hash else { return true };
        let digest = self.protocol.algorithm.body_digest().of(self.body.unwrap_or_default());
        STANDARD.decode(&**hash).is_ok_and(|hash| hash == digest)
    }
}

/// Room for the longest HMAC, which has 64 octets, where whoever decodes asks for some to spare. What
/// is longer is no HMAC.
const ROOM: usize = 72;

/// The claim's base string, as a message.
struct Base<'c, 'r>(&'c Claim<'r>);

impl Message for Base<'_, '_> {
    type Error = std::convert::Infallible;

    fn write<S: crate::base_string::Witness>(&self, sink: &mut S) -> Result<(), Self::Error> {
        self.0.write(sink);
        Ok(())
    }
}

/// No method with a shared key fails.
struct Unsigned;

impl From<std::convert::Infallible> for Unsigned {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl From<crate::signature::SignatureError> for Unsigned {
    fn from(_: crate::signature::SignatureError) -> Self {
        Self
    }
}

/// Whether two texts of any length are equal: by their digests, so that not even a length shows.
fn equal(one: &[u8], other: &[u8]) -> Choice {
    Sha1::digest(one).ct_eq(&Sha1::digest(other))
}

/// A secret that nobody has: of this process, and no record's.
fn dummy_secret() -> Result<&'static str, Rejection> {
    static DUMMY: OnceLock<String> = OnceLock::new();
    if let Some(dummy) = DUMMY.get() {
        return Ok(dummy);
    }
    let octets = random_octets(0).map_err(|error| Rejection::Unavailable(Box::new(error)))?;
    Ok(DUMMY.get_or_init(|| STANDARD.encode(octets)))
}

impl fmt::Debug for Proof<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proof").field("client_key", &self.protocol.client_key).finish_non_exhaustive()
    }
}
