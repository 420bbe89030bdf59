//! Providers whose users log in to applications.

use http::Method;

use crate::flow::Endpoints;
use crate::signature::SignatureMethod;

use super::known::{Evidence, KnownProvider};

/// Returns the entry of X (Twitter), for its API and its Ads API.
///
/// # Examples
///
/// ```
/// use oauth1_signer::{ClientCredentials, TokenCredentials, providers};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = providers::x()
///     .signer(ClientCredentials::new("API key", "API key secret"))
///     .token(TokenCredentials::new("access token", "access token secret"))
///     .build()?;
/// # Ok(()) }
/// ```
#[doc(alias = "twitter")]
pub fn x() -> KnownProvider {
    KnownProvider {
        endpoints: Some(Endpoints::new(
            "https://api.x.com/oauth/request_token",
            "https://api.x.com/oauth/authorize",
            "https://api.x.com/oauth/access_token",
        )),
        advice: &[
            "JSON and multipart bodies are not signed.",
            "To let users who are signed in skip the page, send them to /oauth/authenticate instead of /oauth/authorize.",
        ],
        evidence: Evidence::ClientAgrees,
        ..KnownProvider::new(
            "X",
            "X developer platform, \"Creating a signature\"; tweepy 4.17, twitter-api-v2 1.29",
        )
    }
}

/// Returns the entry of Flickr.
pub fn flickr() -> KnownProvider {
    KnownProvider {
        endpoints: Some(Endpoints::new(
            "https://www.flickr.com/services/oauth/request_token",
            "https://www.flickr.com/services/oauth/authorize",
            "https://www.flickr.com/services/oauth/access_token",
        )),
        advice: &[
            "Add perms (read, write or delete) to the authorize URL.",
            "An upload is multipart: sign its text fields as a form, and do not sign the photo.",
        ],
        evidence: Evidence::ClientAgrees,
        ..KnownProvider::new("Flickr", "Flickr, \"Using OAuth with Flickr\"; flickrapi 2.4")
    }
}

/// Returns the entry of Tumblr.
pub fn tumblr() -> KnownProvider {
    KnownProvider {
        endpoints: Some(Endpoints::new(
            "https://www.tumblr.com/oauth/request_token",
            "https://www.tumblr.com/oauth/authorize",
            "https://www.tumblr.com/oauth/access_token",
        )),
        ..KnownProvider::new("Tumblr", "Tumblr API, \"OAuth 1.0a\"")
    }
}

/// Returns the entry of Discogs.
pub fn discogs() -> KnownProvider {
    KnownProvider {
        endpoints: Some(
            Endpoints::new(
                "https://api.discogs.com/oauth/request_token",
                "https://www.discogs.com/oauth/authorize",
                "https://api.discogs.com/oauth/access_token",
            )
            .method(Method::GET),
        ),
        methods: &["HMAC-SHA1", "PLAINTEXT"],
        advice: &[
            "Send a User-Agent that names your application.",
            "For the access token its documents use POST, and GET for the request token: if one is rejected with 405, set Endpoints::method.",
        ],
        ..KnownProvider::new("Discogs", "Discogs API, \"Authentication\"; disconnect (npm)")
    }
}

/// Returns the entry of Trello.
pub fn trello() -> KnownProvider {
    KnownProvider {
        endpoints: Some(Endpoints::new(
            "https://trello.com/1/OAuthGetRequestToken",
            "https://trello.com/1/OAuthAuthorizeToken",
            "https://trello.com/1/OAuthGetAccessToken",
        )),
        advice: &[
            "Add name, scope (read,write,account) and expiration (1hour, 30days or never) to the authorize URL.",
        ],
        ..KnownProvider::new("Trello", "Trello REST API, \"Authorizing With OAuth1\"")
    }
}

/// Returns the entry of SmugMug.
pub fn smugmug() -> KnownProvider {
    KnownProvider {
        endpoints: Some(Endpoints::new(
            "https://api.smugmug.com/services/oauth/1.0a/getRequestToken",
            "https://api.smugmug.com/services/oauth/1.0a/authorize",
            "https://api.smugmug.com/services/oauth/1.0a/getAccessToken",
        )),
        methods: &["HMAC-SHA1", "PLAINTEXT"],
        advice: &["Add Access (Public or Full) and Permissions (Read, Add or Modify) to the authorize URL."],
        ..KnownProvider::new("SmugMug", "SmugMug API v2, \"Authorization\"; gallery-dl")
    }
}

/// Returns the entry of Zotero.
pub fn zotero() -> KnownProvider {
    KnownProvider {
        endpoints: Some(Endpoints::new(
            "https://www.zotero.org/oauth/request",
            "https://www.zotero.org/oauth/authorize",
            "https://www.zotero.org/oauth/access",
        )),
        advice: &[
            "Add library_access, notes_access, write_access and all_groups to the authorize URL.",
            "The token secret of the last response is the API key: send it as the Zotero-API-Key header, and sign no calls.",
        ],
        ..KnownProvider::new("Zotero", "Zotero Web API v3, \"OAuth\"")
    }
}

/// Returns the entry of Schoology.
pub fn schoology() -> KnownProvider {
    KnownProvider {
        endpoints: Some(
            Endpoints::new(
                "https://api.schoology.com/v1/oauth/request_token",
                "https://app.schoology.com/oauth/authorize",
                "https://api.schoology.com/v1/oauth/access_token",
            )
            .method(Method::GET),
        ),
        methods: &["HMAC-SHA1", "PLAINTEXT"],
        realm: Some("Schoology API".to_owned()),
        sends_empty_token: true,
        advice: &[
            "Add oauth_callback to the authorize URL: it is the address that the user is sent back to.",
            "A school with a domain of its own has the authorize page there.",
        ],
        ..KnownProvider::new(
            "Schoology",
            "Schoology developers, \"Authentication\"; passport-schoology, omniauth-schoology",
        )
    }
}

/// Returns the entry of the fatsecret Platform API.
pub fn fatsecret() -> KnownProvider {
    KnownProvider {
        endpoints: Some(Endpoints::new(
            "https://authentication.fatsecret.com/oauth/request_token",
            "https://authentication.fatsecret.com/oauth/authorize",
            "https://authentication.fatsecret.com/oauth/access_token",
        )),
        advice: &[
            "oauth_version is required, and is sent.",
            "Timestamps must not go back: use one clock for all requests of a token.",
        ],
        ..KnownProvider::new("fatsecret", "fatsecret Platform API, \"OAuth 1.0\"; pyfatsecret")
    }
}

/// Returns the entry of Garmin Connect.
pub fn garmin() -> KnownProvider {
    KnownProvider {
        endpoints: Some(Endpoints::new(
            "https://connectapi.garmin.com/oauth-service/oauth/request_token",
            "https://connect.garmin.com/oauthConfirm",
            "https://connectapi.garmin.com/oauth-service/oauth/access_token",
        )),
        advice: &[
            "Ask for the request token with the callback oob, and add oauth_callback to the authorize URL.",
            "If the first response has no oauth_callback_confirmed, see Endpoints::accept_oauth_1_0.",
        ],
        ..KnownProvider::new(
            "Garmin",
            "ScribeJava 8.3, GarminApi; Garmin Connect Developer Program, \"OAuth\"",
        )
    }
}

/// Returns the entry of Instapaper, which exchanges a password for a token (xAuth).
///
/// # Examples
///
/// ```
/// use oauth1_signer::{ClientCredentials, flow::Flow, providers};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let instapaper = providers::instapaper();
/// let signer = instapaper.signer(ClientCredentials::new("consumer key", "consumer secret")).build()?;
/// let flow = Flow::new(instapaper.endpoints().expect("it has one").clone(), &signer)?;
/// let request = flow.xauth("jane@example.com", "password")?.to_request()?;
/// assert_eq!(request.uri(), "https://www.instapaper.com/api/1/oauth/access_token");
/// # Ok(()) }
/// ```
pub fn instapaper() -> KnownProvider {
    let url = "https://www.instapaper.com/api/1/oauth/access_token";
    KnownProvider {
        endpoints: Some(Endpoints::new(url, url, url)),
        method: Some(SignatureMethod::hmac_sha1()),
        advice: &[
            "There is one leg only: Flow::xauth exchanges the user's name and password for an access token.",
        ],
        ..KnownProvider::new("Instapaper", "Instapaper, \"Full API\"")
    }
}
