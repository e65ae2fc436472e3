#!/usr/bin/env python3
"""Compares `cfwh fake` with @faker-js/faker, which builds the same fields, on one machine.

    cargo build --profile dist
    python3 benches/fake.py

benches/fake.mjs is the other program: Node with @faker-js/faker (npm install @faker-js/faker in any folder, and set FAKER=FOLDER if
that folder is not a parent of this one). The script installs nothing and reports missing tools. Runs alternate. Each run is a whole
process that writes NDJSON to /dev/null, including its start. On a busy machine, the rate per second of processor time is more
meaningful. The memory of a child includes the memory of its parent, so 14 MB are from this script. The script prints medians, with the
maximum memory of all runs, as a Markdown table, and whether the goals are met: a million payloads per second, and 20 times the other
program. It exits with 1 if a goal is missed.
"""

import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CFWH = pathlib.Path(os.environ.get("CFWH", ROOT / "target/dist/cfwh"))
RUNS = int(os.environ.get("RUNS", "5"))
COUNT = int(os.environ.get("COUNT", "5000000"))
PEER_COUNT = int(os.environ.get("PEER_COUNT", "100000"))
EVENTS = 19
WANTED_RATE, WANTED_RATIO = 1_000_000, 20


def measure(command):
    """Returns seconds, seconds of processor time, and the maximum memory in MB. Fails if the exit code is not 0."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(map(str, command[:6]))} … ended with {status}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def has_faker():
    probe = "const {createRequire} = require('module');" \
        "createRequire(process.env.FAKER ? process.env.FAKER + '/index.js' : process.argv[1])('@faker-js/faker')"
    node = shutil.which("node")
    return node and subprocess.run([node, "-e", probe, ROOT / "benches/fake.mjs"], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL).returncode == 0


def main():
    if not CFWH.exists():
        sys.exit(f"there is no {CFWH}: cargo build --profile dist")
    fake = [CFWH, "fake"]
    made = ["--seed", "1", "--at", "2026-01-15T09:30:00Z", "--format", "ndjson"]
    works = {
        "`cfwh fake page_created`": (COUNT, [*fake, "page_created", "--count", str(COUNT), *made]),
        "`cfwh fake all`": (COUNT // EVENTS * EVENTS, [*fake, "all", "--count", str(COUNT // EVENTS), *made]),
        "`cfwh fake story`": (COUNT, [*fake, "story", "--count", str(COUNT), *made]),
        "`cfwh fake page_created --profile cloud`":
            (COUNT, [*fake, "page_created", "--profile", "cloud", "--count", str(COUNT), *made]),
    }
    peer = "`@faker-js/faker`, page_created"
    if has_faker():
        works[peer] = (PEER_COUNT, ["node", ROOT / "benches/fake.mjs", str(PEER_COUNT)])
    else:
        print("left out: @faker-js/faker is not found by node (npm install @faker-js/faker, FAKER=FOLDER)", file=sys.stderr)
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    print(f"{os.cpu_count()} cores, {cpu}, {platform.system()} {platform.machine()}, {time.strftime('%Y-%m-%d')}; "
          f"medians of {RUNS} alternating runs\n")
    rates, memory = {name: [] for name in works}, dict.fromkeys(works, 0.0)
    busy = {name: [] for name in works}
    for _ in range(RUNS):
        for name, (count, command) in works.items():
            seconds, processor, used = measure(command)
            rates[name].append(count / seconds)
            busy[name].append(count / processor)
            memory[name] = max(memory[name], used)
    print("| work | payloads a second | a second of processor | memory |\n| --- | --- | --- | --- |")
    medians = {name: statistics.median(rates[name]) for name in works}
    for name, median in medians.items():
        print(f"| {name} | {median:,.0f} | {statistics.median(busy[name]):,.0f} | {memory[name]:.0f} MB |")

    ours = medians["`cfwh fake page_created`"]
    met = ours >= WANTED_RATE
    print(f"\n- wanted {WANTED_RATE:,} a second: {ours:,.0f}, {'met' if met else 'NOT met'}")
    if peer in medians:
        ratio = ours / medians[peer]
        met = met and ratio >= WANTED_RATIO
        print(f"- wanted {WANTED_RATIO} times @faker-js/faker: {ratio:.1f} times, "
              f"{'met' if ratio >= WANTED_RATIO else 'NOT met'}")
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
