"""An OAuth 1.0 provider to test signers against: oauthlib's server endpoints, the standard library's HTTP.

    pip install -r requirements.txt
    python provider.py --rsa-public-key ../vectors/keys/rsa-a.pub.pem

It binds a free port of 127.0.0.1, prints `listening on PORT`, and serves until its standard input ends, for
120 seconds, or for 5,000 requests, whichever comes first: a test that dies leaves no server behind. Refusals
go to standard error, without the secrets that were in them.

    GET, POST  /initiate          temporary credentials, for a callback URI or `oob`
    GET        /authorize         a user who says yes at once; with `decision=deny`, one who says no
    GET, POST  /token             token credentials
    any        /api/…             what the token gives access to
    any        /two-legged/…      the same without a token
    any        …/hashed…          under these two: what is no form must carry `oauth_body_hash`

There is one client for each signature method, `client-hmac-sha1` to `client-plaintext`, which may use no
other, and `client-hmac-sha1-b`, whose tokens are not for the first. Secrets are `secret of CLIENT & 100%`.

Whether a signature is right is for oauthlib alone to say: that is the point. Nothing here computes one. So a
request can be right by RFC 5849 and refused all the same, since oauthlib

  - wants a nonce of 20 to 30 letters and digits, and nonce and timestamp for PLAINTEXT too;
  - takes no `oauth_…` parameter beside those in the place of the signature, not even an unknown one;
  - decodes `oauth_…` parameters twice where they are in the query or the form, which spoils a value with an
    escape in it, such as the signature of PLAINTEXT; and other parameters of the header not at all;
  - refuses queries, and leaves forms unsigned, that have characters in them which should have been escaped;
  - reads octets that are not UTF-8 as U+FFFD, and knows a form by its media type in lower case only;
  - drops a parameter `realm` of query and form where the header has that word in it;
  - drops a `;` at the end of the path, and writes an IPv6 address its own way.
"""

import argparse
import base64
import hashlib
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate
from oauthlib import oauth1
from oauthlib.common import Request, add_params_to_uri, generate_token, safe_string_equals

SECONDS = 120
REQUESTS = 5_000

FORM = "application/x-www-form-urlencoded"
TEXT = "text/plain; charset=utf-8"

# The signature methods, and the hash of `oauth_body_hash` with each. The extension has none for PLAINTEXT.
METHODS = {
    oauth1.SIGNATURE_HMAC_SHA1: hashlib.sha1,
    oauth1.SIGNATURE_HMAC_SHA256: hashlib.sha256,
    oauth1.SIGNATURE_HMAC_SHA512: hashlib.sha512,
    oauth1.SIGNATURE_RSA_SHA1: hashlib.sha1,
    oauth1.SIGNATURE_RSA_SHA256: hashlib.sha256,
    oauth1.SIGNATURE_RSA_SHA512: hashlib.sha512,
    oauth1.SIGNATURE_PLAINTEXT: hashlib.sha1,
}

# What providers add to token credentials (RFC 5849 §2.3). oauthlib would write the spaces as `+`.
ABOUT_THE_USER = "user_id=7&screen_name=jane%20%26%20co"


@dataclass(frozen=True)
class Client:
    """Who may ask: the client credentials, and the one signature method that goes with them."""

    key: str
    method: str

    @property
    def secret(self) -> str:
        """With characters that must be encoded before it becomes part of a key (§3.4.2)."""
        return f"secret of {self.key} & 100%"


def all_clients() -> dict[str, Client]:
    clients = [Client(f"client-{method.lower()}", method) for method in METHODS]
    clients.append(Client("client-hmac-sha1-b", oauth1.SIGNATURE_HMAC_SHA1))
    return {client.key: client for client in clients}


def opaque() -> str:
    """A token, token secret or verifier. It ends in what has to be encoded to be sent or signed."""
    return generate_token() + "/+="


@dataclass
class TemporaryCredentials:
    """Between /initiate and /token (§2.1)."""

    client: str
    secret: str
    callback: str
    realms: list[str]
    verifier: str | None = None


@dataclass(frozen=True)
class TokenCredentials:
    """What a user granted a client (§2.3)."""

    client: str
    secret: str


class Validator(oauth1.RequestValidator):
    """What oauthlib asks of a provider: who its clients are, what it gave them, and what it has seen before.

    Nothing here is locked: `Provider` lets one request at a time in.
    """

    # oauthlib puts these in the place of what is unknown, so that a refusal takes as long as an answer.
    dummy_client = dummy_request_token = dummy_access_token = "nobody"

    allowed_signature_methods = tuple(METHODS)
    enforce_ssl = False

    def __init__(self, clients: Mapping[str, Client], rsa_public_key: str) -> None:
        super().__init__()
        self.clients = clients
        self.rsa_public_key = rsa_public_key
        self.temporary: dict[str, TemporaryCredentials] = {}
        self.tokens: dict[str, TokenCredentials] = {}
        self.spent: set[tuple[str, ...]] = set()

    # The form of things. oauthlib would have keys, tokens and verifiers be 20 to 30 letters and digits, which
    # ours are not; they are looked up anyway. Its check of nonces is left on.

    def check_client_key(self, client_key):
        return True

    check_request_token = check_access_token = check_verifier = check_realms = check_client_key

    # Timestamp and nonce (§3.3).

    def validate_timestamp_and_nonce(
        self, client_key, timestamp, nonce, request, request_token=None, access_token=None
    ):
        """oauthlib asks before it looks at the signature, so nothing is remembered yet: else a forged request
        would have the real one refused."""
        request.validator_log["nonce"] = self._use_of(request) not in self.spent
        return request.validator_log["nonce"]

    def spend(self, request: Request) -> None:
        """Remembers a request that turned out to be right: it is not accepted again."""
        self.spent.add(self._use_of(request))

    @staticmethod
    def _use_of(request: Request) -> tuple[str, ...]:
        return (request.client_key, request.resource_owner_key or "", request.timestamp, request.nonce)

    # Clients.

    def validate_client_key(self, client_key, request):
        client = self.clients.get(client_key)
        return client is not None and client.method == request.signature_method

    def get_client_secret(self, client_key, request):
        client = self.clients.get(client_key)
        return client.secret if client else self.dummy_client

    def get_rsa_key(self, client_key, request):
        return self.rsa_public_key

    # Temporary credentials (§2.1).

    def validate_redirect_uri(self, client_key, redirect_uri, request):
        """`oob`, or an absolute URI; what is not printable ASCII is no URI, nor can it be in a `Location`."""
        if redirect_uri == "oob":
            return True
        return redirect_uri.isascii() and redirect_uri.isprintable() and bool(urlsplit(redirect_uri).scheme)

    def save_request_token(self, token, request):
        self.temporary[token["oauth_token"]] = TemporaryCredentials(
            client=request.client_key,
            secret=token["oauth_token_secret"],
            callback=request.redirect_uri,
            realms=request.realms,
        )
        self.spend(request)

    # The user's decision (§2.2).

    def verify_request_token(self, token, request):
        return token in self.temporary

    def get_redirect_uri(self, token, request):
        return self.temporary[token].callback

    def save_verifier(self, token, verifier, request):
        self.temporary[token].verifier = verifier["oauth_verifier"]

    # Temporary credentials for token credentials (§2.3).

    def validate_request_token(self, client_key, token, request):
        return token in self.temporary and self.temporary[token].client == client_key

    def get_request_token_secret(self, client_key, token, request):
        return self.temporary[token].secret if token in self.temporary else self.dummy_request_token

    def validate_verifier(self, client_key, token, verifier, request):
        """There is none before the user said yes."""
        expected = self.temporary[token].verifier if token in self.temporary else None
        return expected is not None and safe_string_equals(verifier, expected)

    def save_access_token(self, token, request):
        self.tokens[token["oauth_token"]] = TokenCredentials(request.client_key, token["oauth_token_secret"])
        self.spend(request)

    def invalidate_request_token(self, client_key, request_token, request):
        del self.temporary[request_token]

    # Token credentials (§3.2).

    def validate_access_token(self, client_key, token, request):
        return token in self.tokens and self.tokens[token].client == client_key

    def get_access_token_secret(self, client_key, token, request):
        return self.tokens[token].secret if token in self.tokens else self.dummy_access_token

    # Realms: any, or none.

    def get_default_realms(self, client_key, request):
        return []

    def get_realms(self, token, request):
        return self.temporary[token].realms

    def validate_requested_realms(self, client_key, realms, request):
        return True

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True


@dataclass(frozen=True)
class Received:
    """A request, as it came."""

    method: str
    host: str
    target: str
    headers: Message
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def uri(self) -> str:
        """Of the text that came, as it came: this is what was signed (§3.4.1.2)."""
        return f"http://{self.host}{self.target}"

    @property
    def is_form(self) -> bool:
        """As oauthlib sees it: the body of a form is in the signature, any other is not."""
        return FORM in (self.headers.get("Content-Type") or "")

    def for_oauthlib(self) -> tuple[str, str, bytes, dict[str, str]]:
        return self.uri, self.method, self.body, dict(self.headers.items())


@dataclass(frozen=True)
class Answer:
    """A status, and what goes with it."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, content_type: str, body: str, **headers: str) -> "Answer":
        return cls(status, body.encode(), {"Content-Type": content_type, **headers})


class BodyHash:
    """`oauth_body_hash`: oauthlib signs it as any parameter, and does not hold it against the body."""

    REQUIRED_BELOW = ("/api/hashed", "/two-legged/hashed")

    @classmethod
    def is_right(cls, received: Received, request: Request) -> bool:
        claimed = request.oauth_params.get("oauth_body_hash")
        if claimed is None:
            return received.is_form or not received.path.startswith(cls.REQUIRED_BELOW)
        digest = METHODS[request.signature_method](received.body).digest()
        return claimed == base64.b64encode(digest).decode()


class Provider:
    """Which of oauthlib's endpoints a request is for, and what they say as an answer."""

    def __init__(self, validator: Validator) -> None:
        self.validator = validator
        self.initiation = oauth1.RequestTokenEndpoint(validator, token_generator=opaque)
        self.authorization = oauth1.AuthorizationEndpoint(validator, token_generator=opaque)
        self.exchange = oauth1.AccessTokenEndpoint(validator, token_generator=opaque)
        self.resource = oauth1.ResourceEndpoint(validator)
        # The resource endpoint takes no request without a token.
        self.signature_only = oauth1.SignatureOnlyEndpoint(validator)
        # oauthlib looks first and has things saved later. One at a time, that is one step: of two equal
        # requests at the same moment, one is refused.
        self.lock = threading.Lock()

    def answer(self, received: Received) -> Answer:
        with self.lock:
            try:
                return self._route(received)
            except oauth1.OAuth1Error as error:
                self._report(received, error.status_code, str(error))
                return Answer.of(error.status_code, FORM, error.urlencoded)
            except ValueError:
                # What oauthlib cannot parse. The error quotes it, secrets and all, so it stays here.
                self._report(received, 400, "malformed")
                return Answer.of(400, TEXT, "malformed")

    def _route(self, received: Received) -> Answer:
        match received.path, received.method:
            case "/initiate", "GET" | "POST":
                return self._credentials(received, self.initiation.create_request_token_response)
            case "/token", "GET" | "POST":
                return self._credentials(received, self.exchange.create_access_token_response, ABOUT_THE_USER)
            case "/authorize", "GET":
                return self._decision(received)
            case "/initiate" | "/token", _:
                return Answer.of(405, TEXT, "GET or POST", Allow="GET, POST")
            case "/authorize", _:
                return Answer.of(405, TEXT, "GET", Allow="GET")
            case path, _ if path.startswith("/api/"):
                return self._protected(received, self.resource.validate_protected_resource_request)
            case path, _ if path.startswith("/two-legged/"):
                return self._protected(received, self.signature_only.validate_request, with_token=False)
            case _:
                return Answer.of(404, TEXT, "nothing is here")

    def _credentials(self, received: Received, endpoint: Callable, more: str = "") -> Answer:
        headers, body, status = endpoint(*received.for_oauthlib())
        if status == 401:
            return self._unauthorized(received, "signature, credentials, verifier, callback or nonce")
        if status != 200:
            self._report(received, status, body)
            return Answer(status, body.encode(), headers)
        return Answer(status, "&".join(filter(None, [body, more])).encode(), headers)

    def _decision(self, received: Received) -> Answer:
        """What the user's browser asks for and is sent (§2.2); nothing of it is signed."""
        if "deny" in parse_qs(urlsplit(received.uri).query).get("decision", []):
            return self._denied(received)
        headers, body, status = self.authorization.create_authorization_response(received.uri)
        if status == 302:
            return Answer(status, headers=headers)
        # Out of band oauthlib gives a form; a person is shown the PIN alone.
        return Answer.of(200, TEXT, parse_qs(body)["oauth_verifier"][0])

    def _denied(self, received: Received) -> Answer:
        """The RFC names no parameter for this; `denied` is what Twitter had, and others after it."""
        _, found = self.authorization.get_realms_and_credentials(received.uri)
        token = found["resource_owner_key"]
        callback = self.validator.temporary.pop(token).callback
        if callback == "oob":
            return Answer.of(403, TEXT, "the user said no")
        return Answer(302, headers={"Location": add_params_to_uri(callback, {"denied": token})})

    def _protected(self, received: Received, validate: Callable, *, with_token: bool = True) -> Answer:
        try:
            valid, request = validate(*received.for_oauthlib())
        except ValueError:
            return self._unauthorized(received, "malformed")
        if not valid:
            return self._unauthorized(received, self._reason(request))
        if request.resource_owner_key and not with_token:
            # The endpoint for these has looked at the signature only, not at the token.
            return self._unauthorized(received, "a token where none is asked for")
        if not BodyHash.is_right(received, request):
            return self._unauthorized(received, "body hash")
        self.validator.spend(request)
        what_came = {
            "client": request.client_key,
            "token": request.resource_owner_key,
            "method": received.method,
            "target": received.target,
            "body_sha256": hashlib.sha256(received.body).hexdigest(),
            "timestamp": request.timestamp,
            "nonce": request.nonce,
        }
        return Answer.of(200, "application/json", json.dumps(what_came))

    @staticmethod
    def _reason(request: Request | None) -> str:
        """What was wrong, by name. Nothing is logged where oauthlib gave up before it came to the nonce."""
        log = request.validator_log if request else {}
        wrong = [name for name, right in log.items() if not right]
        return ", ".join(wrong) or "protocol parameters missing, repeated, malformed or out of time"

    def _unauthorized(self, received: Received, reason: str) -> Answer:
        self._report(received, 401, reason)
        challenge = {"WWW-Authenticate": 'OAuth realm="interop"'}
        return Answer.of(401, TEXT, f"refused: {reason}", **challenge)

    @staticmethod
    def _report(received: Received, status: int, reason: str) -> None:
        """Without the query, which may hold secrets."""
        print(f"{status} {received.method} {received.path!r}: {reason}", file=sys.stderr)


class Lifetime:
    """When it is over: standard input at its end, time up, or enough requests."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._left = REQUESTS
        self._lock = threading.Lock()

    def count_request(self) -> None:
        with self._lock:
            self._left -= 1
            if self._left <= 0:
                self._over.set()

    def wait(self) -> None:
        threading.Thread(target=self._watch_stdin, daemon=True).start()
        self._over.wait(SECONDS)

    def _watch_stdin(self) -> None:
        # Not through sys.stdin: Python aborts on its way out where a thread still holds the lock of that.
        try:
            while os.read(0, 4096):
                pass
        finally:
            self._over.set()


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1: the octets of a request into a `Received`, and an `Answer` back."""

    protocol_version = "HTTP/1.1"
    # Head and body are two writes; the second shall not wait for the client to acknowledge the first.
    disable_nagle_algorithm = True

    def __init__(self, provider: Provider, lifetime: Lifetime, *connection) -> None:
        self.provider = provider
        self.lifetime = lifetime
        super().__init__(*connection)

    def __getattr__(self, name: str):
        """The base class looks for `do_GET` and so on: every method is served alike, made-up ones too."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, *_) -> None:
        """The request line has the query in it, and with it perhaps secrets."""

    def _serve(self) -> None:
        try:
            received = self._receive()
        except ValueError as error:
            # Where the next request would start is anyone's guess.
            self.close_connection = True
            self._send(Answer.of(400, TEXT, f"bad request: {error}"))
        else:
            self._send(self.provider.answer(received))
        self.lifetime.count_request()

    def _receive(self) -> Received:
        # Not `self.path`: that has slashes at its start made one.
        target = self.requestline.split()[1]
        host = self.headers.get("Host")
        if not host or not target.isascii():
            raise ValueError("a Host and a target in ASCII are needed")
        return Received(self.command, host, target, self.headers, self._body())

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(self._chunks())
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # a trailer

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)


class Server(ThreadingHTTPServer):
    """A thread for each connection."""

    # Tests open connections by the dozen; the default makes the sixth of them wait.
    request_queue_size = 128

    def handle_error(self, *connection) -> None:
        """A client that hangs up is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*connection)


def rsa_public_key(path: Path) -> str:
    """From a public key or a certificate in PEM, what oauthlib takes: the former."""
    pem = path.read_bytes()
    is_certificate = b"BEGIN CERTIFICATE" in pem
    key = load_pem_x509_certificate(pem).public_key() if is_certificate else load_pem_public_key(pem)
    if not isinstance(key, RSAPublicKey):
        raise SystemExit(f"{path}: not an RSA key")
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def main() -> None:
    parser = argparse.ArgumentParser(description="An OAuth 1.0 provider to test signers against.")
    key_help = "of the clients that sign with RSA: a public key or a certificate, in PEM"
    parser.add_argument("--rsa-public-key", type=Path, required=True, metavar="FILE", help=key_help)
    arguments = parser.parse_args()

    provider = Provider(Validator(all_clients(), rsa_public_key(arguments.rsa_public_key)))
    lifetime = Lifetime()
    with Server(("127.0.0.1", 0), partial(Handler, provider, lifetime)) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        print(f"listening on {server.server_port}", flush=True)
        lifetime.wait()
        server.shutdown()


if __name__ == "__main__":
    main()
