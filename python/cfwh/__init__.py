"""Test receivers and senders of Confluence webhooks with the program `cfwh`.

Each function runs a command and returns its JSON lines as dictionaries; `cfwh.types` describes them. Other keyword
arguments are options of the command: `retry_delay="1s"` is `--retry-delay=1s`, `full=True` is `--full`, a list repeats
an option, and `set={"page.title": "x"}` is `--set=page.title="x"`. Secrets are passed in the environment of `cfwh`.

A check that fails raises `CheckFailed`, an `AssertionError`. An error raises `CfwhError`.
"""

from ._commands import fake, probe, send, sign, validate, verify
from ._listen import Webhooks, listen
from ._program import CfwhError, CheckFailed, find_program
from ._serve import serve

__all__ = ["CfwhError", "CheckFailed", "Webhooks", "fake", "find_program", "listen"]
__all__ += ["probe", "send", "serve", "sign", "validate", "verify"]
