//! A `redis-server` of a test's own.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// It ends with the value, and leaves nothing behind.
pub(crate) struct Redis {
    process: Child,
    port: u16,
    tls_port: Option<u16>,
    directory: PathBuf,
    arguments: Vec<String>,
}

impl Redis {
    /// On a free port of this machine. It keeps nothing on disk, but for what the arguments say.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let directory = new_directory();
        Self::start_in(&directory, free_port, arguments)
    }

    /// A node of a cluster, whose second port is its own plus 10,000.
    pub(crate) fn start_node(arguments: &[&str]) -> Self {
        let low = || {
            let port = free_port();
            if port < 50_000 { port } else { port - 20_000 }
        };
        Self::start_in(&new_directory(), low, arguments)
    }

    /// With a certificate and its key, on a second port.
    pub(crate) fn start_tls(certificate: &str, key: &str) -> Self {
        let directory = new_directory();
        fs::write(directory.join("certificate.pem"), certificate).unwrap();
        fs::write(directory.join("key.pem"), key).unwrap();
        let port = free_port();
        let mut redis = Self::start_in(
            &directory,
            free_port,
            &[
                "--tls-port",
                &port.to_string(),
                "--tls-cert-file",
                "certificate.pem",
                "--tls-key-file",
                "key.pem",
                "--tls-auth-clients",
                "no",
            ],
        );
        redis.tls_port = Some(port);
        redis
    }

    pub(crate) fn tls_url(&self) -> String {
        format!("rediss://localhost:{}/", self.tls_port.unwrap())
    }

    fn start_in(directory: &PathBuf, port: impl Fn() -> u16, arguments: &[&str]) -> Self {
        let arguments: Vec<_> = arguments.iter().map(ToString::to_string).collect();
        // Somebody else may have taken the port meanwhile.
        for _ in 0..5 {
            let port = port();
            let process = run(port, directory, &arguments);
            let mut redis = Self {
                process,
                port,
                tls_port: None,
                directory: directory.clone(),
                arguments: arguments.clone(),
            };
            if redis.is_ready() {
                return redis;
            }
        }
        panic!("redis-server does not start");
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// At once, without a chance to save anything.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// On the same port, after it was killed.
    pub(crate) fn restart(&mut self) {
        self.process = run(self.port, &self.directory, &self.arguments);
        assert!(self.is_ready(), "redis-server does not start again");
    }

    /// It hangs: its connections stay, and it says nothing.
    pub(crate) fn stop(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.process.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    fn is_ready(&mut self) -> bool {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(20) {
            if self.process.try_wait().unwrap().is_some() {
                return false;
            }
            if ping(self.port).is_some() {
                return true;
            }
            thread::sleep(Duration::from_millis(10));
        }
        false
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // Killing works on one that hangs too.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn new_directory() -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let directory = std::env::temp_dir().join(format!("oauth1-signer-redis-{}-{number}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    directory
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

fn run(port: u16, directory: &PathBuf, arguments: &[String]) -> Child {
    let program = std::env::var_os("REDIS_SERVER").unwrap_or_else(|| "redis-server".into());
    let mut command = Command::new(&program);
    command.args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--dir"]).arg(directory);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap_or_else(|error| panic!("{}: {error}", program.display()))
}

/// Whether it has read what it has on disk, and serves.
fn ping(port: u16) -> Option<()> {
    let limit = Duration::from_millis(500);
    let mut stream =
        TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), limit).ok()?;
    stream.set_read_timeout(Some(limit)).ok()?;
    stream.write_all(b"PING\r\n").ok()?;
    let mut answer = [0; 7];
    stream.read_exact(&mut answer).ok()?;
    (&answer == b"+PONG\r\n").then_some(())
}
