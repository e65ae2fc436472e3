"""The commands that run to their end, one function each."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Union

from ._program import CheckFailed, Option, Options, Secret, run

if TYPE_CHECKING:
    from .types import ProbeReport, SentDelivery, Validation, Verification

Body = Union[bytes, str, "os.PathLike[str]"]


def send(
    *sources: str, to: str | None = None, secret: Secret = None, check: bool = True, **options: Option
) -> list[SentDelivery]:
    """Sends events, files or captures to a URL, and returns one result for each.

    Raises:
        CheckFailed: A response is not the expected one (`expect`, by default a 2xx), or there is none.
    """
    __tracebackhide__ = True
    passed, lines = run("send", sources, secret, {"to": to, **options})
    sent = [line for line in map(json.loads, lines) if "type" not in line]
    if check and not passed:
        raise CheckFailed("\n".join(_describe_response(line) for line in sent if not line["ok"]), sent)
    return sent


def probe(url: str | None = None, *, secret: Secret = None, check: bool = True, **options: Option) -> ProbeReport:
    """Tests a receiver, and returns its grade and all cases.

    Raises:
        CheckFailed: A case that MUST pass fails, or with `strict=True` any case. The message starts with the causes.
    """
    __tracebackhide__ = True
    passed, lines = run("probe", [] if url is None else [url], secret, options)
    *cases, report = map(json.loads, lines)
    report["cases"] = cases
    if check and not passed:
        raise CheckFailed("\n".join(_describe_grade(report)), report)
    return report  # type: ignore[no-any-return]


def validate(body: Body, *, check: bool = True, **options: Option) -> list[Validation]:
    """Checks a body (bytes), or what is at a path, against the document of its sender.

    Raises:
        CheckFailed: A body has errors, or with `strict=True` warnings.
    """
    __tracebackhide__ = True
    passed, lines = _run_on(body, "validate", None, options)
    results = [json.loads(line) for line in lines]
    if check and not passed:
        raise CheckFailed(
            "\n".join(_describe_finding(line, one) for line in results for one in line["findings"]), results
        )
    return results


def verify(body: Body, *, secret: Secret = None, check: bool = True, **options: Option) -> Verification:
    """Checks the `signature` of a body (bytes), or of the capture at a path.

    Raises:
        CheckFailed: The signature is not valid. The message has the cause, where it is known.
    """
    __tracebackhide__ = True
    passed, lines = _run_on(body, "verify", secret, {"explain": True, **options})
    result = json.loads(lines[0])
    if check and not passed:
        causes = (f"\ncause: {cause['message']}\n  fix: {cause['help']}" for cause in result.get("causes", []))
        raise CheckFailed(f"the signature is not valid: {result['verdict']}" + "".join(causes), result)
    return result  # type: ignore[no-any-return]


def sign(body: Body = b"", *, secret: Secret = None, **options: Option) -> dict[str, str]:
    """Returns the header that authenticates a body. With `auth="connect"` and `auth="forge"` it does not sign one."""
    _, lines = run("sign", [], secret, options) if body == b"" else _run_on(body, "sign", secret, options)
    line = json.loads(lines[0])
    return {line["header"]: line["signature"]}


def fake(source: str, **options: Option) -> list[bytes]:
    """Returns realistic bodies: of an event, of `all` events, or of a `story`."""
    return run("fake", [source], None, options)[1]  # type: ignore[no-any-return]


def _run_on(body: Body, command: str, secret: Secret, options: Options) -> Any:
    if isinstance(body, bytes):
        return run(command, ["-"], secret, options, body)
    return run(command, [os.fspath(body)], secret, options)


def _describe_response(line: Any) -> str:
    what = line["error"] or f"the response {line['status']} is not expected"
    body = (line["response"] or {}).get("body") or ""
    return "\n  ".join([f"{line['source']}: {what}", *body.splitlines()[:10]])


def _describe_finding(line: Any, finding: Any) -> str:
    place = f"{line['input']}:{finding['line']}:{finding['column']}"
    return f"{place}: {finding['severity']}: {finding['message']}\n  fix: {finding['help']}"


def _describe_grade(report: Any) -> Any:
    yield (f"grade {report['grade']}: " if report["grade"] else "") + report["reason"]
    failed = [case for case in report["cases"] if case["verdict"] == "fail"]
    for cause in report["causes"]:
        follow = [case["case"] for case in failed if case["follows_from"] == cause["cause"]]
        yield f"cause: {cause['cause']} ({', '.join(follow)})\n  fix: {cause['help']}"
    for case in failed:
        if case["follows_from"] is None:
            received = case["received"]["summary"]
            yield f"{case['case']} ({case['level']}): {case['sent']}; received {received}\n  fix: {case['help']}"
