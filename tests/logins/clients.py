"""Logs in and calls the API with one library for X or Flickr, unmodified and at its real addresses.

    python clients.py LIBRARY CALLBACK

LIBRARY is one of the functions below. CALLBACK is a URL or `oob`. The test maps the names of the addresses to
a server on this machine. It prints one line of JSON for each call to the API; an exception ends it.
"""

import io
import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

KEY, SECRET = "login-test-key", "login test secret & 100%"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args, **_kwargs):
        return None


def approve(url: str) -> tuple[str, str]:
    """Opens the authorize URL as a browser does. Returns the URL it is sent to, and the verifier or PIN."""
    try:
        with urllib.request.build_opener(NoRedirect).open(url, timeout=20) as page:
            pin = re.search(r"PIN: (\d+)", page.read().decode())
            assert pin, "the page has no PIN"
            return "", pin.group(1)
    except urllib.error.HTTPError as redirect:
        assert redirect.code == 303, redirect
        location = redirect.headers["Location"]
        return location, urllib.parse.parse_qs(urllib.parse.urlsplit(location).query)["oauth_verifier"][0]


def called(what: str, answer: object) -> None:
    print(json.dumps({"called": what, "answer": str(answer)[:200]}), flush=True)


def tweepy(callback: str) -> None:
    import tweepy

    handler = tweepy.OAuth1UserHandler(KEY, SECRET, callback=callback)
    _, verifier = approve(handler.get_authorization_url())
    handler.get_access_token(verifier)
    api = tweepy.API(handler)
    called("verify_credentials", api.verify_credentials().screen_name)
    called("update_status", api.update_status("tea & cake ☕ 100%").screen_name)
    client = tweepy.Client(
        consumer_key=KEY,
        consumer_secret=SECRET,
        access_token=handler.access_token,
        access_token_secret=handler.access_token_secret,
    )
    called("create_tweet", client.create_tweet(text="tea & cake").data)
    called("get_me", client.get_me(user_auth=True, user_fields=["id", "name"]).data)
    # Tweepy reads the user's number from the token.
    called("user of the token", handler.access_token.split("-")[0])


def pytwitter(callback: str) -> None:
    from pytwitter import Api

    api = Api(consumer_key=KEY, consumer_secret=SECRET, oauth_flow=True, callback_uri=callback)
    location, _ = approve(api.get_authorize_url())
    token = api.generate_access_token(location)
    assert token["user_id"] == "785027577", token
    called("get_me", api.get_me(return_json=True))
    called("create_tweet", api.create_tweet(text="tea & cake", return_json=True))


def twython(callback: str) -> None:
    from twython import Twython

    tokens = Twython(KEY, SECRET).get_authentication_tokens(callback_url=callback)
    _, verifier = approve(tokens["auth_url"])
    api = Twython(KEY, SECRET, tokens["oauth_token"], tokens["oauth_token_secret"])
    final = api.get_authorized_tokens(verifier)
    assert final["screen_name"] == "jane", final
    api = Twython(KEY, SECRET, final["oauth_token"], final["oauth_token_secret"])
    called("verify_credentials", api.verify_credentials()["screen_name"])
    called("update_status", api.update_status(status="tea & cake ☕ [1]")["screen_name"])
    called("search", api.search(q="tea & cake", count=5)["screen_name"])


def flickrapi(callback: str) -> None:
    from flickrapi import FlickrAPI

    api = FlickrAPI(KEY, SECRET, format="parsed-json", store_token=False)
    api.get_request_token(oauth_callback=callback)
    _, verifier = approve(api.auth_url(perms="write"))
    api.get_access_token(verifier)
    called("flickr.test.login", api.test.login())
    called("flickr.photos.search", api.photos.search(tags="tea & cake", text="50% [b]"))
    photo = io.BytesIO(b"\xff\xd8 not a real photo \x00\r\n--")
    upload = api.upload(filename="photo.jpg", fileobj=photo, title="tea & cake", description="ü", format="rest")
    called("upload", upload)


if __name__ == "__main__":
    {"tweepy": tweepy, "python-twitter-v2": pytwitter, "twython": twython, "flickrapi": flickrapi}[sys.argv[1]](
        sys.argv[2]
    )
