//! The texts of errors.

use super::*;

/// Each text, whole: they are what a person reads in a log, so a change is one to look at.
#[test]
fn the_texts_of_all_errors() {
    let source = || BoxError::from("the reason");
    let request = RequestRef::new("GET", "http://h/?oauth_token=x").unwrap();
    let signed = signer().sign(request).map(drop);
    let Err(SignError::Request(reserved)) = signed else { panic!("oauth_token is the signer's") };
    let name = "oauth_token".to_owned();
    assert_eq!(reserved, RequestError::ReservedParameter { name, found_in: ParameterSource::Query });
    let mut texts: Vec<(String, &str)> = Vec::new();
    let mut add = |error: &dyn Error, text| texts.push((error.to_string(), text));

    add(&UrlError::Empty, "the URL is empty: give an absolute http or https URL");
    add(&UrlError::MissingScheme, "the URL has no scheme: give the absolute URL, such as https://host/path");
    add(
        &UrlError::UnsupportedScheme("ftp".into()),
        "the URL's scheme \"ftp\" cannot be signed: use http or https",
    );
    add(&UrlError::MissingAuthority, "the URL has no host: write // behind the scheme");
    add(&UrlError::EmptyHost, "the URL's host is empty");
    add(
        &UrlError::InvalidHost,
        "the URL's host is not a valid IPv6 address in brackets (a zone identifier is not allowed)",
    );
    add(
        &UrlError::NonAsciiHost,
        "the URL's host is not ASCII: give its punycode form (xn--…), or pass a url::Url",
    );
    add(&UrlError::PercentInHost, "the URL's host has a percent escape: write it without");
    add(&UrlError::InvalidPort, "the URL's port is not a number from 0 to 65535");
    add(
        &UrlError::InvalidChar { character: '\\', offset: 8 },
        "the URL has '\\\\' at offset 8: percent-encode it, or pass a url::Url",
    );
    add(
        &UrlError::ControlChar { offset: 8 },
        "the URL has a control character at offset 8: remove or percent-encode it",
    );
    add(
        &UrlError::UnencodedSpace { offset: 8 },
        "the URL has a space at offset 8: write %20, or pass a url::Url",
    );
    add(
        &UrlError::NonAscii { offset: 8 },
        "the URL is not ASCII at offset 8: percent-encode it, or pass a url::Url",
    );
    add(&UrlError::TooLong { len: 70_000 }, "the URL has 70000 bytes, more than 65534");

    // An error inside another speaks for itself.
    add(&RequestError::Url(UrlError::EmptyHost), "the URL's host is empty");
    add(&RequestError::EmptyMethod, "the method is empty: give GET, POST, …");
    add(
        &RequestError::InvalidMethod { offset: 2 },
        "the method has a character at offset 2 that no HTTP method may have",
    );
    add(&RequestError::NoHost, "the request has no host: give it an absolute URL, or just one Host header");
    add(
        &RequestError::OtherHost,
        "the Host header is not that of the URL: leave it out, or put its host into the URL",
    );
    add(&RequestError::OtherScheme, "the request's URL has another scheme than the connection it is for");
    add(
        &RequestError::SecondAuthorization,
        "the request would have a second Authorization: leave out user information in the URL, and other \
         Authorization headers (basic_auth, bearer_auth)",
    );
    add(&RequestError::AmbiguousContentType, "the request has more than one Content-Type header: keep one");
    add(
        &RequestError::UnbufferedFormBody,
        "the Content-Type says form, but the body's bytes cannot be seen: sign a request whose body is in \
         memory (String, Vec<u8>, Bytes, …), or hand the bytes over with RequestRef::body",
    );
    add(
        &RequestError::EncodedFormBody,
        "the form body has a Content-Encoding: send the form as it is, without compression",
    );

    add(&SignError::Unbuilt(source()), "the request could not be built");
    add(&StampError::Clock(source()), "the clock could not be read: supply one with SignerBuilder::clock");
    add(
        &StampError::ClockBeforeEpoch,
        "the clock stands before 1970: set it, or supply one with SignerBuilder::clock",
    );
    add(&StampError::Rng(source()), "no random bytes could be had for a nonce or for credentials");
    add(&StampError::InvalidNonce, "the nonce is empty or has control characters: give printable text");
    add(&StampError::InvalidTimestamp, "the timestamp is not a positive number of seconds since 1970");

    add(
        &reserved,
        "the request's query has the parameter \"oauth_token\", which the signer sends itself: remove it there",
    );

    add(
        &RequestError::UnseenBody,
        "oauth_body_hash needs the body's bytes, which cannot be seen: hand them over with RequestRef::body \
         (empty where there is no body), or their digest with RequestRef::body_digest",
    );
    add(
        &RequestError::WrongDigest { expected: 20, found: 40 },
        "the body digest has 40 bytes instead of 20: give the raw digest of the signature method's hash",
    );

    add(
        &SignatureError::ExternalKey,
        "the key of this signature method lives elsewhere: use Signer::prepare, then Prepared::finish",
    );
    add(&SignatureError::Custom(source()), "the custom signature method failed");
    #[cfg(feature = "rsa")]
    add(&SignatureError::Rsa, "the RSA key made no signature: it is too short for the hash, or damaged");
    #[cfg(feature = "rsa")]
    add(&SignatureError::Rng(source()), "no random bytes could be had to blind the RSA operation");

    add(
        &SignError::InsecurePlaintext,
        "PLAINTEXT sends the secrets themselves, so it needs https: use https or an HMAC method, or allow it \
         with SignerBuilder::allow_plaintext_over_http",
    );
    add(&SignError::from(RequestError::EmptyMethod), "the method is empty: give GET, POST, …");

    add(&BuildError::EmptyConsumerKey, "the consumer key is empty: give the key that the provider issued");
    add(
        &BuildError::KeyAsSecret("client secret"),
        "the client secret is the text of a key or a certificate: for an RSA method give an RsaPrivateKey",
    );
    add(
        &BuildError::EmptyToken,
        "the token is empty, but its secret is not: give both, or no token (or allow it with \
         SignerBuilder::allow_incomplete_credentials)",
    );
    add(
        &BuildError::EmptySecret("token secret"),
        "the token secret is empty: give the one that the provider issued (is its environment variable set?), \
         or allow it with SignerBuilder::allow_incomplete_credentials",
    );
    add(
        &BuildError::InvalidRealm { offset: 1 },
        "the realm has a character at offset 1 that a header cannot carry",
    );
    add(&BuildError::EmptyMethodName, "the signature method has no name");
    add(&BuildError::EmptyParameterName, "a protocol parameter has no name");
    add(
        &BuildError::DuplicateParameter("oauth_token".into()),
        "the protocol parameter \"oauth_token\" is there already: leave it out, or use the setting of its own",
    );

    #[cfg(feature = "rsa")]
    {
        add(
            &KeyError::InvalidPem,
            "the RSA key is not valid PEM: give the whole file, from -----BEGIN to -----END",
        );
        add(
            &KeyError::InvalidDer,
            "the private key is not valid DER: give PKCS#8 or PKCS#1 bytes; a PEM text goes to from_pem",
        );
        add(
            &KeyError::Path,
            "this is the path of a file, not the RSA key: give its content (std::fs::read_to_string(path))",
        );
        add(&KeyError::PublicKey, "this is a public key: signing takes the private key, in PKCS#8 or PKCS#1");
        add(
            &KeyError::OtherAlgorithm,
            "the key is not an RSA key but one of another algorithm: the RSA methods need an RSA key",
        );
        add(
            &KeyError::Encrypted,
            "the private key is encrypted: decrypt it first (openssl pkcs8 -in key.pem -out plain.pem)",
        );
        add(
            &KeyError::WeakKey { bits: 1024, minimum: 2048 },
            "the RSA key has 1024 bits, fewer than 2048: make a longer one (openssl genrsa -out key.pem 3072)",
        );
    }
    for (text, expected) in texts {
        assert_eq!(text, expected);
    }
}

/// What another's error was is there to be seen, through every layer.
#[test]
fn sources_are_kept() {
    let source_of = |error: SignError| error.source().map(ToString::to_string);
    let view = || RequestRef::new("GET", "http://h/").unwrap();
    let failing = |signer: SignerBuilder| source_of(signer.build().unwrap().sign(view()).unwrap_err());
    assert_eq!(failing(builder().clock(|| Err("no clock".into()))).as_deref(), Some("no clock"));
    assert_eq!(failing(builder().random(|| Err("no entropy".into()))).as_deref(), Some("no entropy"));
    let method = SignatureMethod::custom("X", |_| Err("no card in the reader".into()));
    assert_eq!(failing(builder().method(method)).as_deref(), Some("no card in the reader"));
    // What has no source makes none up.
    assert_eq!(failing(builder().method(SignatureMethod::external("X"))), None);
}
