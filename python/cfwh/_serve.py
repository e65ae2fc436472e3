"""A receiver under test that runs in the background."""

from __future__ import annotations

import shlex
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from ._program import CfwhError, end, start


@contextmanager
def serve(
    command: str | Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | None = None,
    timeout: float = 30,
) -> Iterator[str]:
    """Runs a receiver while a `with` block lasts, and returns its base URL, `http://127.0.0.1:PORT`.

    The port is a free one. The command gets it in place of `{port}`, and in the environment variable `PORT`.

    Raises:
        CfwhError: The command does not start, or does not listen on the port within `timeout` seconds.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = shlex.split(command) if isinstance(command, str) else command
    words = [word.replace("{port}", str(port)) for word in words]
    # `cfwh` ends the command, and what it started, when its stdin ends: even if this process is killed.
    arguments = ["listen", "--port=0", "--until-eof", "--quiet", "--", *words]
    variables = {"PORT": str(port), **(env or {})}
    with start(arguments, None, variables, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_until_it_listens(process, port, time.monotonic() + timeout)
            yield f"http://127.0.0.1:{port}"
        finally:
            end(process)


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int, deadline: float) -> None:
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        with suppress(subprocess.TimeoutExpired):
            code = process.wait(0.02)
            raise CfwhError("not-ready", f"the receiver ended with exit code {code}")
    raise CfwhError("not-ready", f"the receiver does not listen on port {port}", "use {port} or the variable PORT")
