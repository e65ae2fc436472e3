"""The program `cfwh`: where it is, how its options are written, and how it reports errors."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Union

Option = Union[bool, int, float, str, "os.PathLike[str]", Sequence[object], Mapping[str, object], None]
Options = Mapping[str, Option]
Secret = Union[str, bool, None]


class CfwhError(Exception):
    """`cfwh` cannot do what it was asked to do. `code` is a stable name, and `fix` is advice or `None`."""

    __module__ = "cfwh"

    def __init__(self, code: str, message: str, fix: str | None = None) -> None:
        super().__init__(message if fix is None else f"{message}\nfix: {fix}")
        self.code, self.message, self.fix = code, message, fix


class CheckFailed(AssertionError):
    """A check failed. `results` is what the function returns with `check=False`."""

    __module__ = "cfwh"

    def __init__(self, message: str, results: Any) -> None:
        super().__init__(message)
        self.results = results


def find_program() -> str:
    """Returns the path of `cfwh`: `CFWH_BINARY`, else the script of this Python environment, else the one in `PATH`."""
    if given := os.environ.get("CFWH_BINARY"):
        return given
    folders = [sysconfig.get_path("scripts"), sysconfig.get_path("scripts", f"{os.name}_user")]
    if program := shutil.which("cfwh", path=os.pathsep.join(folders)) or shutil.which("cfwh"):
        return program
    raise CfwhError("not-found", "the program `cfwh` is not installed", "pip install cfwh, or set CFWH_BINARY")


def start(
    arguments: Sequence[str], secret: Secret = None, variables: Mapping[str, str] | None = None, **streams: Any
) -> subprocess.Popen[bytes]:
    """Starts `cfwh`. Without a secret, `None` leaves `CFWH_SECRET` as it is, and `False` removes it."""
    environment = {**os.environ, **(variables or {})}
    if secret is False:
        environment.pop("CFWH_SECRET", None)
    elif secret is not None:
        environment["CFWH_SECRET"] = str(secret)
    program = find_program()
    try:
        return subprocess.Popen([program, "--json", "--color=never", *arguments], env=environment, **streams)
    except OSError as error:
        raise CfwhError("not-found", f"cannot run {program}: {error.strerror}", "set CFWH_BINARY") from None


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that ends with its stdin."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()


def run(command: str, operands: Sequence[str], secret: Secret, options: Options, stdin: bytes = b"") -> Any:
    """Runs a command to its end, and returns whether the exit code is 0, and the lines of stdout."""
    pipes: Any = dict.fromkeys(["stdin", "stdout", "stderr"], subprocess.PIPE)
    with start([command, *operands, *as_arguments(options)], secret, **pipes) as process:
        try:
            output, errors = process.communicate(stdin)
        except BaseException:
            process.kill()
            raise
    raise_error_in(errors)
    return process.returncode == 0, output.splitlines()


def raise_error_in(errors: bytes) -> None:
    """Raises the error that a command reported on stderr, if it reported one."""
    for line in errors.splitlines():
        if line.startswith(b'{"type":"error"'):
            error = json.loads(line)
            raise CfwhError(error["code"], error["message"], error["fix"])


def as_arguments(options: Options) -> Iterator[str]:
    """Writes keyword arguments as options of the command line."""
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if isinstance(value, Mapping):
            separator, write = (": ", str) if name.endswith("header") else ("=", json.dumps)
            yield from (f"{option}={key}{separator}{write(item)}" for key, item in value.items())
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield from (f"{option}={item}" for item in value)
        elif value is True:
            yield option
        elif value is not None and value is not False:
            yield f"{option}={value}"
