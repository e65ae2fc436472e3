#!/usr/bin/env python3
"""Compares the speed of `cfwh send` with `oha` and `wrk`, which send one constant, unsigned body. `cfwh` generates and signs each body.
All of them post to an nginx that responds with 200, in turns. The script compares medians.

    cargo build --profile dist && python3 benches/send.py [--rounds 5] [--count 200000] [--concurrency 64]

The script installs nothing and reports missing tools. It also prints the spread, which is large on a busy machine.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOW = {
    "nginx": "apt-get install nginx-light",
    "oha": "cargo install oha --locked",
    "wrk": "apt-get install wrk",
}
NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; location / {{ return 200; }} }}
}}
"""
LUA = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local file = io.open("{body}", "rb")
wrk.body = file:read("*a")
file:close()
"""


def find(name, where):
    path = shutil.which(name, path=os.pathsep.join(filter(None, [where, os.environ.get("PATH", ""), "/usr/sbin"])))
    if path is None:
        print(f"missing: {name} ({HOW[name]})", file=sys.stderr)
    return path


def run(command):
    """Returns stdout, stderr, and the maximum memory in MiB, as counted by the kernel."""
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode()
    if child.returncode != 0:
        sys.exit(f"{command[0]} failed: {text}")
    return text, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cfwh", default=str(ROOT / "target/dist/cfwh"))
    parser.add_argument("--tools", help="a folder to look for the other tools in first")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--concurrency", type=int, default=64)
    options = parser.parse_args()

    nginx, oha, wrk = (find(name, options.tools) for name in ("nginx", "oha", "wrk"))
    if not pathlib.Path(options.cfwh).is_file():
        sys.exit(f"missing: {options.cfwh} (cargo build --profile dist)")
    if nginx is None:
        sys.exit("there is nothing to send to")

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        os.chmod(folder, 0o755)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
        sink = subprocess.Popen([nginx, "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
        try:
            measure(options, folder, f"http://127.0.0.1:{port}/hook", port, oha, wrk)
        finally:
            sink.terminate()
            sink.wait()


def measure(options, folder, url, port, oha, wrk):
    for _ in range(500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.01)
    body = folder / "body.json"
    made = [options.cfwh, "fake", "page_updated", "--seed", "1", "--format", "json"]
    body.write_bytes(subprocess.run(made, check=True, capture_output=True).stdout)
    (folder / "post.lua").write_text(LUA.format(body=body))

    count, concurrency = str(options.count), str(options.concurrency)
    send = [options.cfwh, "send", "page_updated", "--secret", "s", "--to", url, "--seed", "1"]

    def cfwh():
        text, memory = run([*send, "--count", count, "--concurrency", concurrency, "--format", "json"])
        memories.append(memory)
        return float(re.search(r"(\d+) a second", text)[1])

    def with_oha():
        text, _ = run([oha, "--no-tui", "-n", count, "-c", concurrency, "-m", "POST", "-D", str(body),
                       "-T", "application/json", url])
        return float(re.search(r"Requests/sec:\s*([\d.]+)", text)[1])

    def with_wrk():
        text, _ = run([wrk, "-t2", "-c", concurrency, "-d3s", "-s", str(folder / "post.lua"), url])
        return float(re.search(r"Requests/sec:\s*([\d.]+)", text)[1])

    memories = []
    tools = {"cfwh": cfwh}
    if oha:
        tools["oha"] = with_oha
    if wrk:
        tools["wrk"] = with_wrk
    rates = {name: [] for name in tools}
    for _ in range(options.rounds):
        for name, tool in tools.items():
            rates[name].append(tool())
    medians = {name: statistics.median(values) for name, values in rates.items()}
    for name, values in rates.items():
        print(f"{name:<5} {medians[name]:>9.0f} a second   ({min(values):.0f} to {max(values):.0f})")
    for name, target in (("oha", 0.8), ("wrk", 0.5)):
        if name in medians:
            print(f"cfwh is {medians['cfwh'] / medians[name]:.2f} times {name} (target {target})")
    print(f"memory: {max(memories):.0f} MiB at {options.count} deliveries (target 64)")

    text, _ = run([*send, "--rate", "1000/s", "--duration", "5s", "--json"])
    summary = json.loads(text.strip().splitlines()[-1])
    print(f"--rate 1000/s: {summary['rate']:.1f} a second (target within 1 %), latencies {summary['ms']}")


if __name__ == "__main__":
    main()
