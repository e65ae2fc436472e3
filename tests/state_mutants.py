#!/usr/bin/env python3
"""Probes a correct receiver and each of its mutants with `cfwh probe --state`: every mistake must be found and named, and the
correct receiver must pass every time.

    tests/state_mutants.py [--cfwh target/release/cfwh] [--runs 50] [--only MUTANT]

Prints a line for each mutant. The exit code is 1 if one was not found or not named. Needs Python 3.8 and nothing else.
"""

import argparse
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SECRET = "s3cret"

# The mutant, more arguments of the probe, the first case that must fail, and the causes that must be named.
MUTANTS = [
    ("no-dedupe", [], "state/duplicate", "applies duplicates twice"),
    ("body-only", ["--profile", "forge", "--auth", "none"], "state/retry", "takes retries for new deliveries"),
    ("event-and-id", [], "state/reordered", "takes later deliveries about the same object for duplicates"),
    ("timestamp", [], "state/concurrent", "drops deliveries of the same millisecond"),
    ("identifier-in-memory", [], "state/crash", "forgets at a restart what it has applied"),
    ("forgets-after-20", [], "state/story", "forgets deliveries that it has applied"),
    ("check-then-insert", [], "state/concurrent", "applies a delivery twice when its copy comes before it is done"),
    ("last-write-wins", [], "state/reordered", "lets an older delivery overwrite a newer one"),
    ("updates-only-known", [], "state/reordered", "drops updates that arrive before the creation"),
    ("removes-only-known", [], "state/reordered", "forgets removals that arrive before the creation"),
    ("acknowledges-first", ["--settle", "50ms"], "state/crash", "acknowledges before it stores"),
    ("works-later", ["--settle", "300ms"], "state/crash", "acknowledges before it stores"),
    ("two-transactions", [], "state/crash", "applies a delivery in parts"),
    ("effect-first", [], "state/concurrent", 
     "applies a delivery twice when its copy comes before it is done; applies a delivery in parts"),
]


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def probe(cfwh, mutant, more):
    """The cases that failed, the causes, and what else was said."""
    port = free_port()
    url = "http://127.0.0.1:%d/hooks" % port
    with tempfile.TemporaryDirectory() as folder:
        receiver = [sys.executable, str(HERE / "receivers/state.py"), "--port", str(port), "--mutant", mutant]
        receiver += ["--db", folder + "/state.db"]
        secret = []
        if "none" not in more:
            secret = ["--secret", SECRET]
            receiver += secret
        state = "http://127.0.0.1:%d/state" % port
        command = [cfwh, "probe", url, "--only", "state/*", "--state", state, "--json", "--timeout", "10s"]
        run = subprocess.run(command + secret + more + ["--"] + receiver, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, universal_newlines=True)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    failed = {line["case"]: line["received"]["summary"] for line in lines if line.get("verdict") == "fail"}
    causes = [cause["cause"] for line in lines if line.get("type") == "grade" for cause in line["causes"]]
    return run.returncode, failed, causes, run.stderr.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cfwh", default=str(HERE.parent / "target/release/cfwh"))
    parser.add_argument("--runs", type=int, default=3, help="how often the correct receiver is probed")
    parser.add_argument("--only", help="one mutant, or none for the correct receiver")
    parser.add_argument("--verbose", action="store_true", help="print what the probe says")
    options = parser.parse_args()
    mistakes = 0
    for mutant, more, case, cause in MUTANTS:
        if options.only not in (None, mutant):
            continue
        start = time.time()
        code, failed, causes, said = probe(options.cfwh, mutant, more)
        good = code == 1 and case in failed and "; ".join(causes) == cause
        mistakes += not good
        print("%-5s %-22s %5.1f s  %s: %s" % (
            "found" if good else "WRONG", mutant, time.time() - start, " ".join(failed) or code, "; ".join(causes)))
        if options.verbose or not good:
            for case, summary in failed.items():
                print("      %s: %s" % (case, summary))
            if not good:
                print("      " + said)
        sys.stdout.flush()
    clean = 0
    runs = options.runs if options.only in (None, "none") else 0
    for _ in range(runs):
        start = time.time()
        code, failed, causes, said = probe(options.cfwh, "none", [])
        clean += code == 0
        if code != 0:
            print("WRONG none: %s %s %s" % (failed, causes, said))
            sys.stdout.flush()
    if runs:
        print("the correct receiver passed %d of %d runs, the last in %.1f s" % (clean, runs, time.time() - start))
    sys.exit(1 if mistakes or clean < runs else 0)


if __name__ == "__main__":
    main()
