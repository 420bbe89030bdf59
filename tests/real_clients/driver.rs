//! A driver of `tests/clients`, as a process of its own that ends with its test.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cases::Case;
use crate::records::Party;

/// An interpreter starts in a second or two, where nothing else is going on.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// A library, and its HTTP client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Library {
    RequestsOauthlib,
    NodeOauth10a,
    NodeOauth,
    SimpleOauth,
    RubyOauth,
    NetOauth,
    WwwOauth,
}

impl Library {
    pub(crate) const ALL: [Self; 7] = [
        Self::RequestsOauthlib,
        Self::NodeOauth10a,
        Self::NodeOauth,
        Self::SimpleOauth,
        Self::RubyOauth,
        Self::NetOauth,
        Self::WwwOauth,
    ];

    /// The environment variable that may name the interpreter, and the one that is taken otherwise.
    fn interpreter(self) -> (&'static str, &'static str) {
        match self {
            Self::RequestsOauthlib => ("REAL_CLIENTS_PYTHON", "python3"),
            Self::NodeOauth10a | Self::NodeOauth => ("REAL_CLIENTS_NODE", "node"),
            Self::SimpleOauth | Self::RubyOauth => ("REAL_CLIENTS_RUBY", "ruby"),
            Self::NetOauth | Self::WwwOauth => ("REAL_CLIENTS_PERL", "perl"),
        }
    }

    fn script(self) -> &'static str {
        match self {
            Self::RequestsOauthlib => "requests_oauthlib_client.py",
            Self::NodeOauth10a => "node_oauth_1_0a.mjs",
            Self::NodeOauth => "node_oauth.mjs",
            Self::SimpleOauth => "simple_oauth.rb",
            Self::RubyOauth => "ruby_oauth.rb",
            Self::NetOauth => "net_oauth.pl",
            Self::WwwOauth => "www_oauth.pl",
        }
    }
}

impl fmt::Display for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::RequestsOauthlib => "requests-oauthlib",
            Self::NodeOauth10a => "oauth-1.0a (node)",
            Self::NodeOauth => "oauth (node)",
            Self::SimpleOauth => "simple_oauth (ruby)",
            Self::RubyOauth => "oauth (ruby)",
            Self::NetOauth => "Net::OAuth (perl)",
            Self::WwwOauth => "WWW::OAuth (perl)",
        })
    }
}

/// What became of a request.
#[derive(Debug)]
pub(crate) enum Reply {
    /// It was sent, and answered.
    Answered { status: u16, body: String },
    /// The library cannot do this.
    Unsupported,
}

pub(crate) struct Driver {
    process: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Driver {
    pub(crate) fn start(library: Library) -> Self {
        let (variable, usual) = library.interpreter();
        let interpreter = env::var_os(variable).unwrap_or_else(|| OsString::from(usual));
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(library.script());
        let mut process = Command::new(&interpreter)
            .arg(script)
            // No proxy is on the way to 127.0.0.1.
            .env("NO_PROXY", "127.0.0.1")
            .env("no_proxy", "127.0.0.1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What it complains of is to be seen.
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap_or_else(|error| panic!("{variable}, {}: {error}", interpreter.display()));
        let stdin = process.stdin.take();
        let stdout = BufReader::new(process.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { process, stdin, lines }
    }

    /// Has a request signed and sent. An error is what went wrong on the way.
    pub(crate) fn send(&mut self, origin: &str, case: &Case, party: &Party) -> Result<Reply, String> {
        let id = format!("{}, {}", party.algorithm, case.name);
        let wanted = json!({
            "id": id,
            "method": case.method,
            "url": format!("{origin}{}", case.target),
            "query": case.query,
            "form": case.form,
            "json": case.json,
            "signature_method": party.algorithm,
            "client_key": party.client_key,
            "client_secret": party.client_secret,
            "token": case.has_token.then_some(party.token),
            "token_secret": case.has_token.then_some(party.token_secret),
            "private_key": party.private_key,
            "body_hash": case.has_body_hash,
            "transport": case.transport,
            "send": true,
        });
        let stdin = self.stdin.as_mut().unwrap();
        writeln!(stdin, "{wanted}").map_err(|error| format!("the driver has ended: {error}"))?;
        let line = self.lines.recv_timeout(ANSWER_LIMIT).map_err(|error| format!("no answer: {error}"))?;
        let answer: Value = serde_json::from_str(&line).map_err(|error| format!("{error}: {line}"))?;
        if answer["id"] != id.as_str() {
            return Err(format!("another request's answer: {line}"));
        }
        match (answer["status"].as_u64(), answer["body"].as_str()) {
            (Some(status), Some(body)) => Ok(Reply::Answered {
                status: u16::try_from(status).map_err(|error| error.to_string())?,
                body: body.to_owned(),
            }),
            _ if answer["unsupported"].is_string() => Ok(Reply::Unsupported),
            _ => Err(line),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // An error is that it has ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
