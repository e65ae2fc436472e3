#!/usr/bin/env python3
"""A receiver with a SQLite database that applies each delivery once, in any order, or a mutant of it with one mistake.

    state.py --port 3000 --db state.db [--mutant NAME] [--secret SECRET]

POST /hooks or /hooks/EVENT receives deliveries of any sender. GET /state prints the stored objects as JSON. Needs Python 3.8
and nothing else.
"""

import argparse
import hashlib
import hmac
import http.server
import json
import sqlite3
import threading
import time

MUTANTS = {
    "none": "no mistake",
    "no-dedupe": "applies every delivery",
    "body-only": "recognizes duplicates by their bytes",
    "event-and-id": "recognizes duplicates by event and id, without version or timestamp",
    "timestamp": "recognizes duplicates by their timestamp",
    "identifier-in-memory": "stores identifiers in memory only",
    "forgets-after-20": "stores the last 20 identifiers only",
    "check-then-insert": "checks for the identifier first and inserts it later, without a unique key",
    "last-write-wins": "does not compare timestamps",
    "updates-only-known": "drops updates of unknown objects",
    "removes-only-known": "drops removals of unknown objects",
    "acknowledges-first": "responds before it stores",
    "works-later": "responds, and stores in a thread 100 ms later",
    "two-transactions": "stores the identifier in one transaction and the effect in the next",
    "effect-first": "stores the effect in one transaction and the identifier in the next",
}

SCHEMA = """
CREATE TABLE IF NOT EXISTS delivery (id TEXT {unique});
CREATE TABLE IF NOT EXISTS object (id TEXT PRIMARY KEY, space TEXT, title TEXT, version INTEGER, status TEXT, time TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS history (row INTEGER PRIMARY KEY AUTOINCREMENT, object TEXT, event TEXT, received REAL);
"""


def parsed(body, event):
    """The event, action, id, space, title, version, status and time of a delivery of any sender. `event` is that of the URL."""
    if "eventType" in body:
        name, when = body["eventType"], body["eventCreatedDate"]
        action, kind = name.split(":")[2], name.split(":")[3]
        thing = body.get("space" if kind == "space" else "content") or body.get("attachment") or {}
        if "label" in body:
            thing, kind = dict(body["label"], id="%s on %s" % (body["label"].get("name"), thing.get("id"))), "label"
    else:
        name, when = body.get("event") or event, "%020d" % body.get("timestamp", 0)
        kind, action = name.split("_", 1)
        thing = body.get({"blog": "blogPost"}.get(kind, kind)) or (body.get("attachments") or [{}])[0]
        if isinstance(thing, str):  # Data Center sends the name of a group.
            thing = {"id": thing, "name": thing}
        if kind == "label":
            content = body.get("labeledContent") or body.get("labeled") or body.get("content") or thing
            thing = dict(thing, id="%s on %s" % (thing.get("name"), content.get("id")))
    space = thing.get("spaceKey") or (thing.get("space") or {}).get("key")
    status = {"removed": "removed", "deleted": "removed", "trashed": "trashed"}.get(action, "current")
    version = thing.get("version")
    version = version.get("number") if isinstance(version, dict) else version
    title = thing.get("title") or thing.get("fileName") or thing.get("name")
    return name, action, "%s %s" % (kind, thing.get("id")), space, title, version, status, when


class Receiver:
    def __init__(self, database, mutant, secret):
        self.database, self.mutant, self.secret = database, mutant, secret
        self.memory = set()
        self.lock = threading.Lock()
        unique = "" if mutant in ("check-then-insert", "no-dedupe") else "PRIMARY KEY"
        with self.connect() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA.format(unique=unique))

    def connect(self):
        connection = sqlite3.connect(self.database, timeout=30, isolation_level=None)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def is_signed(self, body, signatures):
        right = "sha256=" + hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        return len(signatures) == 1 and hmac.compare_digest(right.encode(), signatures[0].encode())

    def identity(self, headers, raw, fields):
        """The key that recognizes duplicates."""
        name, _, thing, *_, when = fields
        if self.mutant == "body-only":
            return hashlib.sha256(raw).hexdigest()
        if self.mutant == "event-and-id":
            return name + thing
        if self.mutant == "timestamp":
            return when
        return headers.get("X-Atlassian-Webhook-Identifier") or name + thing + when

    def is_known(self, connection, identity):
        """Recognizes a duplicate, or stores its key."""
        mutant = self.mutant
        if mutant == "no-dedupe":
            return False
        if mutant == "identifier-in-memory":
            with self.lock:
                known = identity in self.memory
                self.memory.add(identity)
                return known
        if mutant == "effect-first":
            return connection.execute("SELECT 1 FROM delivery WHERE id = ?", (identity,)).fetchone() is not None
        try:
            connection.execute("INSERT INTO delivery VALUES (?)", (identity,))
            if mutant == "forgets-after-20":
                connection.execute("DELETE FROM delivery WHERE rowid <= (SELECT max(rowid) FROM delivery) - 20")
            return False
        except sqlite3.IntegrityError:
            return True

    def apply(self, connection, fields):
        """Adds a row to the history, and stores the object if the delivery is newer."""
        name, action, thing, space, title, version, status, when = fields
        row = connection.execute("SELECT time FROM object WHERE id = ?", (thing,)).fetchone()
        if row is None and action == "updated" and self.mutant == "updates-only-known":
            return
        if row is None and status == "removed" and self.mutant == "removes-only-known":
            return
        connection.execute(
            "INSERT INTO history (object, event, received) VALUES (?, ?, ?)", (thing, name, time.time()))
        if row is None or row[0] <= when or self.mutant == "last-write-wins":
            connection.execute(
                "INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?)",
                (thing, space, title, version, status, when))

    def store(self, headers, raw, fields):
        identity = self.identity(headers, raw, fields)
        connection = self.connect()
        try:
            if self.mutant == "check-then-insert":
                if connection.execute("SELECT 1 FROM delivery WHERE id = ?", (identity,)).fetchone():
                    return
            connection.execute("BEGIN IMMEDIATE")
            if self.is_known(connection, identity):
                connection.execute("ROLLBACK")
                return
            if self.mutant == "two-transactions":
                connection.execute("COMMIT")
                # For example a request to another service.
                time.sleep(0.004)
                connection.execute("BEGIN IMMEDIATE")
            self.apply(connection, fields)
            connection.execute("COMMIT")
            if self.mutant == "effect-first":
                time.sleep(0.004)
                connection.execute("INSERT INTO delivery VALUES (?)", (identity,))
        finally:
            connection.close()

    def state(self):
        connection = self.connect()
        try:
            objects = connection.execute("SELECT id, space, title, version, status FROM object WHERE status <> 'removed'")
            keys = ("id", "space", "title", "version", "status")
            history = connection.execute("SELECT row, object, event, received FROM history")
            count = connection.execute("SELECT count(*) FROM object WHERE status = 'current'").fetchone()[0]
            return {
                "objects": [dict(zip(keys, row)) for row in objects.fetchall()],
                "history": [dict(zip(("row", "object", "event", "received"), row)) for row in history.fetchall()],
                "current": count,
            }
        finally:
            connection.close()


def handler(receiver):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def respond(self, status, body=b""):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def do_GET(self):
            if self.path != "/state":
                return self.respond(405 if self.path.startswith("/hooks") else 404)
            self.respond(200, json.dumps(receiver.state()).encode())

        def do_PUT(self):
            self.body()
            self.respond(405)

        def body(self):
            """Reads the body to the end, also if it is chunked."""
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = b""
            while True:
                size = int(self.rfile.readline().split(b";")[0], 16)
                chunk = self.rfile.read(size)
                self.rfile.readline()
                if not chunk:
                    return body
                body += chunk

        def do_POST(self):
            raw = self.body()
            path = self.path.split("?")[0].split("/")
            if path[1] != "hooks":
                return self.respond(404)
            # The connection test of Data Center is not signed.
            if self.headers.get("X-Event-Key") == "diagnostics:ping":
                return self.respond(200)
            if receiver.secret and not receiver.is_signed(raw, self.headers.get_all("X-Hub-Signature", [])):
                return self.respond(401)
            try:
                fields = parsed(json.loads(raw), path[-1])
            except (ValueError, KeyError, IndexError, AttributeError, TypeError, RecursionError):
                return self.respond(400)
            if receiver.mutant == "acknowledges-first":
                self.respond(200)
                time.sleep(0.002)
                return receiver.store(self.headers, raw, fields)
            if receiver.mutant == "works-later":
                threading.Timer(0.1, receiver.store, (self.headers, raw, fields)).start()
                return self.respond(202)
            receiver.store(self.headers, raw, fields)
            self.respond(200)

        def log_message(self, *_):
            pass

    return Handler


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        """Ignores clients that close their connections."""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--db", required=True)
    parser.add_argument("--mutant", choices=MUTANTS, default="none")
    parser.add_argument("--secret", default="")
    options = parser.parse_args()
    receiver = Receiver(options.db, options.mutant, options.secret)
    Server(("127.0.0.1", options.port), handler(receiver)).serve_forever()


if __name__ == "__main__":
    main()
