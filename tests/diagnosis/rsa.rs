//! RSA: the signature is opened by the public key, and what it holds is compared with each candidate.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth1_signer::signature::RsaPublicKey;
use oauth1_signer::verify::diagnosis::{DiagnosisOutcome, Mistake, SignatureDiagnosis, SignatureFinding};
use oauth1_signer::verify::{ClientRecord, IncomingRequest};
use rsa::pkcs8::DecodePrivateKey;
use sha1::{Digest, Sha1};
use sha2::Sha256;

use crate::signer::{Sent, Work};

const PRIVATE: &str = include_str!("../vectors/keys/rsa-a.pkcs8.pem");
const PUBLIC: &str = include_str!("../vectors/keys/rsa-a.pub.pem");
const OTHER: &str = include_str!("../vectors/keys/rsa-b.pub.pem");

fn sent() -> Sent {
    Sent { signature_method: "RSA-SHA1", client: ("printer".into(), String::new()), ..Sent::default() }
}

/// Signs by the `rsa` crate itself.
fn sign(work: &Work, is_sha256: bool) -> Vec<u8> {
    let key = rsa::PrivateKey::from_pkcs8_pem(PRIVATE).unwrap();
    let base_string = work.base_string();
    if is_sha256 {
        key.pkcs1v15_sign_prehash::<Sha256>(&Sha256::digest(base_string)).unwrap()
    } else {
        key.pkcs1v15_sign_prehash::<Sha1>(&Sha1::digest(base_string)).unwrap()
    }
}

fn diagnose(sent: &Sent, signature: &str, public_key: &str) -> SignatureDiagnosis {
    let policy = sent.policy();
    let request = sent.request(signature);
    let claim = policy.read(IncomingRequest::from(&request)).unwrap();
    let client = ClientRecord::rsa(&sent.client.0, RsaPublicKey::from_pem(public_key).unwrap());
    claim.diagnose(Some(&client), sent.token_record().as_ref())
}

#[test]
fn names_mistakes_in_the_base_string_and_in_the_form_of_the_signature() {
    let sent = sent();
    let right = sign(&sent.work(), false);
    let mut other = sent.work();
    (other.scheme, other.method) = ("http".into(), "get".into());
    other.pairs.retain(|pair| !pair.is_of_query);
    let mut two = sent.work();
    two.scheme = "http".into();
    two.pairs.retain(|pair| !pair.is_of_query);
    // The bytes themselves, taken for Latin-1 (WWW::OAuth).
    let raw: String = right.iter().map(|&byte| char::from(byte)).collect();
    for (signature, expected) in [
        (STANDARD.encode(sign(&two, false)), &[Mistake::OtherScheme, Mistake::QueryLeftOut][..]),
        (STANDARD.encode(sign(&sent.work(), true)), &[Mistake::OtherHash]),
        (raw, &[Mistake::SignatureNotBase64]),
    ] {
        let diagnosis = diagnose(&sent, &signature, PUBLIC);
        assert_eq!(diagnosis.finding().map(SignatureFinding::mistakes), Some(expected), "{diagnosis}");
    }
    for (signature, key, expected) in [
        (STANDARD.encode(&right), PUBLIC, DiagnosisOutcome::Right),
        (STANDARD.encode(&right), OTHER, DiagnosisOutcome::OtherKey),
        (STANDARD.encode(sign(&other, false)), PUBLIC, DiagnosisOutcome::Unexplained),
        (STANDARD.encode([0xFF; 256]), PUBLIC, DiagnosisOutcome::OtherKey),
        (STANDARD.encode([0; 256]), PUBLIC, DiagnosisOutcome::OtherKey),
        (STANDARD.encode([1; 20]), PUBLIC, DiagnosisOutcome::NotASignature),
    ] {
        let diagnosis = diagnose(&sent, &signature, key);
        assert_eq!(diagnosis.outcome(), expected, "{diagnosis}");
    }
}
