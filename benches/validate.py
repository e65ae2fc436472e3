#!/usr/bin/env python3
"""Compares `cfwh validate` with other validators on one machine.

    cargo build --profile dist
    python3 benches/validate.py

The other validators, if they are on the PATH: `jsonschema-cli` (cargo install jsonschema-cli) and `jsonschema`
(npm install -g @sourcemeta/jsonschema). Set SOURCEMETA=PATH if another program with the name `jsonschema` is first on the PATH. The script
installs nothing and reports missing tools. Runs alternate. It prints medians, with the maximum memory of all runs, as a Markdown table.
"""

import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CFWH = ROOT / "target/dist/cfwh"
RUNS = int(os.environ.get("RUNS", "9"))
SOURCEMETA = os.environ.get("SOURCEMETA", "jsonschema")
PEERS = {
    "jsonschema-cli": "cargo install jsonschema-cli",
    SOURCEMETA: "npm install -g @sourcemeta/jsonschema",
}


def measure(command, runs=1):
    """Returns the seconds of one run, and the maximum memory in MB. Fails if the exit code is not 0."""
    start = time.perf_counter()
    for _ in range(runs):
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        if status != 0:
            sys.exit(f"{' '.join(map(str, command[:6]))} … ended with {status}")
    return (time.perf_counter() - start) / runs, usage.ru_maxrss / 1024


def compare(title, commands, runs=1):
    """Runs the commands in turns, and prints a row for each. The first one is cfwh."""
    seconds = {name: [] for name in commands}
    memory = dict.fromkeys(commands, 0.0)
    for _ in range(RUNS):
        for name, command in commands.items():
            taken, used = measure(command, runs)
            seconds[name].append(taken)
            memory[name] = max(memory[name], used)
    ours = statistics.median(seconds["cfwh"])
    for name in commands:
        median = statistics.median(seconds[name])
        print(f"| {title} | {name} | {median * 1000:.1f} ms | {memory[name]:.0f} MB | {median / ours:.1f} |")


def write_inputs(folder):
    """Writes bodies of about 880 bytes, like real ones, with a long version message. Runs in a separate process, because the memory of a
    child includes the memory of its parent."""
    message = 'page.version.message="' + "Reviewed with the platform team and the people on call. " * 6 + '"'
    with open(folder / "bodies.jsonl", "wb") as file:
        subprocess.run([CFWH, "fake", "page_updated", "--count", "100000", "--format", "ndjson", "--set", message,
                        "--seed", "1", "--at", "2026-01-15T09:30:00Z"], check=True, stdout=file)
    (folder / "files").mkdir()
    with open(folder / "bodies.jsonl", "rb") as bodies, open(folder / "array.json", "wb") as array:
        for index, body in enumerate(bodies):
            array.write(b"," if index else b"[")
            array.write(body)
            if index < 5000:
                (folder / "files" / f"{index:05}.json").write_bytes(body)
        array.write(b"]")
    schema = json.loads(subprocess.run([CFWH, "schema", "page_updated"], check=True, stdout=subprocess.PIPE).stdout)
    (folder / "schema.json").write_text(json.dumps(schema))
    definitions = schema.pop("definitions")
    items = {"$schema": schema["$schema"], "type": "array", "items": {"allOf": schema["allOf"]},
             "definitions": definitions}
    (folder / "array.schema.json").write_text(json.dumps(items))


def main():
    if not CFWH.exists():
        sys.exit("there is no target/dist/cfwh: cargo build --profile dist")
    have = {name for name in PEERS if shutil.which(name)}
    for name in PEERS.keys() - have:
        print(f"left out: {name} is not on the PATH ({PEERS[name]})", file=sys.stderr)
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    print(f"{os.cpu_count()} cores, {cpu}, {platform.system()} {platform.machine()}, {time.strftime('%Y-%m-%d')}; "
          f"medians of {RUNS} alternating runs\n")
    for name in have:
        version = subprocess.run([name, "--version"], stdout=subprocess.PIPE, text=True).stdout.strip()
        print(f"- {name} {version}")
    print("\n| work | program | time | memory | times ours |\n| --- | --- | --- | --- | --- |")

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        write_inputs(folder)
        files = sorted((folder / "files").iterdir())
        many = {"cfwh": [CFWH, "validate", folder / "bodies.jsonl"]}
        separate = {"cfwh": [CFWH, "validate", folder / "files"]}
        one = {"cfwh": [CFWH, "validate", files[0]]}
        if "jsonschema-cli" in have:
            cli = ["jsonschema-cli", "validate", "--assert-format"]
            many["jsonschema-cli"] = [*cli, folder / "array.schema.json", "-i", folder / "array.json"]
            separate["jsonschema-cli"] = [*cli, folder / "schema.json"] + ["-i", *files]
            one["jsonschema-cli"] = [*cli, folder / "schema.json", "-i", files[0]]
        if SOURCEMETA in have:
            sourcemeta = [SOURCEMETA, "validate", "--fast", "-F", folder / "schema.json"]
            many["@sourcemeta/jsonschema"] = [*sourcemeta, folder / "bodies.jsonl"]
            separate["@sourcemeta/jsonschema"] = [*sourcemeta, *files]
            one["@sourcemeta/jsonschema"] = [*sourcemeta, files[0]]
        compare("100,000 bodies in one NDJSON file", many)
        compare("5,000 files", separate)
        compare("one small file, whole process", one, runs=50)


if __name__ == "__main__":
    main()
