//! The parts of a signer: credentials, settings, keys.

use super::*;

pub(crate) fn rows() -> Vec<Row> {
    let build = |error| Refused(RejectionReason::Build(error));
    let stamp = |variant| Refused(RejectionReason::Stamp(variant));
    Vec::from([
        // What is written into the header
        Row(
            "a realm with \" and \\",
            Run(|| {
                let signer = builder().realm("a\"b\\c").build()?;
                let header = signer.sign(RequestRef::new("GET", "http://h/")?)?.to_header();
                Ok(Told::Text(header.to_str()?.split(", ").next().unwrap_or_default().into()))
            }),
            Text(r#"OAuth realm="a\"b\\c""#),
        ),
        Row(
            "a realm with a line break",
            Run(|| built(builder().realm("a\r\nX: y"))),
            build(BuildError::InvalidRealm { offset: 1 }),
        ),
        Row(
            "a realm beyond ASCII",
            Run(|| built(builder().realm("é"))),
            build(BuildError::InvalidRealm { offset: 0 }),
        ),
        Row(
            "a signature's + / =",
            Run(|| {
                let signer = builder().build()?;
                let signed = signer.prepare(RequestRef::new("GET", "http://h/")?)?;
                let header = signed.finish(Signature::Bytes(vec![0xFB, 0xEF, 0xFF, 0xFF])).to_header();
                Ok(Told::Text(header.to_str()?.rsplit(", ").next().unwrap_or_default().into()))
            }),
            Text(r#"oauth_signature="%2B%2B%2F%2F%2Fw%3D%3D""#),
        ),
        // Credentials
        Row(
            "an empty consumer key",
            Run(|| built(Signer::builder(ClientCredentials::new("", "client-s3cr3t")))),
            build(BuildError::EmptyConsumerKey),
        ),
        Row("both secrets empty", Run(|| key_of("", "")), Text("&")),
        Row(
            "… without permission",
            Run(|| built(Signer::builder(ClientCredentials::new("ck", "")))),
            Refused(RejectionReason::Build(BuildError::EmptySecret("client secret"))),
        ),
        Row(
            "an empty token secret",
            Run(|| built(builder().token(TokenCredentials::new("tk", "")))),
            Refused(RejectionReason::Build(BuildError::EmptySecret("token secret"))),
        ),
        Row(
            "an empty token with a secret",
            Run(|| built(builder().token(TokenCredentials::new("", "ts")))),
            Refused(RejectionReason::Build(BuildError::EmptyToken)),
        ),
        Row(
            "an SSH key as the secret",
            Run(|| built(Signer::builder(ClientCredentials::new("ck", "ssh-rsa AAAAB3NzaC1yc2E= me@host")))),
            Refused(RejectionReason::Build(BuildError::KeyAsSecret("client secret"))),
        ),
        Row("a & in a secret", Run(|| key_of("a&b", "")), Text("a%26b&")),
        Row("secrets to be encoded", Run(|| key_of("ü", "%")), Text("%C3%BC&%25")),
        Row("an empty token is left out", Run(|| token_in_header(builder().token(empty_token()))), Text("")),
        Row(
            "… or sent on request",
            Run(|| token_in_header(builder().token(empty_token()).send_empty_token(true))),
            Text(r#"oauth_token="""#),
        ),
        Row(
            "a secret with its file's line break",
            Run(|| key_of("client-s3cr3t\n", "")),
            Text("client-s3cr3t%0A&"),
        ),
        Row(
            "… which the explanation points out",
            Run(|| {
                let client = ClientCredentials::new("ck", "client-s3cr3t\n");
                let signer = Signer::builder(client).build()?;
                let (_, explanation) = signer.explain(RequestRef::new("GET", "http://h/")?)?;
                assert_eq!(explanation.hints(), [Hint::WhiteSpaceAroundSecret("client secret")]);
                assert!(!format!("{explanation}{explanation:?}").contains("client-s3cr3t"));
                Ok(Told::Text(explanation.hints()[0].to_string()))
            }),
            Text("the client secret starts or ends with white space; if it was read from a file, trim it"),
        ),
        Row("blanks around a secret", Run(|| key_of(" s ", " t")), Text("%20s%20&%20t")),
        Row("control characters in secrets", Run(|| key_of("\0", "\x7F\n")), Text("%00&%7F%0A")),
        Row(
            "… in consumer key and token",
            Run(|| {
                let token = TokenCredentials::new("t\r\nX: y", "");
                let signer = Signer::builder(ClientCredentials::new("c\0k", "cs"))
                    .token(token)
                    .allow_incomplete_credentials(true)
                    .build()?;
                let header = signer.sign(RequestRef::new("GET", "http://h/")?)?.to_header();
                let fixed: Vec<_> = header.to_str()?.split(", ").take(2).collect();
                Ok(Told::Text(fixed.join(" ")))
            }),
            Text(r#"OAuth oauth_consumer_key="c%00k" oauth_token="t%0D%0AX%3A%20y""#),
        ),
        Row("… in a nonce", Run(|| stamped(Stamp::new(1, "n\0"))), stamp("InvalidNonce")),
        Row(
            "1 MiB of key, token, secrets and form",
            Run(|| {
                let long = "&".repeat(1 << 20);
                let token = TokenCredentials::new(&*long, &*long);
                let signer = Signer::builder(ClientCredentials::new(&*long, &*long)).token(token).build()?;
                let form = "a&b=".repeat(1 << 18);
                let request = RequestRef::new("POST", "http://h/")?.content_type(FORM).body(form.as_bytes());
                Ok(Told::Text(signer.sign(request)?.signature().len().to_string()))
            }),
            Text("28"),
        ),
        Row(
            "PEM as the client secret",
            Run(|| {
                built(Signer::builder(ClientCredentials::new("ck", "\n-----BEGIN PUBLIC KEY-----\nhunter2")))
            }),
            build(BuildError::KeyAsSecret("client secret")),
        ),
        Row(
            "PEM as the token secret",
            Run(|| {
                built(
                    builder().token(TokenCredentials::new("tk", "-----BEGIN RSA PRIVATE KEY-----\nhunter2")),
                )
            }),
            build(BuildError::KeyAsSecret("token secret")),
        ),
        Row(
            "… and a method whose key lives elsewhere does not sign here",
            Run(|| {
                let signer = builder().method(SignatureMethod::external("RSA-SHA1")).build()?;
                Ok(Told::Text(signer.sign(RequestRef::new("GET", "http://h/")?)?.signature()))
            }),
            Refused(RejectionReason::Signature("ExternalKey")),
        ),
        #[cfg(feature = "rsa")]
        Row(
            "RSA with 1024 bits",
            Run(|| read_key(include_str!("../keys/rsa-1024.pkcs8.pem"))),
            Refused(RejectionReason::Key(KeyError::WeakKey { bits: 1024, minimum: 2048 })),
        ),
        #[cfg(feature = "rsa")]
        Row(
            "a public key",
            Run(|| read_key("-----BEGIN PUBLIC KEY-----\nhunter2\n-----END PUBLIC KEY-----\n")),
            Refused(RejectionReason::Key(KeyError::PublicKey)),
        ),
        #[cfg(feature = "rsa")]
        Row(
            "a PEM without a key in it",
            Run(|| read_key("-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n")),
            Refused(RejectionReason::Key(KeyError::InvalidPem)),
        ),
        #[cfg(feature = "rsa")]
        Row("no PEM", Run(|| read_key("hunter2")), Refused(RejectionReason::Key(KeyError::InvalidPem))),
        Row(
            "Debug of a signer (tests/redaction.rs has the rest)",
            Run(|| Ok(Told::Text(format!("{:?}", ClientCredentials::new("ck", "client-s3cr3t"))))),
            Text("ClientCredentials { key: \"ck\", secret: [redacted] }"),
        ),
        Row("an empty nonce", Run(|| stamped(Stamp::new(1, ""))), stamp("InvalidNonce")),
        Row(
            "a nonce with a line break",
            Run(|| stamped(Stamp::verbatim("1", "a\r\nb"))),
            stamp("InvalidNonce"),
        ),
        Row("timestamp 0", Run(|| stamped(Stamp::new(0, "n"))), stamp("InvalidTimestamp")),
        Row("timestamp 0, random nonce", Run(|| stamped(Stamp::at(0))), stamp("InvalidTimestamp")),
        Row("an empty timestamp", Run(|| stamped(Stamp::verbatim("", "n"))), stamp("InvalidTimestamp")),
        Row(
            "a timestamp with a NUL",
            Run(|| stamped(Stamp::verbatim("1\0", "n"))),
            stamp("InvalidTimestamp"),
        ),
        Row(
            "a clock before 1970",
            Run(|| signed_by(builder().clock(|| Ok(1_000)).clock_offset(-1_001))),
            stamp("ClockBeforeEpoch"),
        ),
        Row("a clock at 1970", Run(|| signed_by(builder().clock(|| Ok(0)))), stamp("ClockBeforeEpoch")),
        Row(
            "no random bytes",
            Run(|| signed_by(builder().random(|| Err("no entropy".into())))),
            stamp("Rng"),
        ),
    ])
}
