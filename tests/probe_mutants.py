#!/usr/bin/env python3
"""Checks that `cfwh probe` finds and names the flaws of receivers.

    tests/probe_mutants.py [--runs 50] [--only NAME|flaws|state|none]

It probes three kinds of receivers, and prints a line for each:

- flawed receivers (examples/flawed_receiver.rs): each has one flaw. The cases that fail, the root causes and the grade must be
  the expected ones.
- state mutants (tests/receivers/state.py): a receiver with a SQLite database that makes one mistake with deliveries. A case
  `state/*` must fail, and the root cause must be the expected one.
- the correct receiver with the database: it must pass every case with every profile, and then `--runs` times.

The exit code is 1 if one of them was not found or not named. It builds the programs with cargo, and needs Python 3.8.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

TESTS = pathlib.Path(__file__).resolve().parent
SECRET = "s3cret"

# The mutant, more options of the probe, a case that must fail, and the causes that must be named.
STATE_MUTANTS = [
    ("no-dedupe", [], "state/duplicate", ["applies duplicates twice"]),
    ("body-only", ["--profile", "forge"], "state/retry", ["treats retries as new deliveries"]),
    ("event-and-id", [], "state/reordered", ["treats later updates of an object as duplicates"]),
    ("timestamp", [], "state/concurrent", ["drops deliveries with the same timestamp"]),
    ("identifier-in-memory", [], "state/crash", ["forgets applied deliveries when it restarts"]),
    ("forgets-after-20", [], "state/story", ["forgets deliveries that it applied"]),
    ("check-then-insert", [], "state/concurrent", ["applies a delivery twice when two copies arrive together"]),
    ("last-write-wins", [], "state/reordered", ["lets an older delivery overwrite a newer one"]),
    ("updates-only-known", [], "state/reordered", ["drops updates that arrive before the creation"]),
    ("removes-only-known", [], "state/reordered", ["loses removals that arrive before the creation"]),
    ("acknowledges-first", ["--settle", "50ms"], "state/crash", ["acknowledges deliveries before it stores them"]),
    ("works-later", ["--settle", "300ms"], "state/crash", ["acknowledges deliveries before it stores them"]),
    ("two-transactions", [], "state/crash", ["applies a delivery in several transactions"]),
    ("effect-first", [], "state/concurrent", [
        "applies a delivery twice when two copies arrive together",
        "applies a delivery in several transactions",
    ]),
]

PROFILES = ["spec", "cloud", "datacenter", "forge"]


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class Outcome:
    """What a probe printed."""

    def __init__(self, command):
        start = time.time()
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        self.seconds = time.time() - start
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        self.code, self.stderr = run.returncode, run.stderr.strip()
        self.failed = {line["case"]: line["received"]["summary"] for line in lines if line.get("verdict") == "fail"}
        end = next((line for line in lines if line.get("type") == "grade"), {"causes": [], "grade": None})
        self.causes, self.grade = [cause["cause"] for cause in end["causes"]], end["grade"]

    def explain(self):
        """Prints why the outcome is wrong."""
        for case, summary in self.failed.items():
            print("      %s: %s" % (case, summary))
        print("      causes: %s; exit code %d %s" % (self.causes, self.code, self.stderr))


def probe_flawed(programs, flaw):
    """Probes a receiver with one flaw."""
    receiver = subprocess.Popen(
        [programs.flawed, flaw], stdin=subprocess.PIPE, stdout=subprocess.PIPE, universal_newlines=True)
    try:
        ready = json.loads(receiver.stdout.readline())
        return Outcome([programs.cfwh, "probe", ready["url"], "--secret", ready["secret"], "--json"])
    finally:
        receiver.stdin.close()
        receiver.stdout.close()
        receiver.wait()


def probe_state(programs, mutant, options):
    """Probes the receiver with a database, or a mutant of it. The probe starts it and kills it."""
    port = free_port()
    profile = options[options.index("--profile") + 1] if "--profile" in options else "spec"
    url = "http://127.0.0.1:%d/hooks%s" % (port, "/{event}" if profile == "cloud" else "")
    is_signed = profile in ("spec", "datacenter")
    with tempfile.TemporaryDirectory() as folder:
        receiver = [sys.executable, str(TESTS / "receivers/state.py"), "--port", str(port), "--mutant", mutant]
        receiver += ["--db", folder + "/state.db"] + (["--secret", SECRET] if is_signed else [])
        command = [programs.cfwh, "probe", url, "--state", "http://127.0.0.1:%d/state" % port, "--json"]
        command += ["--secret", SECRET] if is_signed else ["--auth", "none"]
        # The receiver has no token in its URL.
        command += ["--skip", "token/none"] if profile == "cloud" else []
        return Outcome(command + options + ["--"] + receiver)


class Table:
    """The lines, and how many of them are wrong."""

    def __init__(self):
        self.wrong = 0
        print("%-28s %-6s %-6s %-6s %8s" % ("receiver", "found", "named", "grade", "time"))

    def add(self, name, outcome, found, named, graded=True):
        print("%-28s %-6s %-6s %-6s %6.1f s" % (
            name, "yes" if found else "NO", "yes" if named else "NO", outcome.grade or "-", outcome.seconds))
        if not (found and named and graded):
            self.wrong += 1
            outcome.explain()
        sys.stdout.flush()


def flawed(programs, table, only):
    """Probes the receivers with one flaw, four at a time."""
    listed = subprocess.run([programs.flawed, "--list"], stdout=subprocess.PIPE, universal_newlines=True, check=True)
    flaws = [json.loads(line) for line in listed.stdout.splitlines()]
    flaws = [flaw for flaw in flaws if only in (None, "flaws", flaw["flaw"])]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        outcomes = pool.map(lambda flaw: probe_flawed(programs, flaw["flaw"]), flaws)
        for flaw, outcome in zip(flaws, outcomes):
            # A receiver that refuses everything also refuses the slow body. Only one flaw is about it.
            failed = {case for case in outcome.failed if case != "body/slow" or flaw["flaw"] == "Impatient"}
            found, named = failed == set(flaw["cases"]), outcome.causes == flaw["causes"]
            table.add(flaw["flaw"], outcome, found, named, outcome.grade == flaw["grade"])
    return len(flaws)


def mutants(programs, table, only):
    """Probes the state mutants, one after the other: some of their mistakes depend on time."""
    chosen = [mutant for mutant in STATE_MUTANTS if only in (None, "state", mutant[0])]
    for mutant, options, case, causes in chosen:
        outcome = probe_state(programs, mutant, options)
        others = [failed for failed in outcome.failed if not failed.startswith("state/")]
        found = outcome.code == 1 and case in outcome.failed and not others
        table.add(mutant, outcome, found, outcome.causes == causes)
    return len(chosen)


def correct(programs, table, runs):
    """Probes the correct receiver. Returns how many runs were clean."""
    clean = 0
    for run in [["--profile", profile] for profile in PROFILES] + [[] for _ in range(runs)]:
        outcome = probe_state(programs, "none", run)
        is_clean = (outcome.code, outcome.grade, outcome.failed) in [(0, "A", {}), (0, None, {})]
        clean += is_clean
        if run or not is_clean:
            table.add("correct, " + (run[1] if run else "spec"), outcome, is_clean, is_clean)
    return clean


def build():
    """Builds the programs, and returns their folder."""
    command = ["cargo", "build", "--quiet", "--bin", "cfwh", "--example", "flawed_receiver"]
    subprocess.run(command, cwd=str(TESTS.parent), check=True)
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", TESTS.parent / "target")) / "debug"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cfwh", help="this program instead of the one that cargo builds")
    parser.add_argument("--flawed", help="this program instead of the example flawed_receiver")
    parser.add_argument("--runs", type=int, default=3, help="how often the correct receiver is probed")
    parser.add_argument("--only", help="a flaw or a mutant, or all `flaws`, all `state` mutants, or `none`: the correct receiver")
    options = parser.parse_args()
    needs_build = options.cfwh is None or options.flawed is None and options.only is None
    folder = build() if needs_build else None
    options.cfwh = options.cfwh or str(folder / "cfwh")
    if options.flawed is None and folder is not None:
        options.flawed = str(folder / "examples/flawed_receiver")
    table = Table()
    count = flawed(options, table, options.only) if options.flawed else 0
    count += mutants(options, table, options.only)
    wrong = table.wrong
    runs = options.runs if options.only in (None, "none") else None
    if count:
        print("%d of %d flawed receivers were found and named\n" % (count - wrong, count))
    if runs is not None:
        clean, runs = correct(options, table, runs), len(PROFILES) + runs
        print("the correct receiver passed %d of %d runs" % (clean, runs))
    sys.exit(1 if table.wrong else 0)


if __name__ == "__main__":
    main()
