"""A receiver that runs in the background."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

from ._program import CfwhError, CheckFailed, Option, Secret, as_arguments, end, raise_error_in, start

if TYPE_CHECKING:
    from .types import Delivery, RefusedRequest


class Webhooks:
    """A running `cfwh listen`. `deliveries` are all until now, accepted or not; `refused` are the other requests."""

    def __init__(self, secret: str | None) -> None:
        self.url = ""
        self.secret = secret
        self.deliveries: list[Delivery] = []
        self.refused: list[RefusedRequest] = []
        self._has_ended = False
        self._changed = threading.Condition()

    def expect(self, event: str, *, count: int | None = None, timeout: float = 10) -> list[Delivery]:
        """Waits for accepted deliveries of an event, or of a pattern such as `page_*`, and returns them.

        Raises:
            CheckFailed: Not exactly `count` are received within `timeout` seconds, or without `count` not even one.
        """
        __tracebackhide__ = True
        least = 1 if count is None else count
        self._wait(lambda: len(self._accepted(event)) >= least, timeout)
        found = self._accepted(event)
        if len(found) == count or (count is None and found):
            return found
        lines = [f"received {len(found)} of {least} {event} within {timeout:g} s; all requests:"]
        lines += [_describe(delivery) for delivery in self.deliveries]
        lines += [f"  {line['status']} {line['method']} {line['target']}: {line['reason']}" for line in self.refused]
        raise CheckFailed("\n".join(lines), found)

    def _accepted(self, event: str) -> list[Delivery]:
        named = [line for line in self.deliveries if fnmatchcase(line["event"] or "", event)]
        return [line for line in named if line["status"] in range(200, 300)]

    def _wait(self, is_met: Callable[[], object], timeout: float | None = None) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._has_ended or is_met(), timeout)

    def _read(self, lines: Any) -> None:
        try:
            for line in map(json.loads, lines):
                with self._changed:
                    if line["type"] == "ready":
                        self.url = line["url"]
                    elif line["type"] == "delivery":
                        self.deliveries.append(_with_request(line))
                    elif line["type"] == "refused":
                        self.refused.append(line)
                    self._changed.notify_all()
        finally:
            with self._changed:
                self._has_ended = True
                self._changed.notify_all()


@contextmanager
def listen(*, secret: Secret = True, **options: Option) -> Iterator[Webhooks]:
    """Receives deliveries on a free port of this machine while a `with` block lasts.

    `secret=True` generates a secret, and `secret=False` verifies nothing. Other arguments are options of `cfwh listen`.
    """
    webhooks = Webhooks(secrets.token_hex(16) if secret is True else secret or None)
    with tempfile.TemporaryDirectory(prefix="cfwh-") as folder, open(os.path.join(folder, "errors"), "wb") as errors:
        # Its stdin ends with this process, even if that is killed.
        arguments = as_arguments({"port": 0, "until_eof": True, "verbose": True, "capture": folder, **options})
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": errors}
        with start(["listen", *arguments], webhooks.secret or False, **pipes) as process:
            reader = threading.Thread(target=webhooks._read, args=[process.stdout], daemon=True)
            reader.start()
            try:
                webhooks._wait(lambda: webhooks.url)
                if not webhooks.url:
                    said = Path(errors.name).read_bytes()
                    raise_error_in(said)
                    raise CfwhError("not-ready", f"cfwh listen did not start: {said.decode(errors='replace')}")
                yield webhooks
            finally:
                end(process)
                reader.join()


def _with_request(line: Any) -> Delivery:
    """Adds the header fields and the body, which are in the capture."""
    line.update(headers=http.client.HTTPMessage(), body=b"", json=None)
    if line["capture"]:
        with open(line["capture"], "rb") as capture:
            capture.readline()
            line.update(headers=http.client.parse_headers(capture), body=capture.read())
    with suppress(ValueError):
        line["json"] = json.loads(line["body"])
    return line  # type: ignore[no-any-return]


def _describe(line: Delivery) -> str:
    reasons = [cause["message"] for cause in line.get("causes", [])] + [one["message"] for one in line["findings"]]
    what = f"  {line['status']} {line['event'] or 'an unknown event'}, signature {line['signature']}"
    return "\n    ".join([what, *reasons])
