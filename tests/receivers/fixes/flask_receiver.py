"""The fixes of docs/how-to/probe-fixes.md for Flask, in one receiver. AUTH is hmac, token, connect, forge or none.

pip install flask 'pyjwt[crypto]'
"""

import hashlib
import hmac
import json
import os
import queue
import sqlite3
import threading
from pathlib import Path

from flask import Flask, request

AUTH = os.environ.get("AUTH", "hmac")

# Valid deliveries are refused
SECRET = Path(os.environ["SECRET_FILE"]).read_text().removesuffix("\n")
if not SECRET:
    raise SystemExit("the secret is empty")

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 4 * 1024 * 1024
waiting = queue.Queue()


def query_string_hash(request):
    """The claim qsh of Connect: the hash of the method, the path below the base URL and the sorted query."""
    from urllib.parse import quote

    pairs = {}
    for name, value in request.args.items(multi=True):
        if name != "jwt":
            pairs.setdefault(quote(name, safe="~"), []).append(quote(value, safe="~"))
    query = "&".join(name + "=" + ",".join(sorted(values)) for name, values in sorted(pairs.items()))
    return hashlib.sha256(f"{request.method}&{request.path}&{query}".encode()).hexdigest()


def is_genuine(request, body):
    if AUTH == "hmac":
        right = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        header = request.headers.get("X-Hub-Signature", "")
        return hmac.compare_digest(header.encode(), right.encode())
    if AUTH == "token":
        given = request.args.get("token", "")
        return hmac.compare_digest(given.encode(), os.environ["TOKEN"].encode())
    token = request.headers.get("Authorization", "").partition(" ")[2]
    if AUTH == "connect":
        import jwt

        claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"require": ["exp", "iss", "qsh"], "verify_iat": False})
        return claims["qsh"] == query_string_hash(request) and claims["iss"] == os.environ["CLIENT_KEY"]
    if AUTH == "forge":
        import jwt

        key = key_set().get_signing_key_from_jwt(token)
        jwt.decode(token, key, algorithms=["RS256"], audience=os.environ["APP_ID"], issuer="forge/invocation-token")
    return True


def key_set(cache=[]):
    import jwt

    if not cache:
        cache.append(jwt.PyJWKClient(os.environ["JWKS_URL"]))
    return cache[0]


def connect():
    db = sqlite3.connect(os.environ["DB"], timeout=30)
    db.execute("CREATE TABLE IF NOT EXISTS delivery (id TEXT PRIMARY KEY)")
    db.execute("CREATE TABLE IF NOT EXISTS page (id TEXT PRIMARY KEY, title TEXT, event TEXT, timestamp INTEGER)")
    return db


def store(identifier, event, delivery):
    if "DB" not in os.environ:
        return
    with connect() as db:
        is_new = db.execute("INSERT INTO delivery VALUES (?) ON CONFLICT DO NOTHING", [identifier]).rowcount == 1
        if is_new and "page" in delivery:
            page = delivery["page"]
            db.execute(
                """INSERT INTO page VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
                SET title = excluded.title, event = excluded.event, timestamp = excluded.timestamp
                WHERE excluded.timestamp >= page.timestamp""",
                [str(page["id"]), page.get("title"), event, delivery.get("timestamp")],
            )


def work():
    handlers = {"page_created": ignore}
    while True:
        event, delivery = waiting.get()
        handlers.get(event, ignore)(delivery)


def ignore(delivery):
    pass


threading.Thread(target=work, daemon=True).start()


@app.post("/hooks")
@app.post("/hooks/<event>")
def receive(event=None):
    body = request.get_data()
    if request.headers.get("X-Event-Key") == "diagnostics:ping":
        return ""
    try:
        genuine = is_genuine(request, body)
    except Exception:
        genuine = False
    if not genuine:
        return "", 401
    if request.mimetype != "application/json":
        return "", 415
    try:
        delivery = json.loads(body)
    except (ValueError, RecursionError):
        return "", 400
    if not isinstance(delivery, dict):
        return "", 400
    event = delivery.get("event") or delivery.get("eventType") or event
    identifier = request.headers.get("X-Atlassian-Webhook-Identifier", hashlib.sha256(body).hexdigest())
    store(identifier, event, delivery)
    waiting.put((event, delivery))
    return ""


@app.get("/state")
def state():
    with connect() as db:
        pages = db.execute("SELECT id, title, event FROM page WHERE event NOT LIKE '%removed'").fetchall()
        return {"pages": pages, "deliveries": db.execute("SELECT count(*) FROM delivery").fetchone()}
