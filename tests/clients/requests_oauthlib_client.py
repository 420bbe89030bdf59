"""Signs and sends requests with requests-oauthlib; see README.md for what comes in and goes out.

    pip install -r requirements.txt
    python requests_oauthlib_client.py
"""

import json
import sys
from pathlib import Path

from requests import PreparedRequest, Request, Session
from requests_oauthlib import OAuth1


class Unsupported(Exception):
    """The library cannot do this."""


def signed(session: Session, wanted: dict) -> PreparedRequest:
    headers = {}
    body = [tuple(pair) for pair in wanted["form"]] if wanted["form"] is not None else None
    if wanted["json"] is not None:
        headers["Content-Type"] = "application/json"
        body = wanted["json"].encode()
    key = wanted["private_key"]
    auth = OAuth1(
        wanted["client_key"],
        client_secret=wanted["client_secret"],
        resource_owner_key=wanted["token"],
        resource_owner_secret=wanted["token_secret"],
        signature_method=wanted["signature_method"],
        signature_type={"header": "AUTH_HEADER", "query": "QUERY", "body": "BODY"}[wanted["transport"]],
        rsa_key=Path(key).read_text() if key else None,
        # What makes the hash: without it requests-oauthlib shows oauthlib only forms.
        force_include_body=wanted["body_hash"],
    )
    query = [tuple(pair) for pair in wanted["query"]]
    request = Request(wanted["method"], wanted["url"], headers, params=query, data=body, auth=auth)
    try:
        prepared = session.prepare_request(request)
    except ValueError as error:
        raise Unsupported(str(error)) from error
    if wanted["body_hash"] and "oauth_body_hash" not in text(prepared.headers.get("Authorization", "")):
        raise Unsupported("no oauth_body_hash on such a request")
    return prepared


def text(octets: bytes | str | None) -> str | None:
    return octets.decode() if isinstance(octets, bytes) else octets


def answer(session: Session, wanted: dict) -> dict:
    try:
        request = signed(session, wanted)
    except Unsupported as why:
        return {"unsupported": str(why)}
    if wanted["send"]:
        response = session.send(request, timeout=20)
        return {"status": response.status_code, "body": response.content.decode(errors="replace")}
    headers = {text(name): text(value) for name, value in request.headers.items()}
    return {"method": request.method, "url": request.url, "headers": headers, "body": text(request.body)}


def main() -> None:
    session = Session()
    session.trust_env = False  # no proxy is on the way to 127.0.0.1
    for line in sys.stdin.buffer:
        wanted = {"transport": "header", **json.loads(line)}
        try:
            reply = answer(session, wanted)
        except Exception as error:
            reply = {"failed": repr(error)}
        print(json.dumps({"id": wanted["id"], **reply}), flush=True)


if __name__ == "__main__":
    main()
