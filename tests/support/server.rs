//! A scripted HTTP/1.1 server for tests of clients. It sends given bytes, faults included, and stores the
//! bytes that it receives.
//!
//! It listens on its own port at 127.0.0.1, and stops when it is dropped. It makes no test hang: after
//! `TIME_LIMIT` it closes its connections and accepts no more.
#![allow(dead_code, reason = "each test binary uses its own part of it")]

mod message;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::resume_unwind;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use message::{Parts, header_values, is_last, percent_decode, split_request};

const TIME_LIMIT: Duration = Duration::from_secs(30);
const MOST_CONNECTIONS: usize = 10_000;
const MOST_REQUESTS: usize = 10_000;

/// A running server. If a request has no clear end, the test fails when the server is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server that sends the replies in this order, on whichever connections the requests come.
    ///
    /// When there is none left, it sends status 500.
    pub(crate) fn start(script: impl IntoIterator<Item = Reply>) -> Self {
        let mut script: VecDeque<Reply> = script.into_iter().collect();
        Self::with(move |_| {
            script
                .pop_front()
                .unwrap_or_else(|| Reply::status(500, "text/plain", "no reply left in the script"))
        })
    }

    /// Starts a server that makes a reply for each request, one request at a time.
    ///
    /// A panic of `answer` closes the connection, and fails the test when the server is dropped. It must not
    /// wait for the test, because the drop waits for it.
    pub(crate) fn with(answer: impl FnMut(&IncomingRequest) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("the address just bound");
        let shared = Arc::new(Shared {
            deadline: Instant::now() + TIME_LIMIT,
            answer: Mutex::new(Box::new(answer)),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        // A thread that waits in `accept` could not be stopped.
        listener.set_nonblocking(true).expect("a listener that does not block");
        let listening = {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.listen(listener))
        };
        Self { address, shared, listening: Some(listening) }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns `http://127.0.0.1:PORT`.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns `http://127.0.0.1:PORT/path?query` for `/path?query`.
    pub(crate) fn url(&self, target: &str) -> String {
        self.origin() + target
    }

    /// Returns the requests so far, in the order of their replies.
    ///
    /// A client that has received any byte of a reply finds its request here.
    pub(crate) fn received(&self) -> Vec<IncomingRequest> {
        self.shared.state().exchanges.iter().map(|exchange| exchange.received.clone()).collect()
    }

    /// Returns the bytes of connections that ended in the middle of a request.
    pub(crate) fn fragments(&self) -> Vec<Vec<u8>> {
        self.shared.state().fragments.clone()
    }

    /// Returns the number of connections so far.
    pub(crate) fn connections(&self) -> usize {
        self.shared.state().connections.len()
    }

    /// Returns the number of bytes that were sent in reply to a request (0 is the first), with the head.
    ///
    /// The kernel accepts a few MiB that the client may not have read. This waits until the reply is sent,
    /// and until the connection is closed if the reply closes it.
    pub(crate) fn sent(&self, request: usize) -> u64 {
        let running = |state: &mut State| state.exchanges.get(request).is_none_or(|exchange| !exchange.over);
        let state = self.shared.wait_while(TIME_LIMIT, running);
        let exchange = state.exchanges.get(request).filter(|exchange| exchange.over);
        exchange.unwrap_or_else(|| panic!("no reply to request {request} came to its end")).sent
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.stopping = true;
        for connection in state.connections.iter().filter_map(Weak::upgrade) {
            // An error means that it is closed already.
            let _ = connection.shutdown(Shutdown::Both);
        }
        drop(state);
        self.shared.changed.notify_all();
        let ended = self.listening.take().map_or(Ok(()), JoinHandle::join);
        if let Err(panic) = ended
            && !thread::panicking()
        {
            resume_unwind(panic);
        }
    }
}

/// A request as it was received.
#[derive(Clone)]
pub(crate) struct IncomingRequest {
    /// The number of its connection; 0 is the first.
    pub(crate) connection: usize,
    /// Request line and header fields, with the empty line at the end.
    pub(crate) head: Vec<u8>,
    /// The body as it was sent.
    pub(crate) raw_body: Vec<u8>,
    /// The body, with its chunks joined.
    pub(crate) body: Vec<u8>,
}

impl IncomingRequest {
    pub(crate) fn method(&self) -> String {
        self.request_line(0)
    }

    /// Returns the request target, unchanged.
    pub(crate) fn target(&self) -> String {
        self.request_line(1)
    }

    fn request_line(&self, word: usize) -> String {
        let head = String::from_utf8_lossy(&self.head);
        let line = head.split("\r\n").next().unwrap_or_default();
        line.split(' ').nth(word).unwrap_or_else(|| panic!("no request line: {line:?}")).to_owned()
    }

    /// Returns the first header field of this name, in any case.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers(name).into_iter().next()
    }

    /// Returns all header fields of this name, in any case.
    pub(crate) fn headers(&self, name: &str) -> Vec<String> {
        header_values(&self.head, name)
    }

    /// Returns the parameters of the Authorization header, decoded, without the realm.
    ///
    /// The map is empty if there is no header of the OAuth scheme.
    pub(crate) fn oauth(&self) -> BTreeMap<String, String> {
        let headers = self.headers("Authorization");
        assert!(headers.len() <= 1, "more than one Authorization header: {headers:?}");
        let mut rest = headers.first().and_then(|header| header.strip_prefix("OAuth ")).unwrap_or_default();
        let mut parameters = BTreeMap::new();
        while !rest.is_empty() {
            let (name, after) = rest.split_once("=\"").unwrap_or_else(|| panic!("no quoted value: {rest:?}"));
            let mut escaped = false;
            let closing = after.find(|character| {
                let closes = character == '"' && !escaped;
                escaped = character == '\\' && !escaped;
                closes
            });
            let (value, after) =
                after.split_at(closing.unwrap_or_else(|| panic!("no closing quote: {rest:?}")));
            if name != "realm" {
                let twice = parameters.insert(percent_decode(name), percent_decode(value)).is_some();
                assert!(!twice, "{name} twice: {headers:?}");
            }
            rest = after[1..].trim_start_matches([',', ' ']);
        }
        parameters
    }
}

impl fmt::Debug for IncomingRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (head, body) = (self.head.escape_ascii(), self.raw_body.escape_ascii());
        write!(formatter, "IncomingRequest(connection {}: \"{head}{body}\")", self.connection)
    }
}

/// A reply to a request.
///
/// By default, the connection stays open for the next request. It is closed if the request or the reply has
/// `Connection: close`.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    /// Status line and header fields, without the empty line. A raw reply has none.
    head: Vec<u8>,
    body: Vec<u8>,
    /// The number of bytes after the body.
    filling: u64,
    delay: Duration,
    pace: Option<Duration>,
    then: Then,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    KeepAlive,
    Close,
    Reset,
    Stall,
}

const FORM: &str = "application/x-www-form-urlencoded";

impl Reply {
    pub(crate) fn ok_form(body: impl AsRef<[u8]>) -> Self {
        Self::status(200, FORM, body)
    }

    /// Creates a reply with its Content-Length. An empty `content_type` is left out.
    pub(crate) fn status(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        Self::of_type(status, content_type).header("Content-Length", body.len()).body(body)
    }

    /// Creates a reply with a body in these chunks.
    pub(crate) fn chunked<C: AsRef<[u8]>>(
        status: u16,
        content_type: &str,
        chunks: impl IntoIterator<Item = C>,
    ) -> Self {
        let mut body = Vec::new();
        for chunk in chunks {
            let chunk = chunk.as_ref();
            body.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            body.extend_from_slice(chunk);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"0\r\n\r\n");
        Self::of_type(status, content_type).header("Transfer-Encoding", "chunked").body(&body)
    }

    pub(crate) fn redirect(status: u16, location: impl fmt::Display) -> Self {
        Self::status(status, "", "").header("Location", location)
    }

    /// Creates a reply of these bytes only, after which the connection is closed.
    ///
    /// Without bytes, the connection is closed without a response.
    pub(crate) fn raw(bytes: impl AsRef<[u8]>) -> Self {
        let head = Vec::new();
        let delay = Duration::ZERO;
        Self { head, body: Vec::new(), filling: 0, delay, pace: None, then: Then::Close }.body(bytes.as_ref())
    }

    /// Creates a reply that resets the connection without a response.
    pub(crate) fn reset() -> Self {
        Self::raw_then_reset("")
    }

    /// Creates a reply of these bytes, after which the connection is reset.
    pub(crate) fn raw_then_reset(bytes: impl AsRef<[u8]>) -> Self {
        Self::raw(bytes).then_reset()
    }

    /// Creates a form that is shorter than its declared length, after which the connection is closed.
    pub(crate) fn short_of_content_length(declared: u64, body: impl AsRef<[u8]>) -> Self {
        Self::of_type(200, FORM).header("Content-Length", declared).body(body.as_ref()).then_close()
    }

    /// Creates a form in one chunk of which half is sent: all of `body`. Then the connection is closed.
    pub(crate) fn cut_chunk(body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut half = format!("{:x}\r\n", 2 * body.len().max(1)).into_bytes();
        half.extend_from_slice(body);
        Self::of_type(200, FORM).header("Transfer-Encoding", "chunked").body(&half).then_close()
    }

    /// Creates a form of `length` letters `a`, sent until the client stops reading. See [`Server::sent`].
    pub(crate) fn endless(length: u64) -> Self {
        let mut reply = Self::of_type(200, FORM).header("Content-Length", length);
        reply.filling = length;
        reply
    }

    fn of_type(status: u16, content_type: &str) -> Self {
        let mut reply = Self::raw("");
        reply.head = format!("HTTP/1.1 {status} Scripted\r\n").into_bytes();
        reply.then = Then::KeepAlive;
        if content_type.is_empty() { reply } else { reply.header("Content-Type", content_type) }
    }

    fn body(mut self, bytes: &[u8]) -> Self {
        self.body = bytes.to_vec();
        self
    }

    /// Adds a header field, and replaces none. A raw reply has no header fields.
    pub(crate) fn header(mut self, name: &str, value: impl fmt::Display) -> Self {
        assert!(!self.head.is_empty(), "a raw reply has no head to add {name} to");
        self.head.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        self
    }

    /// Sets the delay before the first byte.
    pub(crate) fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sends byte by byte, with this delay after each byte.
    pub(crate) fn trickle(mut self, every: Duration) -> Self {
        self.pace = Some(every);
        self
    }

    /// Keeps the connection open after a raw reply.
    pub(crate) fn then_keep_alive(self) -> Self {
        self.then(Then::KeepAlive)
    }

    /// Closes the connection after the reply, without announcing it.
    ///
    /// To close a connection only when the next request comes on it, use `Reply::raw("")` or `Reply::reset()`
    /// as the reply to that request.
    pub(crate) fn then_close(self) -> Self {
        self.then(Then::Close)
    }

    /// Resets the connection after the reply.
    ///
    /// Bytes that the client's kernel has not accepted by then are lost, so this is for short replies.
    pub(crate) fn then_reset(self) -> Self {
        self.then(Then::Reset)
    }

    /// Sends nothing after the reply, and waits for the client to close the connection.
    pub(crate) fn then_stall(self) -> Self {
        self.then(Then::Stall)
    }

    fn then(mut self, then: Then) -> Self {
        self.then = then;
        self
    }

    /// Returns the bytes before the filling. A reply to a HEAD request has no body.
    fn bytes(&self, to_head: bool) -> Vec<u8> {
        let body = if to_head { &[] } else { &self.body[..] };
        if self.head.is_empty() { self.body.clone() } else { [&self.head, &b"\r\n"[..], body].concat() }
    }
}

type Answer = dyn FnMut(&IncomingRequest) -> Reply + Send;

/// The state that the test shares with the server's threads.
struct Shared {
    deadline: Instant,
    /// This lock is taken before `state`, so that requests are stored in the order of their replies.
    answer: Mutex<Box<Answer>>,
    state: Mutex<State>,
    /// Signals that an exchange is over, or that the server stops.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    stopping: bool,
    /// The connections. They are weak, because a connection closes when its own thread drops it.
    connections: Vec<Weak<TcpStream>>,
    exchanges: Vec<Exchange>,
    fragments: Vec<Vec<u8>>,
}

struct Exchange {
    received: IncomingRequest,
    sent: u64,
    over: bool,
}

impl Shared {
    /// Takes the lock. A panic elsewhere is reported by its own thread.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits, but no longer than the server runs.
    fn wait_while(
        &self,
        at_most: Duration,
        mut condition: impl FnMut(&mut State) -> bool,
    ) -> MutexGuard<'_, State> {
        let at_most = at_most.min(self.time_left());
        let waiting = |state: &mut State| !state.stopping && condition(state);
        self.changed
            .wait_timeout_while(self.state(), at_most, waiting)
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    /// Returns the time left. A socket rejects a timeout of zero, so reads and writes then fail as well.
    fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    fn listen(&self, listener: TcpListener) {
        thread::scope(move |scope| {
            while !self.time_left().is_zero() && !self.state().stopping {
                // The usual error is that there is no connection yet. Waiting may also help with other
                // errors.
                let Ok((stream, _)) = listener.accept() else {
                    self.pause(Duration::from_millis(1));
                    continue;
                };
                let stream = Arc::new(stream);
                let mut state = self.state();
                let number = state.connections.len();
                if state.stopping || number == MOST_CONNECTIONS {
                    break;
                }
                state.connections.push(Arc::downgrade(&stream));
                drop(state);
                scope.spawn(move || self.serve(number, stream));
            }
            // Rejects further connections at once. The scope waits for the existing ones.
            drop(listener);
        });
    }

    fn serve(&self, connection: usize, stream: Arc<TcpStream>) {
        // On some systems the connection inherits the listener's mode. Bytes that are sent one by one must
        // also travel one by one. An error shows in later calls.
        let _ = stream.set_nonblocking(false).and_then(|()| stream.set_nodelay(true));
        while let Some(received) = self.receive(connection, &stream) {
            let mut answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
            let mut reply = answer(&received);
            let mut state = self.state();
            let number = state.exchanges.len();
            if number == MOST_REQUESTS {
                return;
            }
            let to_head = received.method() == "HEAD";
            if reply.then == Then::KeepAlive && (is_last(&received.head) || is_last(&reply.head)) {
                reply.then = Then::Close;
            }
            state.exchanges.push(Exchange { received, sent: 0, over: false });
            drop(state);
            drop(answer);

            let keep = self.reply(number, &stream, &reply, to_head).is_ok() && reply.then == Then::KeepAlive;
            if keep {
                self.end(number);
            } else {
                drop(stream);
                self.end(number);
                return;
            }
        }
    }

    /// Reads a request without its last byte, or returns `None` if the client sends no more.
    ///
    /// Linux resets a connection that is closed while received bytes are unread, and std has no other way to
    /// reset one.
    fn receive(&self, connection: usize, mut stream: &TcpStream) -> Option<IncomingRequest> {
        let mut seen = Vec::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let peeked = stream
                .set_read_timeout(Some(self.time_left()))
                .and_then(|()| stream.peek(&mut buffer))
                .unwrap_or_default();
            if peeked == 0 {
                break;
            }
            let before = seen.len();
            seen.extend_from_slice(&buffer[..peeked]);
            let parts = split_request(&seen);
            let taken = parts.as_ref().map_or(peeked, |parts| parts.end - 1 - before);
            if stream.read_exact(&mut buffer[..taken]).is_err() {
                break;
            }
            if let Some(Parts { head, end, body }) = parts {
                let raw_body = seen[head..end].to_vec();
                return Some(IncomingRequest { connection, head: seen[..head].to_vec(), raw_body, body });
            }
        }
        if !seen.is_empty() {
            self.state().fragments.push(seen);
        }
        None
    }

    fn reply(&self, number: usize, mut stream: &TcpStream, reply: &Reply, to_head: bool) -> io::Result<()> {
        if reply.then != Then::Reset {
            stream.read_exact(&mut [0])?;
        }
        self.pause(reply.delay);
        let bytes = reply.bytes(to_head);
        match reply.pace {
            None => self.write(number, stream, &bytes)?,
            Some(every) => {
                for byte in bytes.chunks(1) {
                    self.write(number, stream, byte)?;
                    self.pause(every);
                }
            }
        }
        let filling = [b'a'; 8 * 1024];
        let mut left = if to_head { 0 } else { reply.filling };
        while left > 0 {
            let piece = usize::try_from(left).map_or(filling.len(), |left| left.min(filling.len()));
            self.write(number, stream, &filling[..piece])?;
            left -= piece as u64;
        }
        if reply.then == Then::Stall {
            stream.set_read_timeout(Some(self.time_left()))?;
            io::copy(&mut stream, &mut io::sink())?;
        }
        Ok(())
    }

    fn write(&self, number: usize, mut stream: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            stream.set_write_timeout(Some(self.time_left()))?;
            let written = stream.write(bytes)?;
            self.state().exchanges[number].sent += written as u64;
            bytes = &bytes[written..];
        }
        Ok(())
    }

    fn pause(&self, time: Duration) {
        if !time.is_zero() {
            drop(self.wait_while(time, |_| true));
        }
    }

    fn end(&self, number: usize) {
        self.state().exchanges[number].over = true;
        self.changed.notify_all();
    }
}
