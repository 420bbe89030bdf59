//! A listener on this machine, to which the user's browser comes back.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use crate::Failure;

/// The maximum length of a request line, in bytes.
const LONGEST_LINE: u64 = 16 * 1024;

pub(crate) struct CallbackListener(TcpListener);

/// A request of the browser that waits for a response.
pub(crate) struct Visit {
    stream: TcpStream,
    target: String,
}

impl CallbackListener {
    /// Listens on this port, or on any free port if it is 0. Some providers require a certain one.
    pub(crate) fn bind(port: u16) -> Result<Self, Failure> {
        Ok(Self(TcpListener::bind((Ipv4Addr::LOCALHOST, port))?))
    }

    pub(crate) fn url(&self) -> String {
        let port = self.0.local_addr().map_or(0, |address| address.port());
        format!("http://127.0.0.1:{port}/callback")
    }

    /// Waits for the next request for the callback's path.
    pub(crate) fn next(&self) -> Result<Visit, Failure> {
        loop {
            let (stream, _) = self.0.accept()?;
            // A connection that sends nothing must not keep the others waiting.
            stream.set_read_timeout(Some(Duration::from_secs(5)))?;
            match Visit::read(stream) {
                Ok(visit) if visit.target.starts_with("/callback?") => return Ok(visit),
                Ok(visit) => visit.respond("There is nothing here."),
                Err(_) => {}
            }
        }
    }
}

impl Visit {
    fn read(stream: TcpStream) -> std::io::Result<Self> {
        let mut reader = BufReader::new(stream.try_clone()?.take(LONGEST_LINE));
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
        // Read the rest of the head too: if bytes are left unread, closing resets the connection.
        let mut header = String::new();
        while reader.read_line(&mut header)? > 2 {
            header.clear();
        }
        Ok(Self { stream, target })
    }

    /// Returns path and query.
    pub(crate) fn target(&self) -> &str {
        &self.target
    }

    /// Tells the user the result. If that fails, it does no harm.
    pub(crate) fn respond(mut self, text: &str) {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close";
        let _ = write!(self.stream, "{head}\r\nContent-Length: {}\r\n\r\n{text}", text.len());
    }
}
