//! `provider.py` or `authlib_provider.py`, as a process of its own that ends with its test.

use std::env;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use oauth1_signer::flow;

/// It starts in less than a second where nothing else is going on.
const START_LIMIT: Duration = Duration::from_secs(30);

const UNSET: &str = "INTEROP_PYTHON is not set: it is the Python of a virtual environment with \
                     tests/interop/requirements.txt, which `.ci/run interop` makes";

/// A provider on a port of its own. It serves until it is dropped or, if that does not come about, for as
/// long as its docstring says.
pub(crate) struct Endpoints {
    process: Child,
    stdin: Option<ChildStdin>,
    origin: String,
}

impl Endpoints {
    /// Starts `provider.py`, on oauthlib.
    pub(crate) fn start() -> Self {
        Self::start_script("provider.py")
    }

    /// Starts `authlib_provider.py`.
    pub(crate) fn start_authlib() -> Self {
        Self::start_script("authlib_provider.py")
    }

    fn start_script(script: &str) -> Self {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let python = env::var_os("INTEROP_PYTHON").unwrap_or_else(|| panic!("{UNSET}"));
        let mut process = Command::new(&python)
            .arg(tests.join("interop").join(script))
            .arg("--rsa-public-key")
            .arg(tests.join("vectors/keys/rsa-a.pub.pem"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("INTEROP_PYTHON, {}: {error}", python.display()));
        let stdin = process.stdin.take();
        let mut stdout = BufReader::new(process.stdout.take().expect("it is piped"));
        let stderr = process.stderr.take().expect("it is piped");
        let complaint = thread::spawn(move || read_all(stderr));
        let mut provider = Self { process, stdin, origin: String::new() };

        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            // No line is as good as none that says the port; and nobody listens any more where time is up.
            let _ = stdout.read_line(&mut line);
            let _ = sender.send(line);
        });
        let line = receiver.recv_timeout(START_LIMIT).unwrap_or_default();
        let Some(port) = line.trim_end().strip_prefix("listening on ") else {
            drop(provider);
            panic!("the provider did not start: {}", complaint.join().unwrap_or_default());
        };
        provider.origin = format!("http://127.0.0.1:{port}");
        provider
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// `http://127.0.0.1:PORT/path?query`, for `/path?query`.
    pub(crate) fn url(&self, target: &str) -> String {
        self.origin.clone() + target
    }

    /// Its three endpoints, as the library takes them.
    pub(crate) fn endpoints(&self) -> flow::Endpoints {
        flow::Endpoints::new(self.url("/initiate"), self.url("/authorize"), self.url("/token"))
    }
}

impl Drop for Endpoints {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // An error is that it has ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// To the end, so that who writes there never waits; what there is too much of is dropped.
fn read_all(mut stderr: ChildStderr) -> String {
    let mut bytes = Vec::new();
    let _ = (&mut stderr).take(64 * 1024).read_to_end(&mut bytes);
    let _ = io::copy(&mut stderr, &mut io::sink());
    String::from_utf8_lossy(&bytes).into_owned()
}
