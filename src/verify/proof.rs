//! RFC 5849 §3.2: whether a claim is true.

use std::borrow::Cow;
use std::fmt;
use std::hint::black_box;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ctutils::{Choice, CtEq};
use sha1::{Digest, Sha1};
use smallvec::SmallVec;

use crate::credentials::{ClientCredentials, TokenCredentials};
use crate::encode::decode_borrowed;
use crate::signature::{Key, Message, SignatureText};
use crate::stamp::{alphanumeric, random_octets};

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
        // Everything is computed, whatever is known already, and for nobody as for somebody; the verdict
        // comes at the end.
        let nobody = Nobody::get()?;
        let claimed = self.token();
        let is_client = is_the_claimed(client.map(ClientRecord::key), self.client_key());
        let is_token = claimed.is_none_or(|claimed| is_the_claimed(token.map(TokenRecord::token), claimed));
        let client = client.unwrap_or(&nobody.client);
        let token = claimed.map(|_| token.unwrap_or(&nobody.token));
        let is_signed = self.is_signed(client, token.map_or("", TokenRecord::secret));
        let is_hashed = self.is_hashed();
        let refusal = if !is_client {
            Some(Refusal::UnknownClient)
        } else if !client.allows(algorithm) {
            Some(Refusal::MethodNotAllowed)
        } else if !is_token {
            Some(Refusal::UnknownToken)
        } else if token.is_some_and(|token| token.client_key() != client.key()) {
            Some(Refusal::OtherClientsToken)
        } else if !is_signed.to_bool() {
            Some(Refusal::WrongSignature)
        } else if !is_hashed {
            Some(Refusal::WrongBodyHash)
        } else {
            None
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

    fn is_signed(&self, client: &ClientRecord, token_secret: &str) -> Choice {
        let Some(method) = self.protocol.algorithm.shared_method() else {
            return self.is_signed_by_rsa(client);
        };
        let key = Key::new(&method, client.secret(), token_secret);
        let Ok(expected) = key.sign::<_, Unsigned>(&Base(self)) else { return Choice::FALSE };
        match expected {
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
        }
    }

    fn presented(&self) -> Cow<'_, [u8]> {
        decode_borrowed(self.protocol.signature.clone())
    }

    #[cfg(not(feature = "rsa"))]
    #[expect(clippy::unused_self, reason = "with the feature it is used")]
    fn is_signed_by_rsa(&self, _: &ClientRecord) -> Choice {
        Choice::FALSE
    }

    #[cfg(feature = "rsa")]
    fn is_signed_by_rsa(&self, client: &ClientRecord) -> Choice {
        let key = client.public_key().unwrap_or_else(|| crate::signature::RsaPublicKey::dummy());
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

/// Whether a record is the one that is claimed. Where there is none, the claim is compared with itself,
/// so that it takes as long.
fn is_the_claimed(recorded: Option<&str>, claimed: &str) -> bool {
    let is_same = black_box(recorded.unwrap_or(claimed)) == claimed;
    is_same & recorded.is_some()
}

/// What stands for records that are not there. Its secrets are of this process, and nobody has them.
struct Nobody {
    client: ClientRecord,
    token: TokenRecord,
}

impl Nobody {
    fn get() -> Result<&'static Self, Rejection> {
        static NOBODY: OnceLock<Nobody> = OnceLock::new();
        if let Some(nobody) = NOBODY.get() {
            return Ok(nobody);
        }
        let [client, token] = [random_text()?, random_text()?];
        Ok(NOBODY.get_or_init(|| Self {
            client: ClientRecord::new(ClientCredentials::new("", client))
                .expect("letters and digits are no PEM"),
            token: TokenRecord::new(TokenCredentials::new("", token), ""),
        }))
    }
}

fn random_text() -> Result<String, Rejection> {
    let octets = random_octets(0).map_err(|error| Rejection::Unavailable(Box::new(error)))?;
    Ok(alphanumeric(octets).map(char::from).iter().collect())
}

impl fmt::Debug for Proof<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proof").field("client_key", &self.protocol.client_key).finish_non_exhaustive()
    }
}
