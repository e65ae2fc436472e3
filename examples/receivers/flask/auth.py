"""Is a request from your Confluence? One function for each sender: copy the one that you need.

Environment: SENDER is `spec`, `datacenter`, `cloud`, `connect` or `forge`; `CHECKS` has the variables of each.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl, quote

import jwt


class Unauthorized(Exception):
    """The request is not from your Confluence."""


@dataclass
class Request:
    method: str
    path: str  # as received, percent-encoded
    query: str  # as received, without the question mark
    headers: Mapping[str, str]  # finds names in any case
    body: bytes  # as received: JSON that was parsed and written again has another signature


def is_same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())  # in constant time


def check_signature(request: Request) -> None:
    """The published document, and Data Center: HMAC-SHA256 of the body."""
    digest = hmac.new(os.environ["WEBHOOK_SECRET"].encode(), request.body, hashlib.sha256).hexdigest()
    if not is_same(request.headers.get("X-Hub-Signature", ""), f"sha256={digest}"):
        raise Unauthorized("X-Hub-Signature is missing or wrong")


def is_connection_test(request: Request) -> bool:
    """Data Center's button "Test connection" sends this without a signature, also when there is a secret."""
    is_ping = request.headers.get("X-Event-Key") == "diagnostics:ping" and request.body == b'{"test": true}'
    return SENDER == "datacenter" and is_ping


def check_url_token(request: Request) -> None:
    """Confluence Cloud signs nothing: register the URL with `?token=…`, and keep the token out of logs."""
    given = parse_qs(request.query).get("token", [])
    if len(given) != 1 or not is_same(given[0], os.environ["WEBHOOK_TOKEN"]):
        raise Unauthorized("the token in the URL is missing or wrong")


def check_connect(request: Request) -> None:
    """A Connect app: a token signed with the secret of the installation, for one method, path and query."""
    # One entry for each installation. Your callback for `installed` stores them.
    shared_secrets = {os.environ["CONNECT_CLIENT_KEY"]: os.environ["CONNECT_SHARED_SECRET"]}
    token = token_after("JWT", request)
    try:
        client_key = jwt.decode(token, options={"verify_signature": False}).get("iss")
        secret = shared_secrets[str(client_key)]
        claims = jwt.decode(token, secret, algorithms=["HS256"], options={"require": ["exp", "qsh"]})
    except (jwt.InvalidTokenError, KeyError) as error:
        raise Unauthorized("the token is not valid") from error
    if not is_same(str(claims["qsh"]), query_string_hash(request)):
        raise Unauthorized("the token is for another request")


def query_string_hash(request: Request) -> str:
    """https://developer.atlassian.com/cloud/confluence/understanding-jwt-for-connect-apps/"""
    # The path of the app's base URL is not covered.
    path = request.path.removeprefix(os.environ.get("CONNECT_BASE_PATH", "")).strip("/").replace("&", "%26")
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True):
        if name != "jwt":
            values.setdefault(quote(name, safe=""), []).append(quote(value, safe=""))
    query = "&".join(f"{name}={','.join(sorted(values[name]))}" for name in sorted(values))
    return hashlib.sha256(f"{request.method}&/{path}&{query}".encode()).hexdigest()


# Fetches Atlassian's public keys when they are needed, and keeps them.
forge_keys = jwt.PyJWKClient(
    os.environ.get("FORGE_JWKS_URL", "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json"), timeout=3
)


def check_forge(request: Request) -> None:
    """A Forge app's remote backend: a token that Atlassian signs for your app."""
    token = token_after("Bearer", request)
    try:
        key = forge_keys.get_signing_key_from_jwt(token)
        jwt.decode(
            token,
            key,
            algorithms=["RS256"],  # never the algorithm that the token names
            audience=os.environ["FORGE_APP_ID"],
            issuer="forge/invocation-token",
            options={"require": ["exp"]},
        )
    except jwt.PyJWKClientConnectionError:
        raise  # a 500, so that Forge tries again
    except jwt.PyJWTError as error:
        raise Unauthorized("the token is not valid") from error


def token_after(scheme: str, request: Request) -> str:
    given_scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if given_scheme != scheme:
        raise Unauthorized(f"no `Authorization: {scheme}`")
    return token


CHECKS = {
    "spec": (check_signature, ["WEBHOOK_SECRET"]),
    "datacenter": (check_signature, ["WEBHOOK_SECRET"]),
    "cloud": (check_url_token, ["WEBHOOK_TOKEN"]),
    "connect": (check_connect, ["CONNECT_CLIENT_KEY", "CONNECT_SHARED_SECRET"]),
    "forge": (check_forge, ["FORGE_APP_ID"]),
}
SENDER = os.environ.get("SENDER", "spec")
authenticate, required = CHECKS[SENDER]
for variable in required:
    if not os.environ.get(variable):
        raise SystemExit(f"set {variable}")  # an empty secret would accept everybody
