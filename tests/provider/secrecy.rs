//! No secret, code or PIN is shown, nor a callback, which may have a session in its query.

use std::error::Error;
use std::fmt::Debug;

use oauth1_signer::provider::{Decision, Grant, GrantParts, Issuer, MemoryStore, Stage, Store};
use oauth1_signer::verify::Rejection;

use super::site::{CALLBACK, NOW, Site, now, parts, with_verifier};

const SECRET: &str = "s3cr3t";
const VERIFIER: &str = "v3r1f13r";
const SESSION: &str = "https://printer.example.com/ready?s3ss10n";

fn shown(value: &dyn Debug) -> String {
    format!("{value:?} {value:#?}")
}

#[track_caller]
fn check(shown: &str, secrets: &[&str]) {
    for secret in secrets {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

fn grants() -> [Grant; 3] {
    let pending = GrantParts { callback: Some(SESSION.to_owned()), ..parts(Stage::Pending, "token") };
    let exchanged = GrantParts { issued: None, expires: None, ..parts(Stage::Exchanged, "token") };
    [pending, parts(Stage::Approved, "token"), exchanged].map(|parts| Grant::from_parts(parts).unwrap())
}

#[test]
fn debug_shows_no_secret() {
    const SECRETS: [&str; 4] = [SECRET, VERIFIER, "s3ss10n", "12345678"];
    for grant in grants() {
        check(&shown(&grant), &SECRETS);
        assert!(shown(&grant).contains("token"), "{grant:?}");
        check(&shown(&grant.into_parts()), &SECRETS);
    }
    let store = MemoryStore::new();
    for grant in grants() {
        now(store.insert(grant, NOW)).unwrap();
    }
    check(&shown(&store), &SECRETS);
    let issuer = Issuer::new(store).clock(|| Ok(NOW));
    check(&shown(&issuer), &SECRETS);
    check(&shown(&now(issuer.pending("token")).unwrap()), &SECRETS);
    check(&shown(&now(issuer.token_record(Some("token"))).unwrap()), &SECRETS);
    check(&shown(&now(issuer.temporary_record(Some("token"))).unwrap()), &SECRETS);
    let decided = [Decision::Redirect(format!("{SESSION}&{VERIFIER}")), Decision::Pin("12345678".into())];
    check(&shown(&decided), &SECRETS);
}

#[test]
fn what_is_issued_is_not_shown() {
    let site = Site::new();
    let flow = site.flow();
    let issued = site.initiate(&flow.temporary_credentials(CALLBACK).unwrap().to_request().unwrap()).unwrap();
    check(&shown(&issued), &[issued.credentials().expose_secret()]);
    let issued = site.exchange(&site.last(&flow)).unwrap();
    check(&shown(&issued), &[issued.credentials().expose_secret()]);
}

/// Neither to the client, nor to the operator's log.
#[test]
fn rejections_show_no_secret() {
    let site = Site::new();
    let flow = site.flow();
    let mut rejections: Vec<Rejection> = Vec::new();
    let temporary = site.initiated(&flow, CALLBACK);
    let secret = temporary.expose_secret().to_owned();
    let url = super::site::redirect(site.approve(temporary.token()));
    let verifier = url.split_once("oauth_verifier=").unwrap().1;
    for presented in [None, Some(VERIFIER), Some(verifier)] {
        rejections.extend(site.exchange(&with_verifier(&flow, &temporary, presented)).err());
    }
    assert_eq!(rejections.len(), 3);
    for rejection in &rejections {
        let mut texts = format!("{} {rejection} {:?}", shown(rejection), rejection.to_response());
        let mut source = rejection.source();
        while let Some(error) = source {
            texts = format!("{texts} {error} {error:?}");
            source = error.source();
        }
        check(&texts, &[&secret, verifier, VERIFIER]);
    }
}

/// Loaded freely, written only where somebody says so.
#[cfg(feature = "serde")]
#[test]
fn grants_go_to_a_store_and_back() {
    use oauth1_signer::WithSecret;

    let written = grants().map(|grant| serde_json::to_string(&WithSecret(&grant)).unwrap());
    assert_eq!(
        written,
        [
            r#"{"stage":"pending","token":"token","secret":"s3cr3t","client_key":"printer","callback":"https://printer.example.com/ready?s3ss10n","expires":1700000600}"#,
            r#"{"stage":"approved","token":"token","secret":"s3cr3t","client_key":"printer","verifier":"v3r1f13r","user":"jane","expires":1700000600}"#,
            r#"{"stage":"exchanged","token":"token","secret":"s3cr3t","client_key":"printer","user":"jane"}"#,
        ]
    );
    for (text, grant) in written.iter().zip(grants()) {
        let loaded: Grant = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&WithSecret(loaded.clone())).unwrap(), *text);
        assert_eq!((loaded.stage(), loaded.expires()), (grant.stage(), grant.expires()));
        assert!(text.contains(grant.stage().name()));
        let issued = format!("{},\"issued\":5,\"expires\":9}}", text.strip_suffix('}').unwrap());
        let is_token = grant.stage() == Stage::Exchanged;
        assert_eq!(serde_json::from_str::<Grant>(&issued).is_ok(), is_token, "{issued}");
        let WithSecret(loaded): WithSecret<Grant> = serde_json::from_str(text).unwrap();
        assert_eq!(loaded.token(), "token");
    }
    for spoilt in [
        r#"{"stage":"s3cr3t"}"#,
        r#"{"stage":"pending","token":"t","secret":["s3cr3t"],"client_key":"c","expires":1}"#,
        r#"{"stage":"pending","token":"t","secret":"s3cr3t","client_key":"c"}"#,
        r#"{"stage":"pending","token":"t","secret":"s3cr3t","client_key":"c","expires":"s3cr3t"}"#,
        r#"{"stage":"pending","token":"t","secret":"s3cr3t","client_key":"c","user":"u","expires":1}"#,
        r#"{"stage":"approved","token":"t","secret":"s3cr3t","client_key":"c","user":"u","expires":1}"#,
        r#"{"stage":"approved","token":"t","secret":"s3cr3t","client_key":"c","verifier":"v3r1f13r","user":"u"}"#,
        r#"{"stage":"exchanged","token":"t","secret":"s3cr3t","client_key":"c"}"#,
    ] {
        let error = serde_json::from_str::<Grant>(spoilt).unwrap_err();
        check(&format!("{error} {error:?}"), &[SECRET, VERIFIER]);
    }
}
