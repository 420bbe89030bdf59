//! A client as a process of its own, which is killed if it takes too long.

use std::env;
use std::ffi::OsString;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::tls::Certificates;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    Tweepy,
    PythonTwitterV2,
    Twython,
    Flickrapi,
    TwitterApiV2,
}

/// The end of a run.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) is_success: bool,
    /// One line for each call to the API.
    pub(crate) calls: Vec<String>,
    #[expect(dead_code, reason = "it is printed")]
    pub(crate) errors: String,
}

impl Client {
    fn command(self) -> Command {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logins");
        let interpreter =
            |name: &str, usual: &str| env::var_os(name).unwrap_or_else(|| OsString::from(usual));
        let name = match self {
            Self::Tweepy => "tweepy",
            Self::PythonTwitterV2 => "python-twitter-v2",
            Self::Twython => "twython",
            Self::Flickrapi => "flickrapi",
            Self::TwitterApiV2 => {
                let mut command = Command::new(interpreter("LOGINS_NODE", "node"));
                command.arg(directory.join("twitter_api_v2.mjs"));
                return command;
            }
        };
        let mut command = Command::new(interpreter("LOGINS_PYTHON", "python3"));
        command.arg(directory.join("clients.py")).arg(name);
        command
    }

    pub(crate) fn run(self, callback: &str, certificates: &Certificates, limit: Duration) -> Finished {
        let authority = certificates.authority();
        let mut process = self
            .command()
            .arg(callback)
            .env("REQUESTS_CA_BUNDLE", authority)
            .env("SSL_CERT_FILE", authority)
            .env("NODE_EXTRA_CA_CERTS", authority)
            .env("HOME", certificates.directory())
            .env_remove("HTTPS_PROXY")
            .env_remove("https_proxy")
            .env_remove("ALL_PROXY")
            .env_remove("all_proxy")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (mut stdout, mut stderr) = (process.stdout.take().unwrap(), process.stderr.take().unwrap());
        let errors = thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).map(|_| text).unwrap_or_default()
        });
        let lines = thread::spawn(move || {
            let mut text = String::new();
            stdout.read_to_string(&mut text).map(|_| text).unwrap_or_default()
        });
        let started = Instant::now();
        let status = loop {
            match process.try_wait().unwrap() {
                Some(status) => break Some(status),
                None if started.elapsed() > limit => {
                    process.kill().unwrap();
                    process.wait().unwrap();
                    break None;
                }
                None => thread::sleep(Duration::from_millis(20)),
            }
        };
        Finished {
            is_success: status.is_some_and(|status| status.success()),
            calls: lines.join().unwrap().lines().map(str::to_owned).collect(),
            errors: errors.join().unwrap(),
        }
    }
}
