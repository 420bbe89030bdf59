//! What each provider documents, written down by hand from its documents and clients, and the requests that
//! the entries of `oauth1_signer::providers` lead to. A second signer checks the signatures.
#![cfg(all(feature = "sha2", feature = "rsa"))]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

mod legs;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../support/oracle.rs"]
mod oracle;
mod received;
mod signed_calls;

use oauth1_signer::providers::{self, KnownProvider};

/// All entries, with base URLs where they are needed.
fn all() -> Vec<KnownProvider> {
    vec![
        providers::x(),
        providers::flickr(),
        providers::tumblr(),
        providers::discogs(),
        providers::trello(),
        providers::smugmug(),
        providers::zotero(),
        providers::schoology(),
        providers::fatsecret(),
        providers::garmin(),
        providers::instapaper(),
        providers::netsuite("1234567_SB1"),
        providers::mastercard(),
        providers::interactive_brokers(),
        providers::etrade(),
        providers::bricklink(),
        providers::cardmarket(),
        providers::mediawiki("https://wiki.example/w"),
        providers::wordpress("https://blog.example"),
        providers::woocommerce(),
        providers::magento(),
        providers::jira("https://jira.example"),
        providers::lti(),
    ]
}

#[test]
fn each_entry_has_a_source_a_date_and_a_section_in_the_guide() {
    let guide = include_str!("../../src/guide/providers.md");
    for provider in all() {
        let name = provider.name();
        assert!(provider.source().len() > 10, "{name}");
        let date: Vec<&str> = provider.checked().split('-').collect();
        assert_eq!(date.iter().map(|part| part.len()).collect::<Vec<_>>(), [4, 2, 2], "{name}");
        assert!(!provider.signature_methods().is_empty(), "{name}");
        assert!(guide.contains(&format!("\n# {name}\n")), "{name} has no section in the guide");
        assert!(guide.contains(&format!("\n| [{name}](#")), "{name} has no row in the guide's table");
        for advice in provider.advice() {
            assert!(advice.ends_with('.') && advice.len() < 160, "{name}: {advice}");
        }
    }
}
