//! Makes a diagnosis from a claim and its records.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ctutils::CtEq;
use sha1::{Digest, Sha1};
use std::borrow::Cow;

use super::check::{HASHES, hash_of_len};
use super::key::{Secrets, from_hex};
use super::mistake::Mistake;
use super::parameters::{with_crlf, without_cr};
use super::recipe::{KeyRecipe, Recipe};
use super::search::{Match, Search};
use super::snapshot::Snapshot;
use super::{
    DiagnosisOutcome as Outcome, SignatureDiagnosis, SignatureFinding, head, parameters, steps, target,
};
use crate::form::decode_borrowed;
use crate::signature::BodyHashAlgorithm;
use crate::verify::claim::Claim;
use crate::verify::method::SignatureMethodName;
use crate::verify::record::{ClientRecord, TokenRecord};

pub(super) fn run(
    claim: &Claim<'_>,
    client: Option<&ClientRecord>,
    token: Option<&TokenRecord>,
) -> SignatureDiagnosis {
    let mut diagnosis = SignatureDiagnosis {
        outcome: Outcome::NoRecord,
        finding: None,
        client_key: claim.client_key().to_owned(),
        explanation: claim.explanation(),
        candidates: 0,
        is_complete: true,
    };
    let is_its_own = |client: &&ClientRecord| {
        client.key() == claim.client_key() && client.allows(claim.signature_method())
    };
    let Some(client) = client.filter(is_its_own) else { return diagnosis };
    let token = token.filter(|token| Some(token.token()) == claim.token());
    let secrets = Secrets {
        client: client.secret(),
        token: token.map_or("", TokenRecord::secret),
        client_key: claim.client_key(),
        token_key: claim.token().unwrap_or_default(),
    };
    let snapshot = Snapshot::of(claim);
    let signature = decode_borrowed(&claim.reading.protocol.signature);
    let is_token_unknown = claim.token().is_some() && token.is_none();
    let run = Run { claim, snapshot: &snapshot, secrets: &secrets, is_token_unknown, signature: &signature };
    match claim.signature_method() {
        SignatureMethodName::Plaintext => run.plaintext(&mut diagnosis),
        #[cfg(feature = "rsa")]
        method if method.rsa_hash().is_some() => run.rsa(client, &mut diagnosis),
        method => run.hmac(method, &mut diagnosis),
    }
    diagnosis
}

struct Run<'r, 'c> {
    claim: &'r Claim<'c>,
    snapshot: &'r Snapshot<'r>,
    secrets: &'r Secrets<'r>,
    /// This is `true` if the token, and so its secret, is unknown.
    ///
    /// Then the diagnosis can only find that the client did not use the token secret.
    is_token_unknown: bool,
    signature: &'r [u8],
}

impl Run<'_, '_> {
    fn hmac(&self, method: SignatureMethodName, diagnosis: &mut SignatureDiagnosis) {
        let expected = method.body_digest();
        let fits = |bytes: &[u8]| hash_of_len(bytes.len()).is_some();
        let Some(target) = target::of(self.signature, fits) else {
            return match self.plaintext_key(self.signature) {
                Some(mut mistakes) => {
                    mistakes.insert(0, Mistake::PlaintextSignature);
                    self.explain(diagnosis, &Recipe::default(), mistakes, Vec::new());
                }
                None => diagnosis.outcome = Outcome::NotASignature,
            };
        };
        let hash = hash_of_len(target.bytes.len()).unwrap_or(expected);
        self.search(diagnosis, Some(self.secrets), hash, expected, &target.bytes, target.form);
    }

    #[cfg(feature = "rsa")]
    fn rsa(&self, client: &ClientRecord, diagnosis: &mut SignatureDiagnosis) {
        let Some(key) = client.public_key() else { return };
        let fits = |bytes: &[u8]| bytes.len() == key.bits().div_ceil(8);
        let Some(target) = target::of(self.signature, fits) else {
            diagnosis.outcome = Outcome::NotASignature;
            return;
        };
        let message = key.recover(&target.bytes).unwrap_or_default();
        let Some((hash, digest)) = super::check::digest_of_message(&message) else {
            diagnosis.outcome = Outcome::OtherKey;
            return;
        };
        self.search(diagnosis, None, hash, self.claim.signature_method().body_digest(), digest, target.form);
    }

    fn search(
        &self,
        diagnosis: &mut SignatureDiagnosis,
        secrets: Option<&Secrets<'_>>,
        hash: BodyHashAlgorithm,
        expected: BodyHashAlgorithm,
        signature: &[u8],
        form: Option<Mistake>,
    ) {
        let mut search = Search::new(self.snapshot, secrets, hash, signature);
        let found = search.run();
        diagnosis.candidates = search.candidates;
        let Some(Match { mut mistakes, alternatives, recipe }) = found else {
            diagnosis.is_complete = search.is_complete;
            diagnosis.outcome = self.unexplained();
            return;
        };
        if hash != expected {
            mistakes.push(Mistake::OtherHash);
        }
        mistakes.extend(form);
        self.conclude(diagnosis, &recipe, mistakes, alternatives);
    }

    fn unexplained(&self) -> Outcome {
        if self.is_token_unknown { Outcome::NoRecord } else { Outcome::Unexplained }
    }

    fn plaintext(&self, diagnosis: &mut SignatureDiagnosis) {
        let escaped = crate::form::decode(self.signature, crate::form::Coding::Percent);
        let forms = [
            (self.signature, None),
            (self.signature.trim_ascii(), Some(Mistake::SignatureWhiteSpace)),
            (&escaped, Some(Mistake::SignatureEncodedTwice)),
        ];
        let found = forms.into_iter().find_map(|(text, form)| Some((self.plaintext_key(text)?, form)));
        match found {
            Some((mut mistakes, form)) => {
                mistakes.extend(form);
                self.conclude(diagnosis, &Recipe::default(), mistakes, Vec::new());
            }
            None => diagnosis.outcome = self.unexplained(),
        }
    }

    /// Returns the mistakes in a key that equals `text`. The list is empty if the key is right.
    fn plaintext_key(&self, text: &[u8]) -> Option<Vec<Mistake>> {
        // Compares digests, so that the time shows not even a length.
        let digest = Sha1::digest(text);
        let is_key = |recipe: KeyRecipe| {
            self.secrets.key(recipe).is_some_and(|key| Sha1::digest(&*key).ct_eq(&digest).to_bool())
        };
        if is_key(KeyRecipe::default()) {
            return Some(Vec::new());
        }
        let found = steps::of_key().find(|step| {
            let mut recipe = Recipe::default();
            (step.change)(&mut recipe, self.snapshot) && is_key(recipe.key)
        });
        found.map(|step| vec![step.mistake])
    }

    /// Makes the result from the computation that matches. If it has no mistake, checks the body hash.
    fn conclude(
        &self,
        diagnosis: &mut SignatureDiagnosis,
        recipe: &Recipe,
        mut mistakes: Vec<Mistake>,
        alternatives: Vec<Mistake>,
    ) {
        if self.is_token_unknown && self.claim.signature_method().shares_secrets() {
            mistakes.push(Mistake::TokenSecretMissing);
        }
        match self.body_hash() {
            Ok(mistake) => mistakes.extend(mistake),
            Err(NoBodyHash) if mistakes.is_empty() => {
                diagnosis.outcome = Outcome::OtherBody;
                return;
            }
            Err(NoBodyHash) => {}
        }
        if mistakes.is_empty() {
            diagnosis.outcome = Outcome::Right;
        } else {
            self.explain(diagnosis, recipe, mistakes, alternatives);
        }
    }

    fn explain(
        &self,
        diagnosis: &mut SignatureDiagnosis,
        recipe: &Recipe,
        mistakes: Vec<Mistake>,
        alternatives: Vec<Mistake>,
    ) {
        let snapshot = Snapshot::of(self.claim).redacted();
        let mut text = head::render(&snapshot, &recipe.head).unwrap_or_default();
        text.extend(parameters::render(&snapshot, &recipe.parameters));
        let base_string = String::from_utf8_lossy(&text).into_owned();
        diagnosis.outcome = Outcome::Explained;
        diagnosis.finding = Some(SignatureFinding { mistakes, alternatives, base_string });
    }

    /// Returns the mistake in the body hash, or `None` if there is no hash or it is right.
    fn body_hash(&self) -> Result<Option<Mistake>, NoBodyHash> {
        let Some(sent) = &self.claim.reading.protocol.body_hash else { return Ok(None) };
        let (body, own) = (self.claim.reading.request.bytes(), self.claim.signature_method().body_digest());
        let is_sent = |hash: BodyHashAlgorithm, body: &[u8]| STANDARD.decode(&**sent) == Ok(hash.of(body));
        if is_sent(own, body) {
            return Ok(None);
        }
        if HASHES.iter().any(|&hash| is_sent(hash, body)) {
            return Ok(Some(Mistake::BodyHashOfOtherHash));
        }
        if !body.is_empty() && HASHES.iter().any(|&hash| is_sent(hash, b"")) {
            return Ok(Some(Mistake::BodyHashOfEmptyBody));
        }
        let others: [Cow<'_, [u8]>; 4] = [
            with_crlf(body).into(),
            without_cr(body).into(),
            body.trim_ascii_end().into(),
            [body, b"\n"].concat().into(),
        ];
        if others.iter().any(|body| is_sent(own, body)) {
            return Ok(Some(Mistake::BodyHashOfOtherLineBreaks));
        }
        let fits =
            |bytes: &[u8]| HASHES.iter().any(|hash| bytes.len() == hash.bytes() && hash.of(body) == bytes);
        let is_digest = target::of(sent, fits).is_some() || from_hex(sent).is_some_and(|bytes| fits(&bytes));
        if is_digest { Ok(Some(Mistake::BodyHashEncoding)) } else { Err(NoBodyHash) }
    }
}

/// The error of a body hash that no known computation gives.
struct NoBodyHash;
