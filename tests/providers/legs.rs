//! The three legs at each provider that has them.

use http::Method;
use oauth1_signer::flow::{Flow, FormBody};
use oauth1_signer::providers::{self, KnownProvider};
use oauth1_signer::{ClientCredentials, TemporaryCredentials};

use super::oracle;
use super::received::Received;

/// What a provider documents: method and URL of the first leg, the page for the user with the parameters that
/// it takes, and method and URL of the last leg.
struct Documented {
    provider: KnownProvider,
    first: (Method, &'static str),
    callback: &'static str,
    page: (&'static str, &'static [(&'static str, &'static str)]),
    last: (Method, &'static str),
    realm: Option<&'static str>,
    empty_token: bool,
}

fn row(
    provider: KnownProvider,
    first: (Method, &'static str),
    page: (&'static str, &'static [(&'static str, &'static str)]),
    last: (Method, &'static str),
) -> Documented {
    let callback = "https://printer.example.com/ready";
    Documented { provider, first, callback, page, last, realm: None, empty_token: false }
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn documented() -> Vec<Documented> {
    const POST: Method = Method::POST;
    const GET: Method = Method::GET;
    vec![
        row(
            providers::x(),
            (POST, "https://api.x.com/oauth/request_token"),
            ("https://api.x.com/oauth/authorize?oauth_token=t", &[]),
            (POST, "https://api.x.com/oauth/access_token"),
        ),
        row(
            providers::flickr(),
            (POST, "https://www.flickr.com/services/oauth/request_token"),
            (
                "https://www.flickr.com/services/oauth/authorize?oauth_token=t&perms=write",
                &[("perms", "write")],
            ),
            (POST, "https://www.flickr.com/services/oauth/access_token"),
        ),
        row(
            providers::tumblr(),
            (POST, "https://www.tumblr.com/oauth/request_token"),
            ("https://www.tumblr.com/oauth/authorize?oauth_token=t", &[]),
            (POST, "https://www.tumblr.com/oauth/access_token"),
        ),
        row(
            providers::discogs(),
            (GET, "https://api.discogs.com/oauth/request_token"),
            ("https://www.discogs.com/oauth/authorize?oauth_token=t", &[]),
            (GET, "https://api.discogs.com/oauth/access_token"),
        ),
        row(
            providers::trello(),
            (POST, "https://trello.com/1/OAuthGetRequestToken"),
            (
                "https://trello.com/1/OAuthAuthorizeToken?oauth_token=t&name=Printer&scope=read%2Cwrite&expiration=never",
                &[("name", "Printer"), ("scope", "read,write"), ("expiration", "never")],
            ),
            (POST, "https://trello.com/1/OAuthGetAccessToken"),
        ),
        row(
            providers::smugmug(),
            (POST, "https://api.smugmug.com/services/oauth/1.0a/getRequestToken"),
            (
                "https://api.smugmug.com/services/oauth/1.0a/authorize?oauth_token=t&Access=Full&Permissions=Read",
                &[("Access", "Full"), ("Permissions", "Read")],
            ),
            (POST, "https://api.smugmug.com/services/oauth/1.0a/getAccessToken"),
        ),
        row(
            providers::zotero(),
            (POST, "https://www.zotero.org/oauth/request"),
            (
                "https://www.zotero.org/oauth/authorize?oauth_token=t&library_access=1",
                &[("library_access", "1")],
            ),
            (POST, "https://www.zotero.org/oauth/access"),
        ),
        Documented {
            realm: Some("Schoology API"),
            empty_token: true,
            ..row(
                providers::schoology(),
                (GET, "https://api.schoology.com/v1/oauth/request_token"),
                (
                    "https://app.schoology.com/oauth/authorize?oauth_token=t&oauth_callback=https%3A%2F%2Fprinter.example.com%2Fready",
                    &[("oauth_callback", "https://printer.example.com/ready")],
                ),
                (GET, "https://api.schoology.com/v1/oauth/access_token"),
            )
        },
        row(
            providers::fatsecret(),
            (POST, "https://authentication.fatsecret.com/oauth/request_token"),
            ("https://authentication.fatsecret.com/oauth/authorize?oauth_token=t", &[]),
            (POST, "https://authentication.fatsecret.com/oauth/access_token"),
        ),
        Documented {
            callback: "oob",
            ..row(
                providers::garmin(),
                (POST, "https://connectapi.garmin.com/oauth-service/oauth/request_token"),
                (
                    "https://connect.garmin.com/oauthConfirm?oauth_token=t&oauth_callback=https%3A%2F%2Fprinter.example.com%2Fready",
                    &[("oauth_callback", "https://printer.example.com/ready")],
                ),
                (POST, "https://connectapi.garmin.com/oauth-service/oauth/access_token"),
            )
        },
        Documented {
            callback: "oob",
            ..row(
                providers::etrade(),
                (GET, "https://api.etrade.com/oauth/request_token"),
                // Its own names are in the recipe: see the guide.
                (
                    "https://us.etrade.com/e/t/etws/authorize?oauth_token=t&key=c&token=t",
                    &[("key", "c"), ("token", "t")],
                ),
                (GET, "https://api.etrade.com/oauth/access_token"),
            )
        },
        Documented {
            callback: "oob",
            ..row(
                providers::mediawiki("https://wiki.example/w/"),
                (GET, "https://wiki.example/w/index.php?title=Special:OAuth/initiate"),
                (
                    "https://wiki.example/w/index.php?title=Special:OAuth/authorize&oauth_token=t&oauth_consumer_key=c",
                    &[("oauth_consumer_key", "c")],
                ),
                (GET, "https://wiki.example/w/index.php?title=Special:OAuth/token"),
            )
        },
        row(
            providers::wordpress("https://blog.example/"),
            (POST, "https://blog.example/oauth1/request"),
            ("https://blog.example/oauth1/authorize?oauth_token=t", &[]),
            (POST, "https://blog.example/oauth1/access"),
        ),
    ]
}

fn received(request: &http::Request<FormBody>) -> Received {
    Received::new(request.method(), &request.uri().to_string(), request.headers(), request.body().as_ref())
}

#[test]
fn the_three_legs_are_as_each_provider_documents_them() {
    for Documented { provider, first, callback, page, last, realm, empty_token } in documented() {
        let name = provider.name();
        let client = ClientCredentials::new("c", "client secret & 100%");
        let signer = provider.signer(client).build().unwrap();
        let flow = Flow::new(provider.endpoints().unwrap().clone(), &signer).unwrap();

        let request = received(&flow.temporary_credentials(callback).unwrap().to_request().unwrap());
        assert_eq!((request.method.clone(), request.url.as_str()), first, "{name}");
        assert_eq!(request.get("oauth_callback").as_deref(), Some(callback), "{name}");
        assert_eq!(request.get("oauth_token").as_deref(), empty_token.then_some(""), "{name}");
        assert_eq!(request.get("oauth_version").as_deref(), Some("1.0"), "{name}");
        assert_eq!(request.realm.as_deref(), realm, "{name}");
        request.check(oracle::Method::HmacSha1, ("client secret & 100%", ""));

        let temporary = TemporaryCredentials::new("t", "temporary/secret=");
        let url = flow.authorization_url_with(&temporary, page.1).unwrap();
        assert_eq!(url, page.0, "{name}");

        let approval = flow.pin(temporary, "c0de").unwrap();
        let request = received(&flow.token_credentials(&approval).unwrap().to_request().unwrap());
        assert_eq!((request.method.clone(), request.url.as_str()), last, "{name}");
        assert_eq!(request.get("oauth_token").as_deref(), Some("t"), "{name}");
        assert_eq!(request.get("oauth_verifier").as_deref(), Some("c0de"), "{name}");
        assert_eq!(request.realm.as_deref(), realm, "{name}");
        request.check(oracle::Method::HmacSha1, ("client secret & 100%", "temporary/secret="));
    }
}

/// "Full API": one POST with `x_auth_username`, `x_auth_password` and `x_auth_mode=client_auth`, all signed.
#[test]
fn instapaper_takes_a_password() {
    let provider = providers::instapaper();
    let signer = provider.signer(ClientCredentials::new("c", "secret")).build().unwrap();
    let flow = Flow::new(provider.endpoints().unwrap().clone(), &signer).unwrap();
    let request = received(&flow.xauth("jane@example.com", "p & w").unwrap().to_request().unwrap());
    assert_eq!(request.method, Method::POST);
    assert_eq!(request.url, "https://www.instapaper.com/api/1/oauth/access_token");
    assert_eq!(request.get("x_auth_username").as_deref(), Some("jane@example.com"));
    assert_eq!(request.get("x_auth_password").as_deref(), Some("p & w"));
    assert_eq!(request.get("x_auth_mode").as_deref(), Some("client_auth"));
    request.check(oracle::Method::HmacSha1, ("secret", ""));
}

#[test]
fn a_base_url_that_is_none_is_an_error() {
    for base in
        ["", "wiki.example/w", "ftp://wiki.example", "http://wiki.example/w", "https://u:p@wiki.example"]
    {
        let provider = providers::mediawiki(base);
        let signer = provider.signer(ClientCredentials::new("c", "s")).build().unwrap();
        let error = Flow::new(provider.endpoints().unwrap().clone(), &signer).unwrap_err();
        assert!(error.to_string().contains("endpoint"), "{base}: {error}");
    }
}
