//! RFC 5849 §3.2: whether a claim is true.

use std::borrow::Cow;
use std::fmt;
use std::hint::black_box;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ctutils::CtEq;
use sha1::{Digest, Sha1};
use smallvec::SmallVec;

use crate::form::decode_borrowed;
use crate::signature::{Key, Message, SignatureText};

use super::claim::Claim;
use super::policy::Policy;
use super::protocol::Protocol;
use super::record::{ClientRecord, TokenRecord};
use super::rejection::{Rejection, RejectionReason};

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
        let nobody = self.policy.nobody.get()?;
        let claimed = self.token();
        let (is_known, client) = (client.is_some(), client.unwrap_or(&nobody.client));
        let (is_issued, token) = (token.is_some(), token.unwrap_or(&nobody.token));
        let (has_token, key) = (claimed.is_some(), self.client_key());
        let token_secret = if has_token { token.secret() } else { "" };
        // Everything is computed, whatever is known already, and for nobody as for somebody; the verdict
        // comes at the end.
        let is_token = !has_token | is_the_claimed(is_issued, token.token(), claimed.unwrap_or_default());
        let is_own_token = !has_token | is_the_claimed(is_issued, token.client_key(), key);
        let findings = black_box([
            (is_the_claimed(is_known, client.key(), key), RejectionReason::UnknownClient),
            (client.allows(self.protocol.algorithm), RejectionReason::MethodNotAllowed),
            (is_token, RejectionReason::UnknownToken),
            (is_own_token, RejectionReason::OtherClientsToken),
            (self.is_signed(client, token_secret), RejectionReason::WrongSignature),
            (self.is_hashed(), RejectionReason::WrongBodyHash),
        ]);
        // All of them are looked at: of those that are wrong, the first one counts.
        let refusal = findings.into_iter().rev().fold(
            None,
            |later, (is_right, refusal)| {
                if is_right { later } else { Some(refusal) }
            },
        );
        match refusal {
            Some(refusal) => Err(refusal.into()),
            None => Ok(Proof {
                policy: self.policy,
                protocol: &self.protocol,
                user: token.user().filter(|_| has_token).map(str::to_owned),
            }),
        }
    }

    fn is_signed(&self, client: &ClientRecord, token_secret: &str) -> bool {
        let Some(method) = self.protocol.algorithm.shared_method() else {
            return self.is_signed_by_rsa(client);
        };
        let key = Key::new(&method, client.secret(), token_secret);
        let Ok(expected) = key.sign::<_, Unsigned>(&Base(self)) else { return false };
        match expected {
            SignatureText::Shared(shared) => equal(shared.as_bytes(), &self.presented()),
            expected => match expected.bytes() {
                // > base64: only its one canonical form is a signature.
                Some(bytes) => {
                    let text: SmallVec<[u8; 96]> = self.protocol.signature.clone().collect();
                    let mut room = [0; ROOM];
                    STANDARD
                        .decode_slice(text, &mut room)
                        .is_ok_and(|len| bytes.ct_eq(&room[..len]).to_bool())
                }
                None => false,
            },
        }
    }

    fn presented(&self) -> Cow<'_, [u8]> {
        decode_borrowed(&self.protocol.signature)
    }

    #[cfg(not(feature = "rsa"))]
    #[expect(clippy::unused_self, reason = "with the feature it is used")]
    fn is_signed_by_rsa(&self, _: &ClientRecord) -> bool {
        false
    }

    #[cfg(feature = "rsa")]
    fn is_signed_by_rsa(&self, client: &ClientRecord) -> bool {
        let key = client.public_key().unwrap_or_else(|| crate::signature::RsaPublicKey::dummy());
        let presented = STANDARD.decode(&*self.presented()).unwrap_or_default();
        let hash = self.protocol.algorithm.rsa_hash();
        hash.is_some_and(|hash| key.verify(hash, &Base(self), &presented))
    }

    /// Whether `oauth_body_hash`, where it is there, is that of the body. It is no secret.
    fn is_hashed(&self) -> bool {
        let Some(hash) = &self.protocol.body_hash else { return true };
        let digest = self.protocol.algorithm.body_digest().of(self.request.bytes());
        STANDARD.decode(&**hash).is_ok_and(|hash| hash == digest)
    }
}

/// Room for the longest HMAC, which has 64 bytes, where whoever decodes asks for some to spare. What
/// is longer is no HMAC.
const ROOM: usize = 72;

/// The claim's base string, as a message.
struct Base<'c, 'r>(&'c Claim<'r>);

impl Message for Base<'_, '_> {
    type Error = std::convert::Infallible;

    fn write<S: crate::base_string::Sink>(&self, sink: &mut S) -> Result<(), Self::Error> {
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
fn equal(one: &[u8], other: &[u8]) -> bool {
    Sha1::digest(one).ct_eq(&Sha1::digest(other)).to_bool()
}

/// Whether a record is the one that is claimed. Where there is none, the claim is compared with itself,
/// so that it takes as long: the compiler must not see that, or it would spare the work.
fn is_the_claimed(is_there: bool, recorded: &str, claimed: &str) -> bool {
    let one = [claimed, recorded][usize::from(black_box(is_there))];
    is_there & black_box(black_box(one) == claimed)
}

impl fmt::Debug for Proof<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proof").field("client_key", &self.protocol.client_key).finish_non_exhaustive()
    }
}
