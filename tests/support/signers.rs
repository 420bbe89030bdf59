//! Makes the library's signer and request from those of the oracle, with the public API alone.

use oauth1_signer::{
    BodyHashPolicy, BuildError, ClientCredentials, RequestRef, SignatureMethod, Signer, Stamp,
    TokenCredentials,
    request::{RequestError, UrlRef},
};

use super::oracle::{self, Body, Method, Request, Settings};

pub(crate) fn signer(settings: &Settings) -> Signer {
    build(settings).expect("a signer")
}

pub(crate) fn build(settings: &Settings) -> Result<Signer, BuildError> {
    let (key, secret) = &settings.client;
    let mut builder = Signer::builder(ClientCredentials::new(key, secret))
        .allow_plaintext_over_http(true)
        .allow_incomplete_credentials(true);
    builder = builder.method(match settings.method {
        Method::HmacSha1 => SignatureMethod::hmac_sha1(),
        #[cfg(feature = "sha2")]
        Method::HmacSha256 => SignatureMethod::hmac_sha256(),
        #[cfg(feature = "sha2")]
        Method::HmacSha512 => SignatureMethod::hmac_sha512(),
        Method::Plaintext => SignatureMethod::plaintext(),
        Method::PlaintextWithoutStamp => SignatureMethod::plaintext_without_stamp(),
    });
    builder = builder.body_hash(match settings.body_hash {
        oracle::BodyHashPolicy::Off => BodyHashPolicy::Off,
        oracle::BodyHashPolicy::NotForms => BodyHashPolicy::NotForms,
        oracle::BodyHashPolicy::Always => BodyHashPolicy::Always,
    });
    if let Some((token, secret)) = &settings.token {
        builder = builder.token(TokenCredentials::new(token, secret));
    }
    if settings.send_empty_token {
        builder = builder.send_empty_token(true);
    }
    if !settings.version {
        builder = builder.version(false);
    }
    if let Some(callback) = &settings.callback {
        builder = builder.callback(callback.as_str());
    }
    if let Some(verifier) = &settings.verifier {
        builder = builder.verifier(verifier);
    }
    if let Some(realm) = &settings.realm {
        builder = builder.realm(realm.as_str());
    }
    for (name, value) in &settings.parameters {
        builder = builder.parameter(name, value);
    }
    builder.build()
}

pub(crate) fn stamp(settings: &Settings) -> Stamp {
    Stamp::verbatim(&settings.timestamp, &settings.nonce).expect("a stamp")
}

/// Pairs as borrowed text.
pub(crate) type Pairs<'a> = Vec<(&'a str, &'a str)>;

/// Returns the decoded pairs of query and form.
pub(crate) fn borrowed(request: &Request) -> (Pairs<'_>, Pairs<'_>) {
    fn borrow(pairs: &[(String, String)]) -> Pairs<'_> {
        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
    let form = match &request.body {
        Body::Pairs(pairs) => borrow(pairs),
        Body::None | Body::Bytes(_) => Vec::new(),
    };
    (borrow(&request.query), form)
}

/// Returns a view of the request with its URL in any type.
pub(crate) fn by_url<'a>(
    request: &'a Request,
    url: impl Into<UrlRef<'a>>,
    (query, form): &'a (Pairs<'a>, Pairs<'a>),
) -> Result<RequestRef<'a>, RequestError> {
    let mut view = RequestRef::new(request.method.as_str(), url)?.query(query);
    if let Some(content_type) = &request.content_type {
        view = view.content_type(content_type);
    }
    Ok(match &request.body {
        Body::None => view,
        Body::Bytes(bytes) => view.body(bytes),
        Body::Pairs(_) => view.form(form),
    })
}

/// Returns the request of the `http` crate, or `None` if that crate rejects the URL.
pub(crate) fn http_request(request: &Request) -> Option<http::Request<Option<Vec<u8>>>> {
    let mut made = http::Request::new(match &request.body {
        Body::Bytes(bytes) => Some(bytes.clone()),
        Body::None | Body::Pairs(_) => None,
    });
    *made.uri_mut() = request.url.parse().ok()?;
    *made.method_mut() = http::Method::from_bytes(request.method.as_bytes()).ok()?;
    if let Some(content_type) = &request.content_type {
        made.headers_mut().insert(http::header::CONTENT_TYPE, content_type.parse().ok()?);
    }
    Some(made)
}
