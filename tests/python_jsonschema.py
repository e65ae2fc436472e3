#!/usr/bin/env python3
"""Asks a JSON Schema validator in another language what it thinks of the differential test's mutants.

    CFWH_MUTANTS=mutants.ndjson cargo test ten_thousand_mutants
    python3 tests/python_jsonschema.py mutants.ndjson

Needs Python 3 with `pip install jsonschema rfc3339-validator rfc3986-validator` and a built `target/release/cfwh` or
`target/debug/cfwh`. Every body is judged by `cfwh validate --json` and by `jsonschema` (Draft 7, formats `date-time`
and `uri` asserted, int64 by range) with the schema that `cfwh schema` prints; exit 0 when both agree on all.

What both cannot agree on by definition is counted apart and left out:
- what is JSON: Python reads NaN, 1e400, lone surrogates and any depth; cfwh reads what `serde_json` reads;
- names that Confluence is known to send outside the document: a warning of cfwh's own, by design.
"""

import json
import pathlib
import subprocess
import sys

try:
    from jsonschema import Draft7Validator, FormatChecker
    from rfc3339_validator import validate_rfc3339
    from rfc3986_validator import validate_rfc3986
except ImportError as missing:
    sys.exit(f"{missing}\npip install jsonschema rfc3339-validator rfc3986-validator")

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = next((path for path in (ROOT / "target/release/cfwh", ROOT / "target/debug/cfwh") if path.exists()), None)

formats = FormatChecker(formats=())


@formats.checks("date-time")
def is_date_time(value):
    if not isinstance(value, str):
        return True
    # The library knows no leap seconds: one at 23:59:60 UTC is as good as the second before it.
    if value[17:19] == "60":
        shifted = value[:17] + "59" + value[19:]
        return validate_rfc3339(shifted.upper()) and is_last_second_of_a_utc_day(shifted)
    return validate_rfc3339(value.upper())


def is_last_second_of_a_utc_day(value):
    hours, minutes, rest = int(value[11:13]), int(value[14:16]), value[19:].lstrip(".0123456789").upper()
    offset = 0 if rest == "Z" else int(rest[0] + "1") * (int(rest[1:3]) * 60 + int(rest[4:6]))
    return (hours * 60 + minutes - offset) % 1440 == 1439


@formats.checks("uri")
def is_uri(value):
    return not isinstance(value, str) or bool(validate_rfc3986(value, rule="URI"))


@formats.checks("int64")
def is_int64(value):
    return isinstance(value, bool) or not isinstance(value, (int, float)) or -(2**63) <= value < 2**63


def cfwh(*arguments):
    return subprocess.run([BINARY, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


def main(path):
    if BINARY is None:
        sys.exit("there is no cfwh in target/: cargo build --release")
    kinds = [json.loads(line)["event"] for line in cfwh("events", "--json").splitlines()]
    validators = {
        kind: Draft7Validator(json.loads(cfwh("schema", kind)), format_checker=formats) for kind in kinds
    }
    everything = json.loads(cfwh("schema"))
    base = dict(everything, anyOf=[{"$ref": "#/definitions/WebhookBase"}])
    base = Draft7Validator(base, format_checker=formats)

    bodies = pathlib.Path(path).read_bytes().split(b"\n")
    bodies = [body for body in bodies if body.strip()]
    verdicts = [json.loads(line) for line in cfwh("validate", "--json", path).splitlines()]
    if len(bodies) != len(verdicts):
        sys.exit(f"{len(bodies)} bodies, but {len(verdicts)} verdicts")
    agreed = not_json = outside = 0
    disagreements = []
    for body, verdict in zip(bodies, verdicts):
        rules = {finding["rule"] for finding in verdict["findings"]}
        refused = any(finding["origin"] == "document" for finding in verdict["findings"])
        if "json" in rules:
            not_json += 1
            continue
        if "undocumented-event" in rules:
            outside += 1
            continue
        value = json.loads(body)
        event = value.get("event") if isinstance(value, dict) else None
        if isinstance(event, str):
            allowed = event in validators and validators[event].is_valid(value)
        else:
            allowed = base.is_valid(value)
        if allowed == refused:
            disagreements.append((allowed, body))
        else:
            agreed += 1
    print(f"{agreed} agreed, {len(disagreements)} disagreed; apart: {not_json} no JSON, {outside} outside the document")
    for allowed, body in disagreements[:10]:
        print("jsonschema", "allows" if allowed else "refuses", body.decode(errors="replace"))
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 2 else __doc__)
