//! Each fault through each client, in a leg for temporary credentials, in a leg for token credentials, and
//! in a call: the error it comes to, how many requests there are, and what is shown of it.

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use http::StatusCode;
use oauth1_signer::flow::ResponseError;
use oauth1_signer::reqwest::RedirectError;

use crate::site::{
    ISSUED_SECRET, PATIENCE, QUERY, echo, get, hidden, issued, once, password_leg, post_form, temporary_leg,
    token_leg, user,
};
use crate::support::clients::{Client, Kind, Shape, leaked};
use crate::support::server::{IncomingRequest, Reply, Server};

/// What a leg or a call comes to.
#[derive(Clone, Debug, PartialEq)]
enum Outcome {
    /// Credentials, or an answer of this status.
    Answer(u16),
    Failure(Shape),
    /// The adapters that know of redirects refuse it; the others hand it on. In a leg it is an error.
    Redirect(u16),
}

struct Fault {
    name: &'static str,
    /// Given the request, and the origin of another server.
    answer: fn(&IncomingRequest, &str) -> Reply,
    temporary: Outcome,
    token: Outcome,
    call: Outcome,
    has_form: bool,
    patience: Duration,
}

impl Fault {
    /// A fault that is one of the transport, unless it says otherwise.
    fn new(name: &'static str, answer: fn(&IncomingRequest, &str) -> Reply) -> Self {
        let [temporary, token, call] = [(); 3].map(|()| Outcome::Failure(Shape::Transport));
        Self { name, answer, temporary, token, call, has_form: false, patience: PATIENCE }
    }

    fn legs(mut self, error: ResponseError) -> Self {
        self.temporary = Outcome::Failure(Shape::Response(error));
        self.token = self.temporary.clone();
        self
    }

    fn token_issued(mut self) -> Self {
        self.token = Outcome::Answer(200);
        self
    }

    fn call(mut self, status: u16) -> Self {
        self.call = Outcome::Answer(status);
        self
    }

    fn problem(mut self, status: u16, code: &str) -> Self {
        self.temporary = Outcome::Failure(Shape::Problem(code.to_owned()));
        self.token = self.temporary.clone();
        self.call(status)
    }

    fn status(self, status: u16) -> Self {
        let code = StatusCode::from_u16(status).unwrap();
        self.legs(ResponseError::Status { status: code, date: None }).call(status)
    }

    fn redirect(mut self, status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap();
        self = self.legs(ResponseError::UnexpectedRedirect { status });
        self.call = Outcome::Redirect(status.as_u16());
        self
    }

    fn issued(mut self) -> Self {
        [self.temporary, self.token, self.call] = [(); 3].map(|()| Outcome::Answer(200));
        self
    }

    fn slow(mut self) -> Self {
        [self.temporary, self.token, self.call] = [(); 3].map(|()| Outcome::Failure(Shape::Timeout));
        self.patience = Duration::from_millis(500);
        self
    }

    fn with_form(mut self) -> Self {
        self.has_form = true;
        self
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

/// An answer that repeats every secret in a header and, unless it has a body, there too.
fn hostile(status: u16, content_type: &str, body: &str) -> Reply {
    let body = if body.is_empty() { echo() } else { body.replace("ECHO", &echo()) };
    Reply::status(status, content_type, body).header("X-Echo", echo())
}

fn to(status: u16, location: &str) -> Reply {
    let separator = if location.contains('?') { '&' } else { '?' };
    Reply::redirect(status, format!("{location}{separator}secret={}", once(QUERY))).header("X-Echo", echo())
}

fn form(body: &str) -> Reply {
    Reply::ok_form(body.replace("ISSUED", &once(ISSUED_SECRET))).header("X-Echo", echo())
}

fn own_origin(received: &IncomingRequest) -> String {
    format!("http://{}", received.header("Host").unwrap())
}

/// `//127.0.0.1:port`, of an origin.
fn authority(origin: &str) -> &str {
    origin.strip_prefix("http:").unwrap()
}

fn transport() -> Vec<Fault> {
    vec![
        Fault::new("closed without an answer", |_, _| Reply::raw("")),
        Fault::new("reset without an answer", |_, _| Reply::reset()),
        Fault::new("reset in the status line", |_, _| Reply::raw_then_reset("HTTP/1.1 20")),
        Fault::new("reset in the head", |_, _| {
            Reply::raw_then_reset(format!("HTTP/1.1 200 OK\r\nX-Echo: {}\r\nContent-Ty", echo()))
        }),
        Fault::new("reset in the body", |_, _| {
            Reply::raw_then_reset(format!("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{}", issued()))
        }),
        Fault::new("closed in the head", |_, _| Reply::raw("HTTP/1.1 200 OK\r\nContent-Ty")),
        Fault::new("not HTTP", |_, _| Reply::raw(format!("220 mail.example {}\r\n\r\n", echo()))),
        Fault::new("a header that is none", |_, _| {
            Reply::raw(format!("HTTP/1.1 200 OK\r\n{}\r\n\r\n", echo().replace(':', "")))
        }),
        Fault::new("a head without end", |_, _| {
            Reply::raw(format!("HTTP/1.1 200 OK\r\nX-Echo: {}\r\n\r\n", echo().repeat(2000)))
        }),
        Fault::new("a Content-Length that is too long", |_, _| {
            Reply::short_of_content_length(9999, issued())
        }),
        Fault::new("two Content-Lengths", |_, _| {
            Reply::raw(format!(
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
                issued()
            ))
        }),
        Fault::new("a Content-Length that is no number", |_, _| {
            Reply::raw(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", echo()))
        }),
        Fault::new("a chunk that is cut", |_, _| Reply::cut_chunk(issued())),
        Fault::new("no last chunk", |_, _| {
            let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
            Reply::raw(format!("{head}{:x}\r\n{}\r\n", issued().len(), issued()))
        }),
        Fault::new("a chunk without a size", |_, _| {
            Reply::raw(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}\r\n", echo()))
        }),
        Fault::new("no answer in time", |_, _| Reply::raw("").then_stall()).slow(),
        Fault::new("a head that stops", |_, _| {
            Reply::raw(format!("HTTP/1.1 200 OK\r\nX-Echo: {}\r\n", echo())).then_stall()
        })
        .slow(),
        Fault::new("a body that stops", |_, _| {
            Reply::raw(format!("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{}", issued())).then_stall()
        })
        .slow(),
        Fault::new("byte by byte", |_, _| Reply::ok_form(issued()).trickle(Duration::from_millis(10))).slow(),
        Fault::new("an early hint, then a form", |_, _| {
            let (form, len) = (issued(), issued().len());
            let hint = format!("HTTP/1.1 103 Early Hints\r\nLink: </{}>\r\n\r\n", echo());
            Reply::raw(format!("{hint}HTTP/1.1 200 OK\r\nContent-Length: {len}\r\n\r\n{form}"))
        })
        .issued(),
    ]
}

fn redirects() -> Vec<Fault> {
    vec![
        Fault::new("301 same origin", |_, _| to(301, "/elsewhere")).redirect(301),
        Fault::new("302 same origin", |_, _| to(302, "/elsewhere")).redirect(302),
        Fault::new("302 same origin, absolute", |received, _| {
            to(302, &(own_origin(received) + "/elsewhere"))
        })
        .redirect(302),
        Fault::new("302 to another port", |_, other| to(302, &format!("{other}/elsewhere"))).redirect(302),
        Fault::new("302 to //host", |_, other| to(302, &format!("{}/elsewhere", authority(other))))
            .redirect(302),
        Fault::new("302 to \\\\host", |_, other| {
            to(302, &format!("{}/elsewhere", authority(other).replace('/', "\\")))
        })
        .redirect(302),
        Fault::new("302 to https", |received, _| to(302, &own_origin(received).replace("http:", "https:")))
            .redirect(302),
        Fault::new("303 to another port", |_, other| to(303, other)).redirect(303),
        Fault::new("307 with a form, same origin", |_, _| to(307, "/elsewhere")).redirect(307).with_form(),
        Fault::new("307 with a form, to another origin", |_, other| to(307, other)).redirect(307).with_form(),
        Fault::new("307 with a form, to //host", |_, other| to(307, authority(other)))
            .redirect(307)
            .with_form(),
        Fault::new("308 with a form, to another origin", |_, other| to(308, other)).redirect(308).with_form(),
        Fault::new("308 to another port", |_, other| to(308, other)).redirect(308),
        Fault::new("a loop of redirects", |received, _| Reply::redirect(302, received.target()))
            .redirect(302),
        Fault::new("302 without a Location", |_, _| hostile(302, "text/html", "")).redirect(302),
        Fault::new("302 to nowhere", |_, _| to(302, "http://[")).redirect(302),
        Fault::new("302 with an issue of credentials", |_, other| {
            Reply::status(302, FORM, issued()).header("Location", other)
        })
        .redirect(302),
        // No redirect that anybody follows, but no answer either.
        Fault::new("300", |_, other| to(300, other))
            .legs(ResponseError::UnexpectedRedirect { status: StatusCode::MULTIPLE_CHOICES })
            .call(300),
        Fault::new("304", |_, _| Reply::raw("HTTP/1.1 304 Not Modified\r\n\r\n"))
            .legs(ResponseError::UnexpectedRedirect { status: StatusCode::NOT_MODIFIED })
            .call(304),
        Fault::new("201 with a Location", |_, other| form("oauth_token=t").header("Location", other))
            .legs(ResponseError::Missing("oauth_token_secret"))
            .call(200),
        Fault::new("a Refresh to another port", |_, other| {
            hostile(200, "text/html", "<html>ECHO").header("Refresh", format!("0;url={other}"))
        })
        .legs(ResponseError::UnexpectedContentType)
        .call(200),
    ]
}

fn refusals() -> Vec<Fault> {
    vec![
        Fault::new("401 with a problem in the header", |_, _| {
            hostile(401, "text/plain", "")
                .header("WWW-Authenticate", "OAuth realm=\"r\", oauth_problem=\"signature_invalid\"")
        })
        .problem(401, "signature_invalid"),
        Fault::new("401 with a problem in the body", |_, _| {
            hostile(401, FORM, "oauth_problem=token_rejected&oauth_problem_advice=ECHO")
        })
        .problem(401, "token_rejected"),
        Fault::new("401 with a problem in header and body", |_, _| {
            hostile(401, FORM, "oauth_problem=nonce_used&oauth_problem_advice=ECHO")
                .header("WWW-Authenticate", "OAuth oauth_problem=nonce_used")
        })
        .problem(401, "nonce_used"),
        Fault::new("400 with a problem that is a secret", |_, _| {
            hostile(400, FORM, &format!("oauth_problem={}", once(ISSUED_SECRET)))
        })
        .problem(400, ISSUED_SECRET),
        Fault::new("200 with a problem", |_, _| form("oauth_problem=permission_denied"))
            .problem(200, "permission_denied"),
        Fault::new("401 without a word", |_, _| Reply::status(401, "", "")).status(401),
        Fault::new("401 with credentials", |_, _| Reply::status(401, FORM, issued())).status(401),
        Fault::new("a reason that is a secret", |_, _| {
            Reply::raw(format!("HTTP/1.1 403 {}\r\nContent-Length: 0\r\n\r\n", echo()))
        })
        .status(403),
        Fault::new("404", |_, _| hostile(404, "text/html", "<html>ECHO")).status(404),
        Fault::new("407", |_, _| hostile(407, "", "").header("Proxy-Authenticate", "Basic")).status(407),
        Fault::new("429", |_, _| hostile(429, "", "").header("Retry-After", 0)).status(429),
        Fault::new("500 with a page", |_, _| hostile(500, "text/html", "<html>ECHO</html>")).status(500),
        Fault::new("503", |_, _| hostile(503, "", "").header("Retry-After", 0)).status(503),
        Fault::new("599 that nobody knows", |_, _| hostile(599, "", "")).status(599),
        Fault::new("408 and closed", |_, _| hostile(408, "", "").header("Connection", "close")).status(408),
        Fault::new("101", |_, _| {
            Reply::raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")
        })
        .status(101),
        Fault::new("421", |_, _| hostile(421, "", "")).status(421),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn contents() -> Vec<Fault> {
    let missing = || ResponseError::Missing("oauth_token_secret");
    let foreign = || ResponseError::UnexpectedContentType;
    vec![
        Fault::new("a token that is cut off", |_, _| form("oauth_token=t&oauth_token_sec"))
            .legs(missing())
            .call(200),
        Fault::new("a secret that is cut off", |_, _| form("oauth_token=t&oauth_token_secret=ISSUED%2"))
            .legs(ResponseError::CallbackNotConfirmed)
            .token_issued()
            .call(200),
        Fault::new("a Content-Length that is too short", |_, _| {
            Reply::raw(format!("HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{}", issued()))
        })
        .legs(missing())
        .call(200),
        Fault::new("a page, 200", |_, _| hostile(200, "text/html", "<html><p>oauth_token=t ECHO</html>"))
            .legs(foreign())
            .call(200),
        Fault::new("a page that says it is a form", |_, _| hostile(200, FORM, "<html>oauth_token=t ECHO"))
            .legs(foreign())
            .call(200),
        Fault::new("plain words that say they are a page", |_, _| hostile(200, "text/html", "welcome"))
            .legs(foreign())
            .call(200),
        Fault::new("JSON", |_, _| {
            hostile(200, "application/json", r#"{"oauth_token":"t","oauth_token_secret":"ECHO"}"#)
        })
        .legs(foreign())
        .call(200),
        Fault::new("latin-1", |_, _| {
            let body =
                [&b"oauth_token=caf\xE9&oauth_token_secret="[..], once(ISSUED_SECRET).as_bytes()].concat();
            Reply::ok_form([&body[..], b"&oauth_callback_confirmed=true"].concat())
        })
        .legs(ResponseError::NonUtf8("oauth_token"))
        .call(200),
        Fault::new("latin-1, escaped, in the secret", |_, _| {
            form("oauth_token=t&oauth_token_secret=ISSUED%E9&oauth_callback_confirmed=true")
        })
        .legs(ResponseError::NonUtf8("oauth_token_secret"))
        .call(200),
        Fault::new("utf-16 with its mark", |_, _| {
            let text: Vec<u8> =
                format!("\u{FEFF}{}", issued()).encode_utf16().flat_map(u16::to_le_bytes).collect();
            Reply::ok_form(text)
        })
        .legs(ResponseError::UnsupportedCharset)
        .call(200),
        Fault::new("utf-16 declared", |_, _| {
            let text: Vec<u8> = issued().encode_utf16().flat_map(u16::to_be_bytes).collect();
            Reply::status(200, "application/x-www-form-urlencoded; charset=\"UTF-16BE\"", text)
        })
        .legs(ResponseError::UnsupportedCharset)
        .call(200),
        Fault::new("utf-16 without a word", |_, _| {
            Reply::ok_form(issued().encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>())
        })
        .legs(foreign())
        .call(200),
        Fault::new("no oauth_callback_confirmed", |_, _| form("oauth_token=t&oauth_token_secret=ISSUED"))
            .legs(ResponseError::CallbackNotConfirmed)
            .token_issued()
            .call(200),
        Fault::new("oauth_callback_confirmed=false", |_, _| {
            form("oauth_token=t&oauth_token_secret=ISSUED&oauth_callback_confirmed=false")
        })
        .legs(ResponseError::CallbackNotConfirmed)
        .token_issued()
        .call(200),
        Fault::new("gzip that is declared", |_, _| {
            Reply::ok_form(b"\x1F\x8B\x08\0\0\0\0\0").header("Content-Encoding", "gzip")
        })
        .legs(ResponseError::UnexpectedEncoding)
        .call(200),
        Fault::new("gzip that is not declared", |_, _| Reply::ok_form(b"\x1F\x8B\x08\0\0\0\0\0"))
            .legs(ResponseError::UnexpectedEncoding)
            .call(200),
        Fault::new("another coding", |_, _| form("oauth_token=t").header("Content-Encoding", echo()))
            .legs(ResponseError::UnexpectedEncoding)
            .call(200),
        Fault::new("a coding of the transfer that nobody knows", |_, _| {
            let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n";
            Reply::raw(format!("{head}8\r\n\x1F\u{8}\u{8}\0\0\0\0\0\r\n0\r\n\r\n"))
        })
        .legs(foreign())
        .call(200),
        Fault::new("nothing", |_, _| Reply::ok_form("")).legs(ResponseError::Empty).call(200),
        Fault::new("204", |_, _| Reply::raw("HTTP/1.1 204 No Content\r\n\r\n"))
            .legs(ResponseError::Empty)
            .call(204),
        Fault::new("a token twice", |_, _| form("oauth_token=t&oauth_token=u&oauth_token_secret=ISSUED"))
            .legs(ResponseError::Duplicate("oauth_token"))
            .call(200),
        Fault::new("an empty token", |_, _| form("oauth_token=&oauth_token_secret=ISSUED"))
            .legs(ResponseError::EmptyField("oauth_token"))
            .call(200),
        Fault::new("a body in chunks of one byte", |_, _| {
            Reply::chunked(200, FORM, issued().as_bytes().chunks(1))
        })
        .issued(),
        Fault::new("64 KiB and one byte in chunks", |_, _| {
            let padding = "a".repeat(64 * 1024 - issued().len());
            Reply::chunked(200, FORM, [issued(), "&".to_owned(), padding])
        })
        .legs(ResponseError::TooLarge)
        .call(200),
        Fault::new("64 KiB", |_, _| {
            let padding = "a".repeat(64 * 1024 - issued().len() - 1);
            Reply::ok_form(format!("{}&{padding}", issued()))
        })
        .issued(),
        Fault::new("HTTP/1.0 until the end", |_, _| {
            Reply::raw(format!("HTTP/1.0 200 OK\r\n\r\n{}", issued()))
        })
        .issued(),
    ]
}

fn faults() -> Vec<Fault> {
    [transport(), redirects(), refusals(), contents()].into_iter().flatten().collect()
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Temporary,
    Token,
    Call,
}

/// Runs one cell of the table.
fn cell(fault: &Fault, kind: Kind, step: Step) -> Result<(), String> {
    let other = Server::with(|_| Reply::ok_form(issued()));
    let (answer, elsewhere) = (fault.answer, other.origin());
    let server = Server::with(move |received| answer(received, &elsewhere));
    let client = Client::new(kind, fault.patience);

    let started = Instant::now();
    let shown_of = |issued: &dyn std::fmt::Debug| vec![format!("{issued:?}"), format!("{issued:#?}")];
    let result = match step {
        Step::Temporary if fault.has_form => {
            client.request_credentials(&password_leg(&server)).map(|issued| (200, shown_of(&issued)))
        }
        Step::Temporary => {
            client.request_credentials(&temporary_leg(&server)).map(|issued| (200, shown_of(&issued)))
        }
        Step::Token => client.request_credentials(&token_leg(&server)).map(|issued| (200, shown_of(&issued))),
        Step::Call => {
            let request = if fault.has_form { post_form(&server) } else { get(&server) };
            client.call(&user(), request).map(|answer| (answer.status, Vec::new()))
        }
    };
    let took = started.elapsed();

    let (outcome, shown) = match result {
        Ok((status, shown)) => (Outcome::Answer(status), shown),
        Err(failure) => (Outcome::Failure(failure.shape.clone()), failure.shown()),
    };
    let expected = match step {
        Step::Temporary => &fault.temporary,
        Step::Token => &fault.token,
        Step::Call => &fault.call,
    };
    let expected = match expected {
        Outcome::Redirect(status) if matches!(kind, Kind::Reqwest | Kind::Blocking) => {
            Outcome::Failure(Shape::Redirect(*status, RedirectError::NotFollowed))
        }
        Outcome::Redirect(status) => Outcome::Answer(*status),
        expected => expected.clone(),
    };
    if outcome != expected {
        return Err(format!("{outcome:?} instead of {expected:?}\n{}", shown.join("\n")));
    }
    let received = server.received();
    if received.len() != 1 {
        return Err(format!("{} requests instead of one: {received:?}", received.len()));
    }
    if other.connections() > 0 || !other.received().is_empty() {
        return Err(format!("the other server saw {:?}", other.received()));
    }
    if let Some(leak) = leaked(&shown, &hidden(&received)) {
        return Err(format!("shown: {leak}"));
    }
    let limit = if fault.patience == PATIENCE { Duration::from_secs(5) } else { 2 * fault.patience + SLACK };
    if took > limit {
        return Err(format!("it took {took:?}"));
    }
    Ok(())
}

/// For a machine that has other things to do.
const SLACK: Duration = Duration::from_secs(2);

fn run(kind: Kind) {
    let (mut cells, mut failed) = (0, String::new());
    let started = Instant::now();
    for fault in faults() {
        for step in [Step::Temporary, Step::Token, Step::Call] {
            cells += 1;
            let result = catch_unwind(AssertUnwindSafe(|| cell(&fault, kind, step)));
            let reason = match result {
                Ok(Ok(())) => continue,
                Ok(Err(reason)) => reason,
                Err(_) => "a panic, above".to_owned(),
            };
            writeln!(failed, "\n{} / {kind:?} / {step:?}: {reason}", fault.name).unwrap();
        }
    }
    println!("{kind:?}: {} faults, {cells} cells, {:?}", faults().len(), started.elapsed());
    assert!(failed.is_empty(), "{failed}");
}

#[test]
fn each_fault_in_reqwest() {
    run(Kind::Reqwest);
}

#[test]
fn each_fault_in_reqwest_blocking() {
    run(Kind::Blocking);
}

#[test]
fn each_fault_in_hyper() {
    run(Kind::Hyper);
}

#[test]
fn each_fault_in_tower() {
    run(Kind::Tower);
}
