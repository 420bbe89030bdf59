//! What is wrong with a request of the first or last leg, once it is verified.

use super::*;

pub(crate) fn of_the_three_legs() -> Vec<Row> {
    let issuer = Issuer::new(MemoryStore::new()).allow_unregistered_callbacks(true).clock(|| Ok(NOW));
    let log = log();
    let mut nonce = 0;
    let mut try_verify = |signer: &Signer, token: Option<&TokenRecord>| {
        nonce += 1;
        let request = request(header_with(signer, NOW, &nonce.to_string()).as_bytes());
        let policy = policy();
        let claim = policy.read(&request).unwrap();
        now(claim.prove(Some(&client()), token)?.admit(&log))
    };
    let asking = |callback: &str| {
        let client = ClientCredentials::new(CLIENT.0, CLIENT.1);
        Signer::builder(client).callback(callback).build().unwrap()
    };
    let mut first =
        |callback: &str| now(issuer.issue_temporary(&try_verify(&asking(callback), None)?, &client()));
    let unfit = || rejected(RejectionReason::Invalid("oauth_callback"));
    let mut rows = vec![
        Row("callback", "a callback", first("https://c/ready").map(drop), Admitted),
        Row("callback", "one with a user", first("https://u:p@c/ready").map(drop), unfit()),
        Row("callback", "one that is a script", first("javascript:alert(1)").map(drop), unfit()),
        Row("callback", "the same as a URL", first("javascript://c/%0aalert(1)").map(drop), unfit()),
    ];
    let mut approved = || {
        let issued = first("https://c/ready").unwrap();
        let Some(Decision::Redirect(url)) =
            now(issuer.approve(issued.credentials().token(), "jane")).unwrap()
        else {
            panic!("no redirect")
        };
        (issued.credentials().clone(), url.split_once("oauth_verifier=").unwrap().1.to_owned())
    };
    let [one, other, third] = [approved(), approved(), approved()];
    let mut last = |(credentials, _): &(TokenCredentials, String), verifier: Option<&str>| {
        let record = now(issuer.temporary_record(Some(credentials.token()))).unwrap();
        let mut signer =
            Signer::builder(ClientCredentials::new(CLIENT.0, CLIENT.1)).token(credentials.clone());
        if let Some(verifier) = verifier {
            signer = signer.verifier(verifier);
        }
        now(issuer.exchange(&try_verify(&signer.build().unwrap(), record.as_ref())?)).map(drop)
    };
    let wrong = || rejected(RejectionReason::WrongVerifier);
    rows.extend([
        Row("verification code", "no verification code", last(&one, None), wrong()),
        Row("verification code", "the right one", last(&one, Some(&one.1)), Admitted),
        Row(
            "verification code",
            "the same again",
            last(&one, Some(&one.1)),
            rejected(RejectionReason::UnknownToken),
        ),
        Row("verification code", "a wrong one", last(&other, Some("wrong")), wrong()),
        Row(
            "verification code",
            "then the right one",
            last(&other, Some(&other.1)),
            rejected(RejectionReason::UnknownToken),
        ),
        Row("verification code", "that of another", last(&third, Some(&one.1)), wrong()),
    ]);
    rows
}
