"""Stores each delivery once before the response, and works on it after, in any order.

Confluence may send a delivery twice, and sends deliveries in any order. A delivery that was stored survives a crash.
"""

import hashlib
import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

SCHEMA = """
CREATE TABLE IF NOT EXISTS delivery (id TEXT PRIMARY KEY, event TEXT NOT NULL, body TEXT NOT NULL, status TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS waiting ON delivery (status) WHERE status = 'waiting';
CREATE TABLE IF NOT EXISTS page (id TEXT PRIMARY KEY, title TEXT, is_deleted INTEGER NOT NULL, time INTEGER NOT NULL);
"""


class InvalidDelivery(Exception):
    """The body is not a delivery."""


class Deliveries:
    def __init__(self, path: str) -> None:
        self.path = path
        self.received = threading.Event()
        with self.connect() as database:
            database.executescript("PRAGMA journal_mode = WAL;" + SCHEMA)
        threading.Thread(target=self.work, daemon=True).start()

    @contextmanager
    def connect(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self.path, timeout=10)
        try:
            with database:  # one transaction
                yield database
        finally:
            database.close()

    def add(self, body: bytes, event_in_url: str | None) -> None:
        """Stores a delivery, unless it is stored already."""
        try:
            delivery = json.loads(body)
            delivery = delivery.get("payload", delivery)  # an example of Atlassian shows Forge's deliveries so
            delivery.pop("retryContext", None)  # in Forge's retries only
            event = delivery.get("event") or delivery.get("eventType") or event_in_url
            text = json.dumps(delivery, sort_keys=True)
        except (ValueError, AttributeError, TypeError, RecursionError) as error:
            raise InvalidDelivery("the body is not a JSON object") from error
        if not isinstance(event, str):
            raise InvalidDelivery("no event in the body or in the URL")
        # Not the identifier in a header: no signature covers it.
        identity = hashlib.sha256(f"{event} {text}".encode()).hexdigest()
        with self.connect() as database:
            database.execute("INSERT OR IGNORE INTO delivery VALUES (?, ?, ?, 'waiting')", (identity, event, text))
        self.received.set()

    def work(self) -> None:
        """Works on the deliveries that wait, also on those from before a restart."""
        while True:
            self.received.clear()
            with self.connect() as database:
                waiting = database.execute("SELECT id, event, body FROM delivery WHERE status = 'waiting'").fetchall()
            for identity, event, body in waiting:
                try:
                    with self.connect() as database:
                        handle(database, event, json.loads(body))
                        database.execute("UPDATE delivery SET status = 'done' WHERE id = ?", (identity,))
                except Exception:
                    logging.exception("cannot handle delivery %s", identity)
                    with self.connect() as database:
                        database.execute("UPDATE delivery SET status = 'failed' WHERE id = ?", (identity,))
            self.received.wait()

    def state(self) -> dict[str, object]:
        """For `cfwh probe --state`."""
        with self.connect() as database:
            done = database.execute("SELECT count(*) FROM delivery WHERE status = 'done'").fetchone()[0]
            pages = database.execute("SELECT id, title, is_deleted, time FROM page").fetchall()
        return {"done": done, "pages": [dict(zip(("id", "title", "is_deleted", "time"), page)) for page in pages]}


def handle(database: sqlite3.Connection, event: str, delivery: dict) -> None:
    """Your work. Ignore an event without a branch: it is new, or does not matter to you."""
    if event.startswith("page_"):
        save_page(database, event, delivery["page"], delivery["timestamp"])
    elif event.endswith(":page"):  # of Forge: avi:confluence:updated:page
        time = datetime.fromisoformat(delivery["eventCreatedDate"])
        save_page(database, event, delivery["content"], round(time.timestamp() * 1000))


def save_page(database: sqlite3.Connection, event: str, page: dict, time: int) -> None:
    """Keeps the newest. A deleted page stays as a row: an older update may still arrive."""
    is_deleted = any(action in event for action in ("trashed", "removed", "deleted"))
    page_id = str(page.get("idAsString") or page["id"])
    database.execute(
        """INSERT INTO page VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
           SET title = excluded.title, is_deleted = excluded.is_deleted, time = excluded.time
           WHERE excluded.time > page.time""",
        (page_id, page.get("title"), is_deleted, time),
    )
