"""A second OAuth 1.0 provider to test signers against: Authlib's server classes, and HTTP as in provider.py.

    pip install -r requirements.txt
    python authlib_provider.py --rsa-public-key ../vectors/keys/rsa-a.pub.pem

It has the endpoints of provider.py, but no `/two-legged`, no denied authorization and no body hash, and the
three signature methods that Authlib knows. It begins and ends as provider.py does.

Whether a signature is right is for Authlib alone to say. What differs from RFC 5849 in Authlib 1.9:

  - it answers `oauth_callback_confirmed=True`, with a capital letter (§2.1 has `true`);
  - it takes the request for temporary credentials by POST only;
  - a wrong request for token credentials ends the grant, whoever sends it;
  - it has no PIN: out of band, the user is sent to a default address of the client.
"""

import argparse
import os
import threading
from functools import partial
from pathlib import Path

# It must be set before a request is read: this server is http on this machine.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.common.security import generate_token  # noqa: E402
from authlib.common.urls import url_encode  # noqa: E402
from authlib.oauth1 import AuthorizationServer, ResourceProtector  # noqa: E402
from authlib.oauth1.errors import OAuth1Error  # noqa: E402
from authlib.oauth1.rfc5849.models import ClientMixin, TemporaryCredential, TokenCredentialMixin  # noqa: E402
from authlib.oauth1.rfc5849.wrapper import OAuth1Request  # noqa: E402
from provider import FORM, TEXT, Answer, Handler, Lifetime, Received, Server, rsa_public_key  # noqa: E402

METHODS = ["HMAC-SHA1", "RSA-SHA1", "PLAINTEXT"]


class Client(ClientMixin):
    def __init__(self, key: str, public_key: str) -> None:
        self.key, self.public_key = key, public_key

    def get_default_redirect_uri(self):
        return "http://printer.example.com/default"

    def get_client_secret(self):
        return f"secret of {self.key} & 100%"

    def get_rsa_public_key(self):
        return self.public_key


class Token(TokenCredentialMixin):
    def __init__(self, client_id: str) -> None:
        self.client_id = client_id
        self.token, self.secret = generate_token(20) + "/+=", generate_token(20) + "/+="

    def get_oauth_token(self):
        return self.token

    def get_oauth_token_secret(self):
        return self.secret


class Memory:
    """What both of Authlib's servers look up."""

    def __init__(self, public_key: str) -> None:
        keys = [f"client-{method.lower()}" for method in METHODS]
        self.clients = {key: Client(key, public_key) for key in keys}
        self.temporary: dict[str, TemporaryCredential] = {}
        self.tokens: dict[str, Token] = {}
        self.nonces: set[tuple] = set()

    def is_spent(self, nonce: str, request: OAuth1Request) -> bool:
        return (request.client_id, request.token, request.timestamp, nonce) in self.nonces

    def spend(self, request: OAuth1Request) -> None:
        nonce = request.oauth_params.get("oauth_nonce")
        self.nonces.add((request.client_id, request.token, request.timestamp, nonce))


class Legs(AuthorizationServer):
    SUPPORTED_SIGNATURE_METHODS = METHODS

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def create_oauth1_request(self, request: Received) -> OAuth1Request:
        return read(request)

    def handle_response(self, status_code, payload, headers):
        body = url_encode([(name, str(value)) for name, value in payload]) if payload else ""
        return Answer(status_code, body.encode(), dict(headers))

    def get_client_by_id(self, client_id):
        return self.memory.clients.get(client_id)

    def exists_nonce(self, nonce, request):
        return self.memory.is_spent(nonce, request)

    def create_temporary_credential(self, request):
        self.memory.spend(request)
        credential = TemporaryCredential(
            oauth_token=generate_token(20) + "/+=",
            oauth_token_secret=generate_token(20) + "/+=",
            client_id=request.client_id,
            oauth_callback=request.redirect_uri,
        )
        self.memory.temporary[credential["oauth_token"]] = credential
        return credential

    def get_temporary_credential(self, request):
        credential = self.memory.temporary.get(request.token)
        # Authlib does not ask whose they are in the last leg.
        own = credential and request.client_id in (None, credential["client_id"])
        return credential if own else None

    def delete_temporary_credential(self, request):
        self.memory.temporary.pop(request.token, None)

    def create_authorization_verifier(self, request):
        verifier = generate_token(20) + "/+="
        request.credential["oauth_verifier"] = verifier
        return verifier

    def create_token_credential(self, request):
        self.memory.spend(request)
        token = Token(request.client_id)
        self.memory.tokens[token.token] = token
        return token


class Protector(ResourceProtector):
    SUPPORTED_SIGNATURE_METHODS = METHODS

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def get_client_by_id(self, client_id):
        return self.memory.clients.get(client_id)

    def get_token_credential(self, request):
        token = self.memory.tokens.get(request.token)
        return token if token and token.client_id == request.client_id else None

    def exists_nonce(self, nonce, request):
        return self.memory.is_spent(nonce, request)


def parts(received: Received) -> tuple[str, str, str | None, dict[str, str]]:
    """What Authlib takes of a request. It looks headers up by their usual spelling, as frameworks give them."""
    body = received.body.decode() if received.is_form else None
    headers = {name.title(): value for name, value in received.headers.items()}
    return received.method, received.uri, body, headers


def read(received: Received) -> OAuth1Request:
    return OAuth1Request(*parts(received))


class Provider:
    def __init__(self, public_key: str) -> None:
        self.memory = Memory(public_key)
        self.legs, self.protector = Legs(self.memory), Protector(self.memory)
        self.lock = threading.Lock()

    def answer(self, received: Received) -> Answer:
        with self.lock:
            try:
                return self._route(received)
            except OAuth1Error as error:
                return Answer.of(error.status_code, FORM, url_encode(error.get_body()))
            except ValueError:
                return Answer.of(400, TEXT, "malformed")

    def _route(self, received: Received) -> Answer:
        match received.path:
            case "/initiate":
                return self.legs.create_temporary_credentials_response(received)
            case "/authorize":
                return self.legs.create_authorization_response(received, grant_user="jane")
            case "/token":
                return self.legs.create_token_response(received)
            case path if path.startswith("/api/"):
                request = self.protector.validate_request(*parts(received))
                self.memory.spend(request)
                return Answer.of(200, TEXT, f"{request.client_id} {request.token}")
            case _:
                return Answer.of(404, TEXT, "nothing is here")


def main() -> None:
    parser = argparse.ArgumentParser(description="A second OAuth 1.0 provider to test signers against.")
    key_help = "of the client that signs with RSA: a public key or a certificate, in PEM"
    parser.add_argument("--rsa-public-key", type=Path, required=True, metavar="FILE", help=key_help)
    provider = Provider(rsa_public_key(parser.parse_args().rsa_public_key))
    lifetime = Lifetime()
    with Server(("127.0.0.1", 0), partial(Handler, provider, lifetime)) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        print(f"listening on {server.server_port}", flush=True)
        lifetime.wait()
        server.shutdown()


if __name__ == "__main__":
    main()
