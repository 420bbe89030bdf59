"""What libraries of providers sign, and what they accept.

    python libraries.py sign --rsa-key FILE     prints a line of JSON for each request that a library signs
    python libraries.py verify < LINES          reads such lines, and prints what pip `lti` makes of each launch

Nothing is sent: the requests are taken from `requests` before they go out.
"""

import argparse
import json
import sys
from pathlib import Path

import requests

KEY, SECRET = "key", "secret"


class Taken(Exception):
    """Ends a call once its request is there."""


def record(library: str, what: str, call) -> None:
    """Prints the request that a call would send."""
    taken = []

    def send(_session, request, **_settings):
        taken.append(request)
        raise Taken

    original, requests.Session.send = requests.Session.send, send
    try:
        call()
    except Taken:
        pass
    finally:
        requests.Session.send = original
    [request] = taken
    body = request.body or b""
    line = {
        "library": library,
        "what": what,
        "method": request.method,
        "url": request.url,
        "headers": {name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()},
        "body": body.decode() if isinstance(body, bytes) else body,
    }
    print(json.dumps(line), flush=True)


def woocommerce() -> None:
    from woocommerce import API

    shop = API(url="http://shop.example", consumer_key=KEY, consumer_secret=SECRET, version="wc/v3")
    record("woocommerce", "GET", lambda: shop.get("orders"))
    record("woocommerce", "POST of JSON", lambda: shop.post("products", {"name": "tea & cake ☕"}))
    record("woocommerce", "DELETE", lambda: shop.delete("orders/1"))
    # It appends the query to the URL a second time after it has signed it.
    record("woocommerce", "a query, which is sent twice", lambda: shop.get("orders", params={"per_page": "5"}))


def jira(rsa_key: str) -> None:
    from jira import JIRA

    oauth = {
        "access_token": "token",
        "access_token_secret": "token secret",
        "consumer_key": KEY,
        "key_cert": rsa_key,
        "signature_method": "RSA-SHA1",
    }
    options = {"server": "https://jira.example/jira", "rest_api_version": "2", "check_update": False}
    # It makes a call of its own to try the credentials.
    record("jira", "trying the credentials", lambda: JIRA(options=options, oauth=oauth, get_server_info=False, max_retries=0))
    client = JIRA(options=options, get_server_info=False, max_retries=0)
    from requests_oauthlib import OAuth1

    # As `_create_oauth_session` of jira 3.10 does once the credentials are tried.
    client._session.auth = OAuth1(KEY, rsa_key=rsa_key, signature_method="RSA-SHA1", resource_owner_key="token", resource_owner_secret="token secret")
    record("jira", "a search", lambda: client.search_issues("project = TEA AND text ~ \"cake & more\"", maxResults=5))
    record("jira", "a comment", lambda: client.add_comment("TEA-1", "tea & cake ☕"))


def lti() -> None:
    from lti import ToolConsumer
    from lti.outcome_request import OutcomeRequest

    consumer = ToolConsumer(
        consumer_key=KEY,
        consumer_secret=SECRET,
        launch_url="https://tool.example/launch?course=1",
        params={
            "lti_message_type": "basic-lti-launch-request",
            "lti_version": "LTI-1p0",
            "resource_link_id": "week 1",
            "context_title": "Tea & cake ☕ (100%)",
            "roles": "Learner",
        },
    )
    launch = consumer.generate_launch_request()
    record("lti", "a launch", lambda: requests.Session().send(launch))
    outcome = OutcomeRequest(
        {
            "consumer_key": KEY,
            "consumer_secret": SECRET,
            "lis_outcome_service_url": "https://platform.example/outcome",
            "lis_result_sourcedid": "jane & 1",
        }
    )
    record("lti", "an outcome", lambda: outcome.post_replace_result(0.75))


def mastercard(rsa_key: str) -> None:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from oauth1.oauth import OAuth

    key = load_pem_private_key(rsa_key.encode(), password=None)

    def record_header(what: str, method: str, url: str, body: str = "") -> None:
        headers = {"Authorization": OAuth.get_authorization_header(url, method, body, "key!id", key)}
        if body:
            headers["Content-Type"] = "application/json; charset=utf-8"
        line = {"library": "mastercard (python)", "what": what, "method": method, "url": url, "headers": headers, "body": body}
        print(json.dumps(line), flush=True)

    record_header("GET", "GET", "https://sandbox.api.mastercard.com/service/a")
    record_header("GET with a query", "GET", "https://sandbox.api.mastercard.com/service?b=2&a=1&tea=cake%20%26%20more")
    record_header("POST of JSON", "POST", "https://sandbox.api.mastercard.com/service", '{"name":"tea & cake ☕"}')


def verify() -> None:
    """Says whether pip `lti` accepts a launch: `form` and `url` of each line."""
    from urllib.parse import parse_qsl

    from lti import ToolProvider
    from oauthlib.oauth1 import RequestValidator

    class Validator(RequestValidator):
        enforce_ssl = False
        nonce_length = (1, 100)

        def validate_client_key(self, client_key, request):
            return client_key == KEY

        def get_client_secret(self, client_key, request):
            return SECRET

        def check_client_key(self, client_key):
            return True

        def validate_timestamp_and_nonce(self, *_args, **_kwargs):
            return True

        @property
        def dummy_client(self):
            return "nobody"

        # Without the clock: the test signs with a time of its own.
        timestamp_lifetime = 10**10

    for line in sys.stdin:
        launch = json.loads(line)
        params = dict(parse_qsl(launch["form"], keep_blank_values=True))
        provider = ToolProvider.from_unpacked_request(SECRET, params, launch["url"], {})
        print(json.dumps(bool(provider.is_valid_request(Validator()))), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="What libraries of providers sign and accept.")
    parser.add_argument("command", choices=["sign", "verify"])
    parser.add_argument("--rsa-key", type=Path)
    arguments = parser.parse_args()
    if arguments.command == "verify":
        verify()
        return
    woocommerce()
    jira(arguments.rsa_key.read_text())
    lti()
    mastercard(arguments.rsa_key.read_text())


if __name__ == "__main__":
    main()
