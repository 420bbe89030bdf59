//! The verifying side.

use super::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// The other side has the secrets too, and with PLAINTEXT it even receives them.
    #[test]
    fn no_secret_of_the_verifying_side_is_shown(
        client in secret("cLiEnT"),
        token in secret("tOkEn"),
        wrong in secret("wRoNg"),
        verifier in "vErIfIeR[ -~]{12,40}",
    ) {
        let mut shown = Shown::default();
        let clock = || Ok(1_700_000_000);
        let policy = Policy::new(Origin::new("https://h").unwrap()).allow_plaintext(true).clock(clock);
        let log = MemoryNonceLog::new().unwrap();
        let client_credentials = ClientCredentials::new("ck", &*client);
        let record = ClientRecord::new(client_credentials.clone()).unwrap().allow_plaintext(true);
        let token_record = TokenRecord::new(TokenCredentials::new("tk", &*token), "ck").for_user("jane");
        let other = ClientRecord::new(ClientCredentials::new("ck", &*wrong)).unwrap().allow_plaintext(true);
        shown.debug(&record);
        shown.debug(&token_record);
        shown.debug(&policy);
        for method in [SignatureMethod::hmac_sha1(), SignatureMethod::plaintext()] {
            let signer = Signer::builder(client_credentials.clone())
                .token(TokenCredentials::new("tk", &*token))
                .method(method)
                .verifier(&*verifier)
                .clock(|| Ok(1_700_000_000))
                .build()
                .unwrap();
            let mut request = http::Request::get("https://h/p?a=1").body(()).unwrap();
            let authorization = signer.sign(&request).unwrap().to_header();
            request.headers_mut().insert(http::header::AUTHORIZATION, authorization);
            shown.debug(&IncomingRequest::from(&request));
            let claim = policy.read(&request).unwrap();
            shown.debug(&claim);
            let explanation = claim.explanation();
            shown.display(&explanation.signature_method());
            prop_assert!(!explanation.base_string().contains(&*percent_encode(percent_encode(&client))));
            for (client, token) in [(None, None), (Some(&record), None), (Some(&other), Some(&token_record))] {
                let rejection = claim.prove(client, token).unwrap_err();
                shown.error(&rejection);
                shown.display(&rejection.reason());
                shown.display(&rejection.client_message());
                shown.debug(&rejection.to_response());
            }
            for _ in 0..2 {
                let proof = claim.prove(Some(&record), Some(&token_record)).unwrap();
                shown.debug(&proof);
                match now(proof.admit(&log)) {
                    Ok(verified) => {
                        shown.debug(&verified);
                        prop_assert_eq!(verified.verifier(), Some(&*verifier));
                    }
                    Err(rejection) => shown.error(&rejection),
                }
            }
        }
        shown.debug(&log);
        shown.check(&[&client, &token, &wrong, &verifier])?;
    }

    /// What cannot be read may hold a secret anywhere: names of parameters are repeated, values never.
    #[test]
    fn no_value_is_shown_in_a_rejection(secret in "[A-Za-z0-9]{12,40}", at in 0..9_usize) {
        let header = [
            format!("OAuth oauth_nonce={secret}"),
            format!("OAuth oauth_nonce=\"{secret}"),
            format!("OAuth oauth_nonce=\"%zz{secret}\""),
            format!("OAuth oauth_nonce=\"{secret}\" \"{secret}\""),
            format!("OAuth oauth_nonce=\"{secret}\", oauth_nonce=\"{secret}\""),
            format!("OAuth oauth_consumer_key=\"{secret}%00\""),
            format!("OAuth oauth_consumer_key=\"ck\", oauth_signature_method=\"{secret}\""),
            format!("OAuth realm=\"{secret}\", realm=\"{secret}\""),
            format!("Bearer {secret}"),
        ][at].clone();
        let request = http::Request::get(format!("/p?{secret}")).header("authorization", header).body(()).unwrap();
        let policy = Policy::new(Origin::new("https://h").unwrap());
        let rejection = policy.read(&request).unwrap_err();
        let mut shown = Shown::default();
        shown.error(&rejection);
        shown.debug(&rejection.to_response());
        shown.check(&[&secret])?;
    }
}
