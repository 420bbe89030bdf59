"""Prints what ibind computes at each step, for random inputs: one line of JSON for each.

    pip install ibind==0.2.2 && python ibind_vectors.py > ibind_vectors.jsonl
"""

import base64
import json
import re
import secrets
from pathlib import Path

from Crypto.Cipher import PKCS1_v1_5
from Crypto.PublicKey import RSA
from ibind.oauth import oauth1a

ROOT = Path(__file__).resolve().parents[2]
ENCRYPTION = RSA.import_key((ROOT / "tests/vectors/keys/rsa-a.pkcs8.pem").read_text())
SIGNATURE = RSA.import_key((ROOT / "tests/vectors/keys/rsa-b.pkcs8.pem").read_text())
PRIME = re.search(r'PRIME: &str = "([0-9A-F]+)"', (Path(__file__).parent / "broker.rs").read_text()).group(1)
URL = "https://api.ibkr.com/v1/api/oauth/live_session_token"
CALL = "https://api.ibkr.com/v1/api/portfolio/accounts"

for _ in range(20):
    secret = secrets.token_bytes(20 + secrets.randbelow(20))
    encrypted = base64.b64encode(PKCS1_v1_5.new(ENCRYPTION.public_key()).encrypt(secret)).decode()
    random = oauth1a.generate_dh_random_bytes()
    challenge = oauth1a.generate_dh_challenge(PRIME, random)
    response = oauth1a.generate_dh_challenge(PRIME, oauth1a.generate_dh_random_bytes())
    prepend = oauth1a.calculate_live_session_token_prepend(encrypted, ENCRYPTION)
    token = oauth1a.calculate_live_session_token(PRIME, random, response, prepend)
    headers = {
        "oauth_consumer_key": "TESTCONS1",
        "oauth_nonce": oauth1a.generate_oauth_nonce(),
        "oauth_signature_method": "RSA-SHA256",
        "oauth_timestamp": "1796095859",
        "oauth_token": "a1234",
        "diffie_hellman_challenge": challenge,
    }
    base_string = oauth1a.generate_base_string("POST", URL, headers, prepend=prepend)
    call = {name: value for name, value in headers.items() if name.startswith("oauth_")}
    call["oauth_signature_method"] = "HMAC-SHA256"
    call_base_string = oauth1a.generate_base_string("GET", CALL, call)
    # The signature of the token that the broker would send.
    from Crypto.Hash import HMAC, SHA1

    token_signature = HMAC.new(base64.b64decode(token), b"TESTCONS1", SHA1).hexdigest()
    assert oauth1a.validate_live_session_token(token, token_signature, "TESTCONS1")
    print(
        json.dumps(
            {
                "encrypted_secret": encrypted,
                "random": random,
                "challenge": challenge,
                "response": response,
                "prepend": prepend,
                "nonce": headers["oauth_nonce"],
                "signature": oauth1a.generate_rsa_sha_256_signature(base_string, SIGNATURE),
                "live_session_token": token,
                "token_signature": token_signature,
                "call_signature": oauth1a.generate_hmac_sha_256_signature(call_base_string, token),
            }
        )
    )
