//! Who signs, and how: keys, methods, signatures and records.

use super::*;

pub(crate) fn of_missing_and_unknown() -> Vec<Row> {
    let needed =
        ["oauth_consumer_key", "oauth_signature_method", "oauth_signature", "oauth_timestamp", "oauth_nonce"];
    let method = |method| said_to(with("oauth_signature_method", method));
    let unsupported = || rejected(RejectionReason::UnsupportedSignatureMethod);
    let missing = needed.map(|name| {
        Row("missing parameter", name, said_to(without(name)), rejected(RejectionReason::Missing(name)))
    });
    let mut rows = Vec::from(missing);
    rows.extend([
        Row("unknown signature method", "an unknown method", method("HMAC-MD5"), unsupported()),
        Row("unknown signature method", "none", method("NONE"), unsupported()),
        Row("unknown signature method", "an empty one", method(""), unsupported()),
        Row("unknown signature method", "one and a blank", method("HMAC-SHA1%20"), unsupported()),
        Row("case of the signature method", "a method in lower case", method("hmac-sha1"), unsupported()),
        Row("PLAINTEXT", "PLAINTEXT, not enabled", method("PLAINTEXT"), unsupported()),
    ]);
    rows
}

/// The record says which methods go with which kind of key.
pub(crate) fn of_keys_and_methods() -> Vec<Row> {
    let pem = include_str!("../vectors/keys/rsa-a.pub.pem");
    let as_secret = ClientRecord::new(ClientCredentials::new(CLIENT.0, pem));
    assert!(matches!(as_secret, Err(ClientRecordError::PemSecret)), "a public key is nobody's secret");
    let plaintext = |origin: &str, record: ClientRecord| {
        let policy = Policy::new(Origin::new(origin).unwrap()).clock(|| Ok(NOW)).allow_plaintext(true);
        let method = SignatureMethod::plaintext();
        let signer = signer().to_builder().method(method).allow_plaintext_over_http(true).build().unwrap();
        let url = format!("{origin}/p");
        let signed = signer.sign_with(RequestRef::new("GET", &url).unwrap(), stamp(NOW, "n1")).unwrap();
        let request = Request::get("/p").header("authorization", signed.to_header()).body(()).unwrap();
        let claim = policy.read(&request)?;
        now(claim.prove(Some(&record), Some(&token()))?.admit(&log())).map(drop)
    };
    let allowed = || client().allow_plaintext(true);
    let mut rows = vec![
        Row("PLAINTEXT", "PLAINTEXT over https", plaintext("https://h", allowed()), Admitted),
        Row("PLAINTEXT", "on this machine", plaintext("http://127.0.0.1:1", allowed()), Admitted),
        Row(
            "PLAINTEXT",
            "over http",
            plaintext("http://h", allowed()),
            rejected(RejectionReason::InsecureTransport),
        ),
        Row(
            "PLAINTEXT",
            "not in the record",
            plaintext("https://h", client()),
            rejected(RejectionReason::SignatureMethodNotAllowed),
        ),
    ];
    #[cfg(feature = "rsa")]
    {
        let key = oauth1_signer::signature::RsaPublicKey::from_pem(pem).unwrap();
        let record = ClientRecord::rsa(CLIENT.0, key);
        // Our signer takes neither a key file nor nothing for a secret, so these make their MACs themselves.
        let keyed_with = |secret: &str| {
            let key = format!("{}&{}", percent_encode(secret), TOKEN.1);
            let method = SignatureMethod::custom("HMAC-SHA1", move |base_string| {
                let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).unwrap();
                mac.update(base_string);
                Ok(Signature::Bytes(mac.finalize().into_bytes().to_vec()))
            });
            signer().to_builder().method(method).build().unwrap()
        };
        let (confused, empty) = (keyed_with(pem), keyed_with(""));
        let said = |signer: &Signer, record: &ClientRecord| {
            let (policy, request) = (policy(), request(header_with(signer, NOW, "n1").as_bytes()));
            let claim = policy.read(&request)?;
            now(claim.prove(Some(record), Some(&token()))?.admit(&log())).map(drop)
        };
        let not_allowed = || rejected(RejectionReason::SignatureMethodNotAllowed);
        rows.extend([
            Row("key confusion", "HMAC keyed with a public key", said(&confused, &record), not_allowed()),
            Row("key confusion", "HMAC keyed with no secret", said(&empty, &record), not_allowed()),
            Row(
                "key confusion",
                "PLAINTEXT is not for it",
                said(&confused, &record.allow_plaintext(true)),
                not_allowed(),
            ),
        ]);
    }
    #[cfg(not(feature = "rsa"))]
    rows.push(Row(
        "key confusion",
        "RSA is not in this build",
        said_to(with("oauth_signature_method", "RSA-SHA1")),
        rejected(RejectionReason::UnsupportedSignatureMethod),
    ));
    rows
}

pub(crate) fn of_signatures() -> Vec<Row> {
    let header = header();
    let start = header.find("oauth_signature=\"").unwrap() + "oauth_signature=\"".len();
    let encoded = &header[start..header.len() - 1];
    let text = encoded.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let signature = STANDARD.decode(&text).unwrap();
    let said = |signature: &str| said_to(with("oauth_signature", signature));
    let wrong = || rejected(RejectionReason::WrongSignature);
    // 20 bytes leave two bits of the last letter unused: canonical base64 has them 0.
    let last = text.find('=').unwrap() - 1;
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let unused = letters.find(&text[last..=last]).unwrap() ^ 1;
    let non_canonical = [&text[..last], &letters[unused..=unused], &text[last + 1..]].concat();
    let mut rows = vec![
        Row("signature", "an empty signature", said(""), wrong()),
        Row("signature", "a blank", said("%20"), wrong()),
        Row("signature", "no base64", said("***"), wrong()),
        Row("signature", "not padded", said(&encoded.replace("%3D", "")), wrong()),
        Row("signature", "padded twice", said(&format!("{encoded}%3D")), wrong()),
        Row("signature", "a blank before it", said(&format!("%20{encoded}")), wrong()),
        Row("signature", "a line break behind it", said(&format!("{encoded}%0A")), wrong()),
        Row("signature", "the URL-safe alphabet", said(&percent_encode(url_safe(&text))), wrong()),
        Row("signature", "not canonical", said(&percent_encode(non_canonical)), wrong()),
        Row("signature", "its first letters", said(&encoded[..10]), wrong()),
        Row(
            "signature",
            "its first 16 bytes",
            said(&percent_encode(STANDARD.encode(&signature[..16]))),
            wrong(),
        ),
        Row(
            "signature",
            "itself, and more",
            said(&percent_encode(STANDARD.encode([&*signature, &[0]].concat()))),
            wrong(),
        ),
    ];
    rows.extend((0..signature.len() * 8).map(|bit| {
        let mut flipped = signature.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        Row("signature", "a bit flipped", said(&percent_encode(STANDARD.encode(flipped))), wrong())
    }));
    rows
}

/// The signature with its letters of the other alphabet; one that has none is made to have one.
fn url_safe(text: &str) -> String {
    let safe = text.replace('+', "-").replace('/', "_");
    if safe == text { safe.replacen(|_: char| true, "-", 1) } else { safe }
}

pub(crate) fn of_identity() -> Vec<Row> {
    let (policy, request) = (policy(), request(header().as_bytes()));
    let claim = policy.read(&request).unwrap();
    let said = |client: Option<ClientRecord>, token: Option<TokenRecord>| {
        now(claim.prove(client.as_ref(), token.as_ref())?.admit(&log())).map(drop)
    };
    let record = |key, secret| ClientRecord::new(ClientCredentials::new(key, secret)).unwrap();
    let of_token = |name: &str, secret: &str, client: &str| {
        Some(TokenRecord::new(TokenCredentials::new(name, secret), client))
    };
    let nobody = said_to(header_with(
        &Signer::builder(ClientCredentials::new("nobody", "s3cret")).build().unwrap(),
        NOW,
        "n1",
    ));
    vec![
        Row(
            "unknown client",
            "an unknown client",
            said(None, Some(token())),
            rejected(RejectionReason::UnknownClient),
        ),
        Row(
            "unknown client",
            "the record of another",
            said(Some(record("other", CLIENT.1)), Some(token())),
            rejected(RejectionReason::UnknownClient),
        ),
        Row(
            "unknown client",
            "a client that is not looked up right",
            nobody,
            rejected(RejectionReason::UnknownClient),
        ),
        Row(
            "unknown token",
            "an unknown token",
            said(Some(client()), None),
            rejected(RejectionReason::UnknownToken),
        ),
        Row(
            "unknown token",
            "the record of another",
            said(Some(client()), of_token("other", TOKEN.1, CLIENT.0)),
            rejected(RejectionReason::UnknownToken),
        ),
        Row(
            "token of another client",
            "another client's token",
            said(Some(client()), of_token(TOKEN.0, TOKEN.1, "other")),
            rejected(RejectionReason::OtherClientsToken),
        ),
        Row(
            "revoked",
            "a client that is revoked, and its token",
            said(None, None),
            rejected(RejectionReason::UnknownClient),
        ),
        Row(
            "revoked",
            "a client whose methods are taken away",
            said(Some(client().only(&[])), Some(token())),
            rejected(RejectionReason::SignatureMethodNotAllowed),
        ),
        Row("signature", "the wrong secret", said(Some(record(CLIENT.0, "wrong")), Some(token())), {
            rejected(RejectionReason::WrongSignature)
        }),
        Row(
            "signature",
            "the wrong token secret",
            said(Some(client()), of_token(TOKEN.0, "wrong", CLIENT.0)),
            rejected(RejectionReason::WrongSignature),
        ),
        Row("signature", "the right ones", said(Some(client()), Some(token())), Admitted),
    ]
}
