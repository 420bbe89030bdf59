//! Requests and settings made of arbitrary bytes: sound enough to be signed, and odd in all that may be odd.

use arbitrary::Arbitrary;

use super::oracle::{Body, BodyHashPolicy, Method, Request, Settings};

#[derive(Arbitrary, Debug)]
pub(crate) struct Case<'a> {
    http_method: HttpMethod,
    scheme: Scheme,
    userinfo: bool,
    host: Host,
    port: Port,
    path: Vec<Piece<'a>>,
    query: Option<Vec<Piece<'a>>>,
    further_query: Vec<(Name<'a>, &'a str)>,
    content_type: ContentType,
    body: SomeBody<'a>,
    credentials: Credentials<'a>,
    method: SignatureMethod,
    hash: Hash,
    version: bool,
    callback: Option<&'a str>,
    verifier: Option<&'a str>,
    parameters: Vec<(Name<'a>, &'a str)>,
    realm: Option<&'a str>,
    timestamp: &'a str,
    nonce: &'a str,
}

#[derive(Arbitrary, Debug)]
enum HttpMethod {
    Get,
    Post,
    LowerCase,
    Odd,
}

#[derive(Arbitrary, Debug)]
enum Scheme {
    Http,
    Https,
    MixedCase,
}

#[derive(Arbitrary, Debug)]
enum Host {
    Name,
    MixedCase,
    V4,
    V6,
    TrailingDot,
}

#[derive(Arbitrary, Debug)]
enum Port {
    Absent,
    Empty,
    Number(u16),
    Padded(u16),
    OfHttp,
    OfHttps,
}

/// What queries, forms and paths are made of.
#[derive(Arbitrary, Debug)]
enum Piece<'a> {
    Text(&'a str),
    Escape(u8),
    LowerCaseEscape(u8),
    And,
    Equals,
    Plus,
    Percent,
    Known(Known),
}

/// A name out of [`KNOWN`].
#[derive(Arbitrary, Debug)]
struct Known(u8);

/// Names of the protocol, and those that sort before, between and behind them, encoded or not. They are
/// decoded names, but the last few: those mean something only where they are decoded.
const KNOWN: [&str; 24] = [
    "oauth_consumer_key",
    "oauth_token",
    "oauth_signature_method",
    "oauth_signature",
    "oauth_version",
    "oauth_callback",
    "oauth_verifier",
    "oauth_timestamp",
    "oauth_nonce",
    "oauth_body_hash",
    "oauth_session_handle",
    "oauth_s",
    "oauth_signature!",
    "oauth_tokez",
    "oauth",
    "p",
    "n",
    "{",
    "~",
    "!",
    "\u{e9}",
    "o%61uth_nonce",
    "%6Fauth_version",
    "oauth%5ftoken",
];

#[derive(Arbitrary, Debug)]
enum ContentType {
    Absent,
    Form,
    FormWithCharset,
    OddForm,
    Json,
    NearlyForm,
}

#[derive(Arbitrary, Debug)]
enum SomeBody<'a> {
    Absent,
    Bytes(&'a [u8]),
    Form(Vec<Piece<'a>>),
    Pairs(Vec<(Name<'a>, &'a str)>),
}

#[derive(Arbitrary, Debug)]
struct Credentials<'a> {
    key: &'a str,
    secret: &'a str,
    token: Option<(&'a str, &'a str)>,
    send_empty_token: bool,
}

#[derive(Arbitrary, Debug)]
enum SignatureMethod {
    HmacSha1,
    HmacSha256,
    HmacSha512,
    Plaintext,
    PlaintextWithoutStamp,
}

#[derive(Arbitrary, Debug)]
enum Hash {
    Off,
    NotForms,
    Always,
}

#[derive(Arbitrary, Debug)]
enum Name<'a> {
    Known(Known),
    Own(&'a str),
}

impl Case<'_> {
    pub(crate) fn request(&self) -> Request {
        let method = match self.http_method {
            HttpMethod::Get => "GET",
            HttpMethod::Post => "POST",
            HttpMethod::LowerCase => "patch",
            HttpMethod::Odd => "x~y!",
        };
        let content_type = match self.content_type {
            ContentType::Absent => None,
            ContentType::Form => Some("application/x-www-form-urlencoded"),
            ContentType::FormWithCharset => Some("application/x-www-form-urlencoded; charset=UTF-8"),
            ContentType::OddForm => Some(" Application/X-WWW-Form-URLEncoded ;x=y"),
            ContentType::Json => Some("application/json"),
            ContentType::NearlyForm => Some("text/plain; x=application/x-www-form-urlencoded"),
        };
        let (content_type, body) = match &self.body {
            SomeBody::Absent => (content_type, Body::None),
            SomeBody::Bytes(bytes) => (content_type, Body::Bytes(bytes.to_vec())),
            SomeBody::Form(pieces) => (content_type, Body::Bytes(text_of(pieces, |_| true).into_bytes())),
            // Pairs are a form, whatever was said before.
            SomeBody::Pairs(pairs) => (None, Body::Pairs(owned(pairs))),
        };
        Request {
            method: method.to_owned(),
            url: self.url(),
            query: owned(&self.further_query),
            content_type: content_type.map(str::to_owned),
            body,
        }
    }

    fn url(&self) -> String {
        let scheme = match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
            Scheme::MixedCase => "hTTps",
        };
        let userinfo = if self.userinfo { "user:pass%20word@" } else { "" };
        let host = match self.host {
            Host::Name => "api.example.com",
            Host::MixedCase => "Xn--9CA.Example.COM",
            Host::V4 => "127.0.0.1",
            Host::V6 => "[2001:DB8::1]",
            Host::TrailingDot => "h.",
        };
        let port = match self.port {
            Port::Absent => String::new(),
            Port::Empty => ":".to_owned(),
            Port::Number(port) => format!(":{port}"),
            Port::Padded(port) => format!(":00{port}"),
            Port::OfHttp => ":80".to_owned(),
            Port::OfHttps => ":443".to_owned(),
        };
        let path = text_of(&self.path, |c| c.is_ascii_graphic() && !"\\\"<>^`{}?#".contains(c));
        let slash = if path.is_empty() { "" } else { "/" };
        let in_query = |c: char| c != '#' && !c.is_ascii_control();
        let query = self.query.as_ref().map(|query| format!("?{}", text_of(query, in_query)));
        format!("{scheme}://{userinfo}{host}{port}{slash}{path}{}", query.unwrap_or_default())
    }

    pub(crate) fn settings(&self) -> Settings {
        let credentials = &self.credentials;
        Settings {
            // An empty key is refused, and then there is nothing more to see.
            client: (format!("k{}", credentials.key), credentials.secret.to_owned()),
            // A secret without a token is an error of the builder.
            token: credentials.token.map(|(token, secret)| match token {
                "" => (String::new(), String::new()),
                _ => (token.to_owned(), secret.to_owned()),
            }),
            send_empty_token: credentials.send_empty_token,
            method: match self.method {
                SignatureMethod::HmacSha1 => Method::HmacSha1,
                SignatureMethod::HmacSha256 => Method::HmacSha256,
                SignatureMethod::HmacSha512 => Method::HmacSha512,
                SignatureMethod::Plaintext => Method::Plaintext,
                SignatureMethod::PlaintextWithoutStamp => Method::PlaintextWithoutStamp,
            },
            version: self.version,
            callback: self.callback.map(str::to_owned),
            verifier: self.verifier.map(str::to_owned),
            parameters: self.parameters(),
            // A comma with a space behind it is where the target cuts the header.
            realm: self.realm.map(|realm| printable(realm).replace(", ", ",")),
            body_hash: match self.hash {
                Hash::Off => BodyHashPolicy::Off,
                Hash::NotForms => BodyHashPolicy::NotForms,
                Hash::Always => BodyHashPolicy::Always,
            },
            timestamp: format!("1{}", without_controls(self.timestamp)),
            nonce: format!("n{}", without_controls(self.nonce)),
        }
    }

    /// Those that a signer must take: each has a name, that no other has.
    fn parameters(&self) -> Vec<(String, String)> {
        let mut parameters: Vec<(String, String)> = Vec::new();
        for (name, value) in &self.parameters {
            let name = name.as_str();
            let is_new = parameters.iter().all(|(present, _)| present != name);
            let is_taken = TAKEN.contains(&name) || name.eq_ignore_ascii_case("realm");
            if is_new && !name.is_empty() && !is_taken {
                parameters.push((name.to_owned(), (*value).to_owned()));
            }
        }
        parameters
    }
}

/// What signers send by themselves, or never.
const TAKEN: [&str; 10] = [
    "oauth_consumer_key",
    "oauth_token",
    "oauth_signature_method",
    "oauth_version",
    "oauth_callback",
    "oauth_verifier",
    "oauth_timestamp",
    "oauth_nonce",
    "oauth_body_hash",
    "oauth_signature",
];

impl Known {
    fn as_str(&self) -> &'static str {
        KNOWN[usize::from(self.0) % KNOWN.len()]
    }
}

impl Name<'_> {
    fn as_str(&self) -> &str {
        match self {
            Self::Known(name) => name.as_str(),
            Self::Own(name) => name,
        }
    }
}

fn text_of(pieces: &[Piece<'_>], may_stand: impl Fn(char) -> bool) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(piece) => text.extend(piece.chars().filter(|&c| may_stand(c))),
            Piece::Escape(byte) => text += &format!("%{byte:02X}"),
            Piece::LowerCaseEscape(byte) => text += &format!("%{byte:02x}"),
            Piece::And => text.push('&'),
            Piece::Equals => text.push('='),
            Piece::Plus => text.push('+'),
            Piece::Percent => text.push('%'),
            Piece::Known(name) => text.extend(name.as_str().chars().filter(|&c| may_stand(c))),
        }
    }
    text
}

fn printable(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii() && !c.is_ascii_control()).collect()
}

fn without_controls(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_control()).collect()
}

fn owned(pairs: &[(Name<'_>, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| (name.as_str().to_owned(), (*value).to_owned())).collect()
}
