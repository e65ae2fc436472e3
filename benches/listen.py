#!/usr/bin/env python3
"""How many signed deliveries a second `cfwh listen` takes, beside other receivers on the same machine.

    cargo build --profile dist --bins --examples
    python3 benches/listen.py [--rounds N] [--seconds S]

`wrk` posts one signed body of 900 bytes over 64 keep-alive connections. The receivers take turns, round after round, so
that what else the machine does hits all alike; the median of the rounds counts. On a machine that does other things, the
processor time a request (all processes of a receiver together) tells more than the rate. Captures go to TMPDIR; on ext4
wait five minutes after many files were deleted there (by this script too), or they take twice as long.
Compared are

    cfwh            cfwh listen --quiet --secret s3cret: verifies and validates
    cfwh --capture  the same, every delivery kept in a file
    node            a cluster of two Node.js processes that only checks the HMAC
    webhook         Debian's `webhook`, with a payload-hmac-sha256 rule and a command that does nothing
    hyper           examples/bare_receiver.rs: hyper that only checks the HMAC

Then follows how many files a second two threads reach that only keep deliveries (examples/bare_captures.rs), which is the
most that --capture could reach on this file system, and each ratio with the one that is wanted, met or missed.

What is missing is said and left out; nothing is installed.
"""

import argparse
import hashlib
import hmac
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECRET = "s3cret"
PATH = "/webhooks/confluence"
GET = {"wrk": "apt install wrk", "node": "apt install nodejs", "webhook": "apt install webhook",
       "hyper": "cargo build --profile dist --examples", "cfwh": "cargo build --profile dist"}
TARGETS = [("cfwh", "node", 2.0), ("cfwh", "webhook", 5.0), ("cfwh", "hyper", 0.7), ("cfwh --capture", "node", 1.0)]

NODE = """
const cluster = require('cluster'), http = require('http'), crypto = require('crypto');
if (cluster.isPrimary) { cluster.fork(); cluster.fork(); } else {
  http.createServer((request, response) => {
    const chunks = [];
    request.on('data', chunk => chunks.push(chunk)).on('end', () => {
      const right = Buffer.from('sha256=' + crypto.createHmac('sha256', 's3cret').update(Buffer.concat(chunks)).digest('hex'));
      const given = Buffer.from(request.headers['x-hub-signature'] || '');
      response.statusCode = given.length === right.length && crypto.timingSafeEqual(given, right) ? 200 : 401;
      response.end('ok\\n');
    });
  }).listen(+process.argv[2], '127.0.0.1');
}
"""

LUA = """
wrk.method = "POST"
local file = io.open("%s", "rb")
wrk.body = file:read("*a")
file:close()
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-Hub-Signature"] = "%s"
"""


def delivery():
    """A clean body of 900 bytes, made by cfwh itself, its title stretched."""
    made = subprocess.run([cfwh(), "fake", "page_updated", "--seed", "1", "--at", "2026-01-15T09:30:00Z", "--format",
                           "json", "--set", 'page.title=""'], capture_output=True, check=True).stdout
    body = made.strip().replace(b'"title":""', b'"title":"' + b"x" * (900 - len(made.strip())) + b'"')
    assert len(body) == 900, len(body)
    return body


def cfwh():
    return os.environ.get("CFWH", str(ROOT / "target/dist/cfwh"))


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Contestant:
    def __init__(self, name, command, path=PATH):
        self.name, self.command, self.path = name, command, path
        self.rates, self.p99s, self.costs, self.bad = [], [], [], 0

    def run(self, folder, script, seconds):
        port = free_port()
        process = subprocess.Popen(self.command(port, folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   start_new_session=True)
        try:
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            url = f"http://127.0.0.1:{port}{self.path}"
            wrk = ["wrk", "-t1", "-c64", "--latency", "-s", script]
            subprocess.run([*wrk, "-d1s", url], capture_output=True)
            before = processor_time(process.pid)
            said = subprocess.run([*wrk, f"-d{seconds}s", url], capture_output=True, text=True).stdout
            self.rates.append(float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]))
            requests = int(re.search(r"(\d+) requests in", said)[1])
            self.costs.append((processor_time(process.pid) - before) / requests * 1e6)
            number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()
            self.p99s.append(float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit])
            if bad := re.search(r"Non-2xx or 3xx responses: (\d+)", said):
                self.bad += int(bad[1])
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def processor_time(group):
    """What the living processes of a group have used, in seconds."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def captured(port, folder):
    captures = tempfile.mkdtemp(dir=folder)
    return [cfwh(), "listen", "--quiet", "--secret", SECRET, "--port", str(port), "--capture", captures, "--capture-limit", "1000GiB"]


def hooks(folder):
    rule = {"match": {"type": "payload-hmac-sha256", "secret": SECRET,
                      "parameter": {"source": "header", "name": "X-Hub-Signature"}}}
    path = Path(folder, "hooks.json")
    path.write_text(json.dumps([{"id": "confluence", "execute-command": "/bin/true", "trigger-rule": rule,
                                 "trigger-rule-mismatch-http-response-code": 401}]))
    return str(path)


def contestants(folder):
    node = Path(folder, "node.js")
    node.write_text(NODE)
    bare = ROOT / "target/dist/examples/bare_receiver"
    found = [
        ("cfwh", cfwh(), lambda port, _: [cfwh(), "listen", "--quiet", "--secret", SECRET, "--port", str(port)], PATH),
        ("cfwh --capture", cfwh(), captured, PATH),
        ("node", "node", lambda port, _: ["node", str(node), str(port)], PATH),
        ("webhook", "webhook", lambda port, _: ["webhook", "-hooks", hooks(folder), "-ip", "127.0.0.1", "-port",
                                                str(port), "-urlprefix", "webhooks"], PATH),
        ("hyper", str(bare), lambda port, _: [str(bare), str(port)], PATH),
    ]
    for name, program, command, path in found:
        if shutil.which(program):
            yield Contestant(name, command, path)
        else:
            print(f"{name} is left out: {program} is missing ({GET[name.split()[0]]})")


def keeping(folder):
    """Files a second of two threads that do nothing but keep deliveries: as `listen` does, and created under their names."""
    program = ROOT / "target/dist/examples/bare_captures"
    if not program.exists():
        print(f"what keeping alone reaches is left out: {program} is missing ({GET['hyper']})")
        return None
    return [statistics.median(int(subprocess.run([program, tempfile.mkdtemp(dir=folder), how], capture_output=True,
                                                 check=True).stdout) for _ in range(3)) for how in ("kept", "created")]


def memory():
    """Resident memory in MB: idle, and with 1,000 connections that have begun a request."""
    port = free_port()
    process = subprocess.Popen([cfwh(), "listen", "--quiet", "--secret", SECRET, "--port", str(port)],
                               stdout=subprocess.PIPE)
    process.stdout.readline()

    def resident():
        status = Path(f"/proc/{process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    idle = resident()
    held = []
    for _ in range(1000):
        held.append(socket.create_connection(("127.0.0.1", port)))
        held[-1].sendall(f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\n".encode())
    time.sleep(0.3)
    busy = resident()
    process.send_signal(signal.SIGINT)
    process.wait()
    return idle, busy


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    options = parser.parse_args()
    for program in ("wrk", cfwh()):
        if not shutil.which(program):
            sys.exit(f"{program} is missing: {GET.get(Path(program).name)}")
    with tempfile.TemporaryDirectory(prefix="cfwh-bench-") as folder:
        body = delivery()
        Path(folder, "body").write_bytes(body)
        script = Path(folder, "post.lua")
        signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        script.write_text(LUA % (Path(folder, "body"), signature))
        running = list(contestants(folder))
        for number in range(options.rounds):
            for contestant in running:
                contestant.run(folder, str(script), options.seconds)
            print(f"round {number + 1}:", ", ".join(f"{c.name} {c.rates[-1]:,.0f}/s" for c in running), flush=True)
        print(f"\n{'receiver':<16}{'median /s':>12}{'lowest':>10}{'highest':>10}{'p99':>10}{'µs CPU each':>13}  not 2xx")
        for c in running:
            print(f"{c.name:<16}{statistics.median(c.rates):>12,.0f}{min(c.rates):>10,.0f}{max(c.rates):>10,.0f}"
                  f"{statistics.median(c.p99s):>7.1f} ms{statistics.median(c.costs):>13.1f}  {c.bad}")
        alone = keeping(folder)
    rates = {c.name: c.rates for c in running}
    print()
    if alone:
        beside = f": {alone[0] / statistics.median(rates['node']):.2f} times node" if "node" in rates else ""
        print(f"keeping alone, two threads that do nothing else: {alone[0]:,.0f} files a second{beside}")
        print(f"the same without the promise, files created under their names: {alone[1]:,.0f} a second")
    for ours, theirs, target in TARGETS:
        if ours in rates and theirs in rates:
            ratio = statistics.median(a / b for a, b in zip(rates[ours], rates[theirs]))
            print(f"{ours} is {ratio:.2f} times {theirs} (wanted: {target}): {'met' if ratio >= target else 'MISSED'}")
    p99 = next(statistics.median(c.p99s) for c in running if c.name == "cfwh")
    print(f"cfwh answers 99 in 100 within {p99:.1f} ms (wanted: under 10): {'met' if p99 < 10 else 'MISSED'}")
    idle, busy = memory()
    print(f"memory: {idle:.1f} MB idle (wanted: under 10): {'met' if idle < 10 else 'MISSED'}")
    print(f"memory: {busy:.1f} MB with 1,000 connections (wanted: under 64): {'met' if busy < 64 else 'MISSED'}")


if __name__ == "__main__":
    main()
