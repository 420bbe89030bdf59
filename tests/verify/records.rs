//! Secrets that are none: everybody could sign with them.

use oauth1_signer::ClientCredentials;
use oauth1_signer::verify::{ClientRecord, ClientRecordError};

fn record(secret: &str) -> Result<(), ClientRecordError> {
    ClientRecord::new(ClientCredentials::new("ck", secret)).map(drop)
}

const PUBLIC_PEM: &str = include_str!("../vectors/keys/rsa-a.pub.pem");

/// The base64 of a PEM file, on one line.
fn der() -> String {
    PUBLIC_PEM.lines().filter(|line| !line.starts_with('-')).collect()
}

/// `ClientRecord::new("ck", "")` let everybody in who signed with the key `&`.
#[test]
fn an_empty_secret_is_an_error() {
    assert_eq!(record(""), Err(ClientRecordError::EmptySecret));
    record(" ").unwrap();
}

#[test]
fn a_key_is_no_secret_in_whatever_form() {
    let (der, lines) =
        (der(), der().as_bytes().chunks(64).map(<[u8]>::to_vec).collect::<Vec<_>>().join(&b'\n'));
    let lines = String::from_utf8(lines).unwrap();
    for (secret, expected) in [
        (PUBLIC_PEM, ClientRecordError::PemSecret),
        ("\n  -----BEGIN RSA PRIVATE KEY-----\n", ClientRecordError::PemSecret),
        ("---- BEGIN SSH2 PUBLIC KEY ----\nAAAAB3NzaC1yc2E\n", ClientRecordError::PemSecret),
        (&der, ClientRecordError::DerSecret),
        (&format!("  {lines}\r\n"), ClientRecordError::DerSecret),
        // RFC 4253's and .NET's forms of the same.
        ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 jane@example", ClientRecordError::SshSecret),
        ("ecdsa-sha2-nistp256 AAAAE2VjZHNh", ClientRecordError::SshSecret),
        (
            "<RSAKeyValue><Modulus>3d+7</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>",
            ClientRecordError::XmlSecret,
        ),
        ("{\"kty\":\"RSA\",\"n\":\"3d-7\",\"e\":\"AQAB\"}", ClientRecordError::JwkSecret),
    ] {
        let error = record(secret).unwrap_err();
        assert_eq!(error, expected, "{secret}");
        let text = error.to_string();
        assert!(text.contains("ClientRecord::rsa") && !text.contains(secret.trim()), "{text}");
    }
}

/// Random secrets look like parts of keys now and then.
#[test]
fn a_secret_that_only_looks_like_a_key_is_one() {
    let der = der();
    for secret in [
        "kd94hf93k423kf44",
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA",
        &der[..der.len() - 4],
        "ssh-rsa",
        "<secret>",
        "{secret}",
        "MIGf",
        "-----",
    ] {
        record(secret).unwrap_or_else(|error| panic!("{secret}: {error}"));
    }
}

#[cfg(feature = "rsa")]
#[test]
fn a_client_with_a_public_key_needs_no_secret() {
    let key = oauth1_signer::signature::RsaPublicKey::from_pem(PUBLIC_PEM).unwrap();
    assert_eq!(ClientRecord::rsa("ck", key).key(), "ck");
}
