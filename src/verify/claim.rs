//! RFC 5849 §3.2: a request that was read, before its signature is checked.

use std::fmt;
use std::hint::black_box;

use crate::base_string::Record;
use crate::explain::{Explanation, hints_on};

use super::method::SignatureMethodName;
use super::proof::Proof;
use super::reader::Reading;
use super::reason::RejectionReason;
use super::record::{ClientRecord, TokenRecord};
use super::rejection::Rejection;
use super::settings::Settings;

/// A request that was read, with the client and the token that it names, before any proof.
///
/// [`Policy::read`](super::Policy::read) makes it. Look up the records that it names, then call
/// [`prove`](Self::prove). The example of the [module](crate::verify) has all steps.
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::{Claim, ClientRecord, Rejection, TokenRecord};
///
/// fn check(claim: Claim<'_>, client: &ClientRecord, token: &TokenRecord) -> Result<(), Rejection> {
///     let proof = claim.prove(Some(client), Some(token)).inspect_err(|rejection| {
///         // For the operator only.
///         eprintln!("{rejection}, {}", claim.explanation());
///     })?;
///     drop(proof); // Call `admit` here.
///     Ok(())
/// }
/// ```
#[must_use = "a claim is to be proved"]
pub struct Claim<'r> {
    pub(super) settings: &'r Settings,
    pub(super) reading: Reading<'r>,
}

impl Claim<'_> {
    /// Returns the consumer key that the request sends (`oauth_consumer_key`). Look up its record.
    #[doc(alias = "consumer key")]
    #[must_use]
    pub fn client_key(&self) -> &str {
        &self.reading.protocol.client_key
    }

    /// Returns the token that the request sends (`oauth_token`). Look up its record.
    ///
    /// It is a request token (temporary credentials) in the request that exchanges one, and an access token
    /// (token credentials) in all other requests. An empty token counts as no token.
    #[doc(alias = "access token")]
    #[doc(alias = "request token")]
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.reading.protocol.token.as_deref()
    }

    /// Returns the signature method (`oauth_signature_method`).
    #[must_use]
    pub fn signature_method(&self) -> SignatureMethodName {
        self.reading.protocol.method
    }

    /// Returns the signature base string as this server computed it, and what is odd about the request.
    ///
    /// Compare it with the base string that the client signed: [`Explanation::differences`]. The explanation
    /// is for the operator. Do not send it to the client.
    #[doc(alias = "invalid signature")]
    #[doc(alias = "base string")]
    #[must_use]
    pub fn explanation(&self) -> Explanation {
        let mut record = Record::default();
        self.reading.write(&mut record);
        let text = record.take_text();
        let hints = hints_on(&self.reading.request, self.reading.protocol.body_hash.is_some());
        Explanation::new(self.signature_method().name(), &text, &record.sources, hints)
    }

    /// Checks the signature with the records of the client and, if the request names one, of the token.
    ///
    /// Give `None` for a record that is unknown or revoked. A missing record takes as much time as a wrong
    /// signature, and the client gets the same response (§4.9).
    ///
    /// # Errors
    /// Returns a [`Rejection`](super::Rejection) with status 401 if a record is missing, if the client may
    /// not use the signature method, or if the signature or the body hash does not match;
    /// [`Rejection::reason`](super::Rejection::reason) gives the reason. Returns one with status 503 if the
    /// operating system gives no random bytes for the secret that stands in for a missing record.
    #[doc(alias = "check signature")]
    pub fn prove(
        &self,
        client: Option<&ClientRecord>,
        token: Option<&TokenRecord>,
    ) -> Result<Proof<'_>, Rejection> {
        let decoy = self.settings.decoy.records()?;
        let claimed = self.token();
        let (is_known, client) = (client.is_some(), client.unwrap_or(&decoy.client));
        let (is_issued, token) = (token.is_some(), token.unwrap_or(&decoy.token));
        let (has_token, key) = (claimed.is_some(), self.client_key());
        let token_secret = if has_token { token.secret() } else { "" };
        let is_signed = self.reading.is_signed(client, token_secret);
        let is_signed = if self.settings.allows_missing_token_secret {
            // Computed for every token, so that the time does not depend on its kind.
            let is_exchange = token.is_temporary() & self.reading.protocol.verifier.is_some();
            is_signed | (self.reading.is_signed(client, "") & has_token & is_exchange)
        } else {
            is_signed
        };
        // Everything is computed in every case, for a decoy record as for a real one, so that the time does
        // not depend on what is wrong. The verdict comes at the end.
        let is_token = !has_token | is_the_claimed(is_issued, token.token(), claimed.unwrap_or_default());
        let is_own_token = !has_token | is_the_claimed(is_issued, token.client_key(), key);
        let findings = black_box([
            (is_the_claimed(is_known, client.key(), key), RejectionReason::UnknownClient),
            (client.allows(self.signature_method()), RejectionReason::SignatureMethodNotAllowed),
            (is_token, RejectionReason::UnknownToken),
            (is_own_token, RejectionReason::OtherClientsToken),
            (is_signed, RejectionReason::WrongSignature),
            (self.reading.is_hashed(), RejectionReason::WrongBodyHash),
        ]);
        // All findings are looked at. The first one that is wrong gives the reason.
        let reason = findings
            .into_iter()
            .rev()
            .fold(None, |later, (is_right, reason)| if is_right { later } else { Some(reason) });
        match reason {
            Some(reason) => Err(self.settings.challenged(reason.into())),
            None => Ok(Proof {
                settings: self.settings,
                protocol: &self.reading.protocol,
                parameters: &self.reading.parameters,
                body_is_signed: self.reading.covers_body,
                user: token.user().filter(|_| has_token).map(str::to_owned),
            }),
        }
    }
}

/// Returns `true` if a record exists and is the claimed one.
///
/// If there is no record, the claim is compared with itself, so that it takes as long. The compiler must
/// not see that, or it would leave the comparison out.
fn is_the_claimed(is_there: bool, recorded: &str, claimed: &str) -> bool {
    let one = [claimed, recorded][usize::from(black_box(is_there))];
    is_there & black_box(black_box(one) == claimed)
}

/// Shows neither signature nor nonce, nor the rest of the request.
impl fmt::Debug for Claim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("client_key", &self.client_key())
            .field("token", &self.token())
            .field("signature_method", &self.signature_method())
            .finish_non_exhaustive()
    }
}
