//! Software that runs on many hosts: each function takes the base URL, if it needs one.

use http::Method;

use crate::flow::Endpoints;

use super::known::{Evidence, KnownProvider};

/// Returns the entry of a MediaWiki, by the URL of the directory of its `index.php`.
///
/// [`Flow::new`](crate::flow::Flow::new) returns an error if the URL is not absolute.
///
/// # Examples
///
/// ```
/// use oauth1_signer::{ClientCredentials, flow::Flow, providers};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let wiki = providers::mediawiki("https://meta.wikimedia.org/w");
/// let signer = wiki.signer(ClientCredentials::new("consumer key", "consumer secret")).build()?;
/// let flow = Flow::new(wiki.endpoints().expect("it has three legs").clone(), &signer)?;
/// let request = flow.temporary_credentials("oob")?.to_request()?;
/// assert_eq!(request.uri(), "https://meta.wikimedia.org/w/index.php?title=Special:OAuth/initiate");
/// # Ok(()) }
/// ```
#[doc(alias = "wikipedia")]
pub fn mediawiki(base: &str) -> KnownProvider {
    let page = |page: &str| format!("{}/index.php?title=Special:OAuth/{page}", without_slash(base));
    KnownProvider {
        endpoints: Some(
            Endpoints::new(page("initiate"), page("authorize"), page("token")).method(Method::GET),
        ),
        methods: &["HMAC-SHA1", "RSA-SHA1"],
        advice: &[
            "Add oauth_consumer_key to the authorize URL.",
            "The callback is oob unless the consumer was registered with another.",
        ],
        evidence: Evidence::ServerAccepted,
        ..KnownProvider::new(
            "MediaWiki",
            "MediaWiki, \"OAuth/For Developers\"; a server with the extension OAuth",
        )
    }
}

/// Returns the entry of a WordPress with the plugin "OAuth 1.0a Server", by the URL of the site.
pub fn wordpress(base: &str) -> KnownProvider {
    let page = |page: &str| format!("{}/oauth1/{page}", without_slash(base));
    KnownProvider {
        endpoints: Some(Endpoints::new(page("request"), page("authorize"), page("access"))),
        methods: &["HMAC-SHA1", "HMAC-SHA256"],
        advice: &["The callback must be the registered one."],
        evidence: Evidence::ServerAccepted,
        ..KnownProvider::new("WordPress", "WP REST API, \"OAuth 1.0a Server\"; a server with the plugin")
    }
}

/// Returns the entry of a WooCommerce shop that is called over http.
///
/// Over https it takes HTTP Basic authentication instead.
///
/// # Examples
///
/// ```
/// use oauth1_signer::{ClientCredentials, RequestRef, providers};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = providers::woocommerce().signer(ClientCredentials::new("ck_key", "cs_secret")).build()?;
/// let url = "http://shop.example/wp-json/wc/v3/orders?per_page=5";
/// let url = signer.sign(RequestRef::new("GET", url)?)?.append_to_url(url);
/// assert!(url.contains("?per_page=5&oauth_consumer_key=ck_key&"));
/// # Ok(()) }
/// ```
pub fn woocommerce() -> KnownProvider {
    KnownProvider {
        methods: &["HMAC-SHA1", "HMAC-SHA256"],
        evidence: Evidence::ClientAgrees,
        advice: &["Send the parameters in the query (Signed::append_to_url).", "There is no token."],
        ..KnownProvider::new(
            "WooCommerce over http",
            "WooCommerce REST API, \"Authentication over HTTP\"; woocommerce 3.0 (pip)",
        )
    }
}

/// Returns the entry of a Magento 2 shop. Its four credentials come from the page of the integration.
#[cfg(feature = "sha2")]
pub fn magento() -> KnownProvider {
    KnownProvider {
        methods: &["HMAC-SHA256", "HMAC-SHA1"],
        method: Some(crate::signature::SignatureMethod::hmac_sha256()),
        advice: &["Brackets in the query (searchCriteria[pageSize]=5) are signed as they are sent."],
        ..KnownProvider::new("Magento 2", "Adobe Commerce, \"OAuth-based authentication\"")
    }
}

/// Returns the entry of Jira, Confluence or Bitbucket Data Center, by the base URL of the server.
///
/// The consumer is an application link with a public key. Its secret is not used: give an empty one, and set
/// [`SignerBuilder::method`](crate::SignerBuilder::method) to RSA-SHA1 with your key (feature `rsa`).
#[doc(alias = "confluence")]
#[doc(alias = "atlassian")]
pub fn jira(base: &str) -> KnownProvider {
    let page = |page: &str| format!("{}/plugins/servlet/oauth/{page}", without_slash(base));
    KnownProvider {
        endpoints: Some(Endpoints::new(page("request-token"), page("authorize"), page("access-token"))),
        method: None,
        methods: &["RSA-SHA1"],
        evidence: Evidence::ClientAgrees,
        advice: &["Calls without a user (two-legged) need SignerBuilder::send_empty_token."],
        ..KnownProvider::new(
            "Jira Data Center",
            "Atlassian, \"OAuth for REST APIs\" (Data Center); jira 3.10 (pip)",
        )
    }
}

/// Returns the entry of LTI 1.1: a launch is a signed form, an outcome a signed XML body.
///
/// # Examples
///
/// ```
/// use oauth1_signer::{BodyHashPolicy, ClientCredentials, RequestRef, providers};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // A launch: the platform signs a form, which the user's browser posts.
/// let signer = providers::lti().signer(ClientCredentials::new("key", "secret")).build()?;
/// let form = [("lti_message_type", "basic-lti-launch-request"), ("lti_version", "LTI-1p0"), ("resource_link_id", "1")];
/// let request = RequestRef::new("POST", "https://tool.example/launch")?.form(&form);
/// let form = signer.sign(request)?;
///
/// // An outcome: the tool signs the hash of an XML body.
/// let signer = signer.to_builder().body_hash(BodyHashPolicy::NotForms).build()?;
/// let request = http::Request::post("https://platform.example/outcome")
///     .header("content-type", "application/xml")
///     .body("<imsx_POXEnvelopeRequest/>")?;
/// assert!(signer.sign(&request)?.to_header().to_str()?.contains("oauth_body_hash"));
/// # Ok(()) }
/// ```
#[doc(alias = "ims")]
pub fn lti() -> KnownProvider {
    KnownProvider {
        advice: &[
            "A launch has the parameters in the form (Signed::append_to_form), and no token.",
            "An outcome needs a body hash (BodyHashPolicy::NotForms).",
        ],
        evidence: Evidence::ServerAccepted,
        ..KnownProvider::new(
            "LTI 1.1",
            "IMS Global, \"LTI Implementation Guide\" 1.1.1; JupyterHub's ltiauthenticator",
        )
    }
}

fn without_slash(base: &str) -> &str {
    base.trim_end_matches('/')
}
