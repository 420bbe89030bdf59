//! The documented requirements of known hosts.
//!
//! Source, unless a row says otherwise: the providers' own documentation for signing.

use super::finding::Finding;
use super::kind::FindingKind;
use super::sent::Sent;

/// A provider's requirements for each request.
struct Host {
    name: &'static str,
    /// The host, or, with a dot at the start, the domain of its hosts.
    domain: &'static str,
    /// The signature methods that the provider accepts. If the list is empty, it accepts any.
    methods: &'static [&'static str],
    realm: Realm,
    body_hash: bool,
    version: bool,
    token: Token,
    nonce_len: usize,
}

#[derive(Clone, Copy)]
enum Realm {
    Any,
    /// This realm.
    Is(&'static str),
    /// The account, which is the first label of the host in another spelling.
    Account,
    /// The URL without its query.
    Url,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Any,
    /// The provider requires none.
    None,
    /// The provider requires one, even if it is empty.
    EvenEmpty,
}

const ANY: Host = Host {
    name: "",
    domain: "",
    methods: &[],
    realm: Realm::Any,
    body_hash: false,
    version: false,
    token: Token::Any,
    nonce_len: 0,
};

const HMAC_SHA1: &[&str] = &["HMAC-SHA1"];
const PLAINTEXT_TOO: &[&str] = &["HMAC-SHA1", "PLAINTEXT"];

static HOSTS: &[Host] = &[
    // NetSuite help, "Token-based Authentication"; nonce: "Error Messages for RESTlets …".
    Host {
        name: "NetSuite",
        domain: ".netsuite.com",
        methods: &["HMAC-SHA256"],
        realm: Realm::Account,
        nonce_len: 6,
        ..ANY
    },
    // Mastercard Developers, "Using OAuth 1.0a to Access Mastercard APIs".
    Host {
        name: "Mastercard",
        domain: ".api.mastercard.com",
        methods: &["RSA-SHA256"],
        body_hash: true,
        token: Token::None,
        ..ANY
    },
    Host {
        name: "Mastercard",
        domain: "api.mastercard.com",
        methods: &["RSA-SHA256"],
        body_hash: true,
        token: Token::None,
        ..ANY
    },
    // Interactive Brokers, "OAuth 1.0a Extended"; its test consumer has the realm test_realm.
    Host {
        name: "Interactive Brokers",
        domain: "api.ibkr.com",
        methods: &["RSA-SHA256", "HMAC-SHA256"],
        realm: Realm::Is("limited_poa"),
        ..ANY
    },
    // X developer platform, "Creating a signature".
    Host { name: "X", domain: "api.twitter.com", methods: HMAC_SHA1, ..ANY },
    Host { name: "X", domain: "api.x.com", methods: HMAC_SHA1, ..ANY },
    Host { name: "X", domain: "upload.twitter.com", methods: HMAC_SHA1, ..ANY },
    Host { name: "X", domain: "ads-api.twitter.com", methods: HMAC_SHA1, ..ANY },
    Host { name: "X", domain: "ads-api.x.com", methods: HMAC_SHA1, ..ANY },
    // fatsecret Platform API, "OAuth 1.0".
    Host { name: "fatsecret", domain: "platform.fatsecret.com", methods: HMAC_SHA1, version: true, ..ANY },
    // Flickr, "Using OAuth with Flickr".
    Host { name: "Flickr", domain: ".flickr.com", methods: HMAC_SHA1, ..ANY },
    // Discogs API, "Authentication": PLAINTEXT in its documents, HMAC-SHA1 in its clients.
    Host { name: "Discogs", domain: "api.discogs.com", methods: PLAINTEXT_TOO, ..ANY },
    // Schoology, "Authentication".
    Host {
        name: "Schoology",
        domain: "api.schoology.com",
        methods: PLAINTEXT_TOO,
        realm: Realm::Is("Schoology API"),
        token: Token::EvenEmpty,
        ..ANY
    },
    // Cardmarket API 2.0, "The Authorization header".
    Host { name: "Cardmarket", domain: ".cardmarket.com", methods: HMAC_SHA1, realm: Realm::Url, ..ANY },
    // Their clients' sources.
    Host { name: "E*TRADE", domain: ".etrade.com", methods: HMAC_SHA1, ..ANY },
    Host { name: "BrickLink", domain: "api.bricklink.com", methods: HMAC_SHA1, ..ANY },
    Host { name: "The Noun Project", domain: "api.thenounproject.com", methods: HMAC_SHA1, ..ANY },
    Host { name: "Tumblr", domain: "api.tumblr.com", methods: HMAC_SHA1, ..ANY },
    Host { name: "Trello", domain: "trello.com", methods: HMAC_SHA1, ..ANY },
    Host { name: "Zotero", domain: "www.zotero.org", methods: HMAC_SHA1, ..ANY },
    Host { name: "SmugMug", domain: "api.smugmug.com", methods: PLAINTEXT_TOO, ..ANY },
];

impl Host {
    fn of(host: &str) -> Option<&'static Self> {
        let host = host.to_ascii_lowercase();
        let is_it =
            |row: &&Self| row.domain == host || row.domain.starts_with('.') && host.ends_with(row.domain);
        HOSTS.iter().find(is_it)
    }
}

/// Returns `true` for the hosts of X (Twitter).
pub(super) fn is_x(host: &str) -> bool {
    Host::of(host).is_some_and(|host| host.name == "X")
}

/// Returns the requirements of a known host that the request does not meet.
pub(super) fn findings(sent: &Sent<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(host) = Host::of(sent.host()) {
        findings.extend(method(host, sent));
        findings.extend(realm(host, sent));
        findings.extend(parameters(host, sent));
    } else if sent.path().contains("/plugins/servlet/oauth/") && sent.method_name() != "RSA-SHA1" {
        // Jira, Confluence and Bitbucket Data Center, "OAuth" for application links.
        findings.push(unfit_method("Atlassian Data Center", &["RSA-SHA1"], sent));
    }
    findings
}

fn unfit_method(name: &str, methods: &[&str], sent: &Sent<'_>) -> Finding {
    let used = super::page::clip(sent.method_name(), 20);
    let wanted = methods.join(" or ");
    Finding::likely(
        FindingKind::SignatureMethod,
        format!("the request is signed with {used}; {name} takes {wanted}"),
        format!("sign with {wanted} (SignerBuilder::method)"),
    )
}

fn method(host: &Host, sent: &Sent<'_>) -> Option<Finding> {
    let is_taken = host.methods.is_empty() || host.methods.contains(&sent.method_name());
    (!is_taken && !sent.method_name().is_empty()).then(|| unfit_method(host.name, host.methods, sent))
}

fn realm(host: &Host, sent: &Sent<'_>) -> Option<Finding> {
    let name = host.name;
    let (wanted, evidence) = match host.realm {
        Realm::Any => return None,
        Realm::Is(realm) => (realm.to_owned(), format!("{name} wants the realm {realm:?}")),
        Realm::Account => {
            let account = sent.host().split('.').next()?.to_ascii_uppercase().replace('-', "_");
            // Hosts such as system.netsuite.com name no account.
            if !account.starts_with(|c: char| c.is_ascii_digit()) && !account.starts_with("TSTDRV") {
                return match &sent.realm {
                    Some(realm) if !realm.is_empty() => None,
                    _ => Some(Finding::likely(
                        FindingKind::Realm,
                        format!("{name} wants the account as realm, and there is none"),
                        "set the realm to the account id, such as 1234567 or 1234567_SB1",
                    )),
                };
            }
            let evidence = format!("{name} wants the account as realm, which is {account} by the host");
            (account, evidence)
        }
        Realm::Url => {
            let view = sent.view().ok()?;
            let scheme = if view.target().is_secure() { "https" } else { "http" };
            let url = format!("{scheme}://{}{}", sent.host(), sent.path());
            let evidence = format!("{name} wants the URL without its query as realm");
            (url, evidence)
        }
    };
    let is_right = sent.realm.as_deref() == Some(wanted.as_str());
    (!is_right).then(|| {
        let there = if sent.realm.is_some() { "the request has another" } else { "the request has none" };
        Finding::likely(
            FindingKind::Realm,
            format!("{evidence}; {there}"),
            format!("set the realm to {:?} (SignerBuilder::realm)", super::page::clip(&wanted, 80)),
        )
    })
}

fn parameters(host: &Host, sent: &Sent<'_>) -> Vec<Finding> {
    let name = host.name;
    let mut findings = Vec::new();
    if host.body_hash && sent.parameter("oauth_body_hash").is_none() {
        findings.push(Finding::likely(
            FindingKind::BodyHash,
            format!("{name} wants oauth_body_hash with each request, and there is none"),
            "send it always, also without a body (BodyHashPolicy::Always)",
        ));
    }
    if host.version && sent.parameter("oauth_version") != Some("1.0") {
        findings.push(Finding::likely(
            FindingKind::Version,
            format!("{name} wants oauth_version, and there is none"),
            "send oauth_version=1.0",
        ));
    }
    match (host.token, sent.parameter("oauth_token")) {
        (Token::None, Some(_)) => findings.push(Finding::likely(
            FindingKind::ParameterRejected,
            format!("{name} has no tokens, and the request has oauth_token"),
            "leave the token out",
        )),
        (Token::EvenEmpty, None) => findings.push(Finding::likely(
            FindingKind::ParameterMissing,
            format!("{name} wants oauth_token, even if it is empty, and there is none"),
            "send an empty token (SignerBuilder::send_empty_token)",
        )),
        _ => {}
    }
    let nonce = sent.parameter("oauth_nonce").unwrap_or_default();
    if !nonce.is_empty() && nonce.len() < host.nonce_len {
        findings.push(Finding::likely(
            FindingKind::Nonce,
            format!("{name} wants a nonce of at least {} characters", host.nonce_len),
            "use a longer nonce",
        ));
    }
    findings
}
