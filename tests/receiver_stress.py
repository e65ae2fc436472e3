#!/usr/bin/env python3
"""Shows that `cfwh listen` loses nothing, survives hostile peers, and judges streams of deliveries rightly.

    cargo build --release
    python3 tests/receiver_stress.py                    everything, about two minutes
    python3 tests/receiver_stress.py kill               only the kill -9 run
    python3 tests/receiver_stress.py hostile oracle     only these
    CFWH=/path/to/cfwh python3 tests/receiver_stress.py

Python 3.9 and its standard library, Linux. It prints what it did; exit code 0 when everything held, 1 when not.
"""

import hashlib
import hmac
import itertools
import json
import os
import random
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECRET = "s3cret"
PATH = "/webhooks/confluence"
FAILED = []


def program():
    given = os.environ.get("CFWH")
    for path in [given] if given else [ROOT / "target/release/cfwh", ROOT / "target/debug/cfwh"]:
        if path and Path(path).exists():
            return str(path)
    sys.exit("cfwh is not built: cargo build --release, or set CFWH=/path/to/cfwh")


def check(what, holds, detail=""):
    print(f"  {'ok  ' if holds else 'FAIL'}  {what}{'  (' + detail + ')' if detail else ''}", flush=True)
    if not holds:
        FAILED.append(what)


class Receiver:
    """A running `cfwh listen --quiet`."""

    def __init__(self, *arguments, descriptors=None):
        def limit():
            if descriptors:
                resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [program(), "listen", "--quiet", "--port", "0", *arguments],
            stdout=subprocess.PIPE, stderr=self.errors, preexec_fn=limit,
            env={**os.environ, "CFWH_SECRET": SECRET},
        )
        ready = self.process.stdout.readline().decode()
        if not ready.startswith("ready "):
            sys.exit(f"the receiver did not get ready: {self.said()}")
        self.port = int(ready.split("//")[1].split("/")[0].rsplit(":", 1)[1])

    def said(self):
        self.errors.seek(0)
        return self.errors.read().decode()

    def connect(self, timeout=15):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=timeout)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def memory(self):
        """Resident memory in MB."""
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0

    def alive(self):
        return self.process.poll() is None

    def end(self):
        self.process.send_signal(signal.SIGINT)
        started = time.time()
        self.process.wait(10)
        self.process.stdout.close()
        return time.time() - started


def body(number=1):
    page = {"id": str(number), "title": f"Page {number} – été", "type": "page", "status": "current"}
    return json.dumps({"timestamp": 1700000000000 + number, "event": "page_created", "userAccountId": "u", "page": page},
                      ensure_ascii=False).encode()


def request(content, headers=(), path=PATH, sign=True):
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json",
             f"Content-Length: {len(content)}", *headers]
    if sign:
        lines.append("X-Hub-Signature: sha256=" + hmac.new(SECRET.encode(), content, hashlib.sha256).hexdigest())
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + content


def reply(connection):
    """The status of the next answer, its body read; None when the connection ends without one."""
    data = b""
    try:
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                return None
            data += more
        head, rest = data.split(b"\r\n\r\n", 1)
        status = int(head.split()[1])
        if status == 100:
            return status
        length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
                       if line.startswith(b"content-length:")), 0)
        while len(rest) < length:
            more = connection.recv(65536)
            if not more:
                break
            rest += more
        return status
    except (ConnectionError, socket.timeout, ValueError, IndexError):
        return None


def exchange(receiver, data, timeout=15):
    with receiver.connect(timeout) as connection:
        try:
            connection.sendall(data)
        except ConnectionError:
            pass  # The answer may be there all the same.
        return reply(connection)


def good(receiver):
    """A good delivery right now: its status and its milliseconds."""
    started = time.time()
    try:
        status = exchange(receiver, request(body(random.randrange(10**9))))
    except OSError as error:
        status = str(error)
    return status, (time.time() - started) * 1000


def still_good(receiver, after):
    status, milliseconds = good(receiver)
    check(f"a good delivery after {after} is answered 200", status == 200 and receiver.alive(),
          f"{status}, {milliseconds:.1f} ms, {receiver.memory():.0f} MB")


# --- kill -9 -------------------------------------------------------------------------------------------------------

def kill(kills=10, acknowledged_each=2200, clients=4):
    print(f"kill -9 under load: {kills} kills, at least {kills * acknowledged_each} acknowledged deliveries")
    folder = Path(tempfile.mkdtemp(prefix="cfwh-proof-"))
    acknowledged, numbers, sent_unanswered = set(), itertools.count(1), 0
    for _ in range(kills):
        receiver = Receiver("--capture", str(folder))
        enough, before, lock = threading.Event(), len(acknowledged), threading.Lock()
        unanswered = []

        def client():
            try:
                connection = receiver.connect()
                while True:
                    with lock:
                        number = next(numbers)
                    content = body(number)
                    connection.sendall(request(content))
                    status = reply(connection)
                    if status != 200:
                        unanswered.append((number, status))
                        return
                    with lock:
                        acknowledged.add(content)
                        if len(acknowledged) - before >= acknowledged_each:
                            enough.set()
            except OSError:
                return

        threads = [threading.Thread(target=client) for _ in range(clients)]
        for thread in threads:
            thread.start()
        enough.wait(60)
        time.sleep(random.random() / 50)  # At any moment, not right after an answer.
        receiver.process.kill()
        receiver.process.wait()
        for thread in threads:
            thread.join()
        sent_unanswered += len(unanswered)
        check_no_5xx = [status for _, status in unanswered if status]
        if check_no_5xx:
            check("no delivery was refused", False, str(check_no_5xx))
    kept, halves, names = set(), [], sorted(folder.glob("*.http"))
    for path in names:
        head, _, content = path.read_bytes().partition(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
                      if line.startswith(b"content-length:"))
        kept.add(content)
        if len(content) != length:
            halves.append(path.name)
    lost = acknowledged - kept
    prefixes = [name.name.split("-")[0] for name in names]
    print(f"  {len(acknowledged)} acknowledged, {len(names)} captures, {sent_unanswered} without an answer when killed")
    check("every acknowledged delivery is there, byte for byte", not lost, f"{len(lost)} lost")
    check("no half file has a final name", not halves, f"{len(halves)} halves")
    check("numbers go on over restarts and none is given twice", len(set(prefixes)) == len(prefixes))
    modes = {oct(path.stat().st_mode & 0o777) for path in names}
    check("captures are for their owner alone", modes == {"0o600"}, str(modes))
    subprocess.run(["rm", "-rf", str(folder)], check=True)


# --- hostile peers -------------------------------------------------------------------------------------------------

def hostile():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    receiver = Receiver()
    print("hostile peers, one receiver for all")
    still_good(receiver, "the start")
    check("idle memory is under 10 MB", receiver.memory() < 10, f"{receiver.memory():.1f} MB")
    half_heads(receiver)
    dripping_bodies(receiver)
    endless_chunks(receiver)
    lengths(receiver)
    header_lines(receiver)
    protocol(receiver)
    resets(receiver)
    never_reading(receiver)
    random_bytes(receiver)
    seconds = receiver.end()
    check("it ends within a second", seconds < 1 and receiver.process.returncode == 0, f"{seconds:.2f} s")
    check("it never panicked", "panicked" not in receiver.said())
    few_descriptors()
    full_disk()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def half_heads(receiver, count=1000):
    silent = []
    for _ in range(count):
        connection = receiver.connect()
        connection.sendall(f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Ty".encode())
        silent.append(connection)
    time.sleep(0.3)
    check(f"memory with {count} half heads is under 64 MB", receiver.memory() < 64, f"{receiver.memory():.0f} MB")
    results = [good(receiver) for _ in range(500)]
    times = sorted(milliseconds for _, milliseconds in results)
    check(f"good deliveries beside {count} half heads are answered, p99 under 100 ms",
          all(status == 200 for status, _ in results) and times[494] < 100,
          f"p50 {times[250]:.1f}, p99 {times[494]:.1f} ms")
    for connection in silent:
        connection.close()
    silent = [receiver.connect() for _ in range(3000)]
    still_good(receiver, "3,000 connections that say nothing")
    for connection in silent:
        connection.close()


def dripping_bodies(receiver, count=200):
    dripping = []
    for _ in range(count):
        connection = receiver.connect()
        connection.sendall(request(b"x" * 1000)[:-1000] + b"{")
        dripping.append(connection)
    results = []
    for _ in range(20):
        for connection in dripping:
            try:
                connection.send(b" ")
            except OSError:
                pass
        results.append(good(receiver))
    check(f"good deliveries beside {count} dripping bodies", all(status == 200 for status, _ in results),
          f"slowest {max(milliseconds for _, milliseconds in results):.1f} ms")
    first = dripping[0]
    first.settimeout(15)
    started = time.time()
    status = reply(first)
    check("a body that takes too long is answered 408", status == 408, f"{status} after {time.time() - started:.1f} s more")
    for connection in dripping:
        connection.close()
    large = []
    for _ in range(200):
        connection = receiver.connect()
        connection.settimeout(5)
        try:
            connection.sendall(request(b"x" * 1048576)[:-1])
        except OSError:
            pass
        large.append(connection)
    time.sleep(0.5)
    check("200 bodies of 1 MiB that lack a byte take bounded memory", receiver.memory() < 200, f"{receiver.memory():.0f} MB")
    still_good(receiver, "those")
    for connection in large:
        connection.close()


def endless_chunks(receiver):
    before = receiver.memory()
    with receiver.connect() as connection:
        head = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        chunk, sent, status = b"10000\r\n" + b"x" * 65536 + b"\r\n", 0, None
        try:
            while sent < 512 * 1024 * 1024 and not select.select([connection], [], [], 0)[0]:
                connection.sendall(chunk)
                sent += len(chunk)
        except OSError:
            pass
        status = reply(connection)
    check("an endless chunked body is answered 413", status == 413, f"{status} after {sent >> 20} MiB")
    check("memory stays flat", receiver.memory() < before + 32, f"{before:.0f} to {receiver.memory():.0f} MB")
    # A client that reads only when it has sent everything.
    status = exchange(receiver, request(b"x" * (8 << 20)))
    check("a client that sends 8 MiB before it reads gets its 413", status == 413, str(status))
    still_good(receiver, "bodies that are too large")


def lengths(receiver):
    content = body()

    def with_length(*lines):
        text = request(content).decode("latin-1").replace(f"Content-Length: {len(content)}", "\r\n".join(lines))
        return text.encode("latin-1")

    for name, lines, expected in [
        ("a negative Content-Length", ["Content-Length: -1"], {400}),
        ("a Content-Length of 10^12", ["Content-Length: 1000000000000"], {413}),
        ("a Content-Length of 10^20", ["Content-Length: 100000000000000000000"], {400}),
        ("a Content-Length that is no number", ["Content-Length: 12x"], {400}),
        ("two different Content-Lengths", ["Content-Length: 5", "Content-Length: 6"], {400}),
        ("both lengths", [f"Content-Length: {len(content)}", "Transfer-Encoding: chunked"], {400}),
        ("both lengths, the other way round", ["Transfer-Encoding: chunked", "Content-Length: 5"], {400}),
        ("an unknown Transfer-Encoding", ["Transfer-Encoding: gzip"], {400}),
        ("no length", ["X-Nothing: 1"], {411}),
    ]:
        status = exchange(receiver, with_length(*lines))
        check(f"{name} is refused", status in expected, str(status))
    with receiver.connect() as connection:
        connection.sendall(with_length(f"Content-Length: {len(content) + 100}"))
        connection.shutdown(socket.SHUT_WR)
        reply(connection)
    with receiver.connect() as connection:  # Too short: the rest is no request.
        connection.sendall(with_length(f"Content-Length: {len(content) - 10}"))
        first, second = reply(connection), reply(connection)
    check("a Content-Length that is too short makes no second delivery", first in (400, 401) and second in (400, None),
          f"{first}, {second}")
    still_good(receiver, "lengths that lie")


def header_lines(receiver):
    status = exchange(receiver, request(body(), ["X-Long: " + "a" * 100_000]))
    check("a header line of 100 KB is refused", status in (431, None), str(status))
    before, sent, status = receiver.memory(), 0, None
    with receiver.connect() as connection:
        try:
            connection.sendall(f"POST {PATH} HTTP/1.1\r\nX-Long: ".encode())
            while sent < 300_000_000:
                connection.sendall(b"a" * 1_000_000)
                sent += 1_000_000
        except OSError:
            pass
    check("a header line of 300 MB takes no memory", receiver.memory() < before + 16,
          f"{sent // 1_000_000} MB sent, {before:.0f} to {receiver.memory():.0f} MB")
    status = exchange(receiver, request(body(), [f"X-{index}: 1" for index in range(500)]))
    check("500 header lines are refused", status in (431, None), str(status))
    status = exchange(receiver, request(body(), ["X-Odd: caf\u00e9 \u65b0"]))
    check("a header that is not ASCII does no harm", status == 200, str(status))
    still_good(receiver, "headers")


def protocol(receiver):
    content = body()
    status = exchange(receiver, request(content).replace(b"HTTP/1.1", b"HTTP/1.0"))
    check("HTTP/1.0 is answered", status == 200, str(status))
    with receiver.connect() as connection:
        connection.sendall(request(content) * 20)
        data, started = b"", time.time()
        while data.count(b"HTTP/1.1 200") < 20 and time.time() - started < 10:
            data += connection.recv(65536)
    check("20 pipelined deliveries are answered", data.count(b"HTTP/1.1 200") == 20)
    with receiver.connect() as connection:
        whole = request(content, ["Expect: 100-continue"])
        connection.sendall(whole[:-len(content)])
        first = reply(connection)
        connection.sendall(content)
        second = reply(connection)
    check("Expect: 100-continue", (first, second) == (100, 200), f"{first}, {second}")
    with receiver.connect() as connection:
        connection.sendall(request(b"x" * 2_000_000, ["Expect: 100-continue"])[:-2_000_000])
        first = reply(connection)
    check("a body that is too large is refused before it is sent", first == 413, str(first))


def resets(receiver, count=500):
    for _ in range(count):
        connection = receiver.connect()
        connection.sendall(request(b"x" * 5000)[:-2000])
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    still_good(receiver, f"{count} resets in mid-body")


def never_reading(receiver, count=50):
    deaf, data = [], request(body()) * 200
    for _ in range(count):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.connect(("127.0.0.1", receiver.port))
        connection.setblocking(False)
        deaf.append(connection)
    for _ in range(100):
        for connection in deaf:
            try:
                connection.send(data)
            except OSError:
                pass
    check(f"memory with {count} clients that never read is bounded", receiver.memory() < 128, f"{receiver.memory():.0f} MB")
    still_good(receiver, f"{count} clients that never read")
    deadline = time.time() + 45
    while time.time() < deadline and connections(receiver) > 5:
        time.sleep(0.5)
    check("they are left after a while", connections(receiver) <= 5, f"{connections(receiver)} connections")
    for connection in deaf:
        connection.close()


def connections(receiver):
    return sum("socket:" in os.readlink(path) for path in Path(f"/proc/{receiver.process.pid}/fd").iterdir()) - 4


def random_bytes(receiver, count=20_000):
    source, worst = random.Random(1), None
    statuses = {}
    starts = [b"", b"POST ", f"POST {PATH} HTTP/1.1\r\n".encode(),
              f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n".encode()]
    for index in range(count):
        with receiver.connect() as connection:
            try:
                connection.sendall(starts[index % 4] + source.randbytes(source.randrange(1, 300)))
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            status = reply(connection)
        statuses[status] = statuses.get(status, 0) + 1
        if status and status >= 500:
            worst = status
    check(f"{count} requests of random bytes, never a 5xx", worst is None, str(statuses))
    still_good(receiver, "random bytes")


def few_descriptors():
    receiver = Receiver(descriptors=64)
    held = [receiver.connect() for _ in range(150)]
    still_good(receiver, "150 connections with 64 descriptors")
    for connection in held:
        connection.close()
    still_good(receiver, "their end")
    receiver.end()


def full_disk():
    if not Path("/dev/full").exists() or os.geteuid() != 0:
        return print("  --    a full disk is not tried: that takes root, to mount a small one")
    folder = tempfile.mkdtemp(prefix="cfwh-full-")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True).returncode:
        os.rmdir(folder)
        return print("  --    a full disk is not tried: mounting a small one is not allowed here")
    try:
        receiver = Receiver("--capture", folder)
        statuses = [good(receiver)[0] for _ in range(60)]
        kept = len(list(Path(folder).glob("*.http")))
        check("on a full disk what is not kept is answered 503, and it goes on",
              statuses[0] == 200 and statuses[-1] == 503 and kept == statuses.count(200),
              f"{statuses.count(200)} times 200, {kept} kept, {statuses.count(503)} times 503")
        check("it says so", "cannot save a capture" in receiver.said())
        for path in Path(folder).glob("*.http"):
            path.unlink()
        check("with room again it keeps again", good(receiver)[0] == 200)
        receiver.end()
    finally:
        subprocess.run(["umount", folder], check=True)
        os.rmdir(folder)


# --- the oracle ----------------------------------------------------------------------------------------------------

STREAMS = {
    "nothing": [],
    "c": ["page_created"],
    "c u": ["page_created", "page_updated"],
    "u c": ["page_updated", "page_created"],
    "c c": ["page_created", "page_created"],
    "c c c": ["page_created"] * 3,
    "c s": ["page_created", "space_created"],
    "c bad-c": ["page_created", "!page_created"],
}
EXPECTATIONS = {
    "--expect page_created": {"c", "c u", "u c", "c c", "c c c", "c s", "c bad-c"},
    "--expect page_created=1": {"c", "c u", "u c", "c s", "c bad-c"},
    "--expect page_created=2": {"c c"},
    "--expect page_*=2": {"c u", "u c", "c c"},
    "--expect page_created --expect page_updated": {"c u", "u c"},
    "--expect page_created --expect page_updated --in-order": {"c u"},
    "--forbid space_*": set(STREAMS) - {"c s"},
    "--expect page_created=1 --forbid space_*": {"c", "c u", "u c", "c bad-c"},
    "--count 2": {"c u", "u c", "c c", "c c c", "c s", "c bad-c"},
}


def oracle():
    print(f"the oracle: {len(STREAMS)} streams × {len(EXPECTATIONS)} expectations, as a command's and from outside")
    for options, right in EXPECTATIONS.items():
        for way in (by_command, from_outside):
            wrong = []
            for name, stream in STREAMS.items():
                code = way(options.split(), stream)
                if code != (0 if name in right else 1):
                    wrong.append(f"{name}: {code}")
            check(f"{options}, {'the stream comes from a command' if way is by_command else 'from outside'}",
                  not wrong, "; ".join(wrong) or f"0 for {len(right)}, 1 for {len(STREAMS) - len(right)}")
    for script, code in [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)]:
        run = listen(["--", "sh", "-c", script])
        check(f"a command that does `{script}` passes {code} on", run.returncode == code, str(run.returncode))
    run = listen(["--expect", "page_created", "--", "no-such-command"])
    check("a command that cannot be run is trouble", run.returncode == 2, str(run.returncode))
    run = listen(["--expect", "page_create"])
    check("a misspelt event is trouble, with the nearest name", run.returncode == 2 and b"page_created" in run.stderr)


def listen(arguments):
    return subprocess.run([program(), "listen", "--port", "0", *arguments], capture_output=True,
                          env={**os.environ, "CFWH_SECRET": SECRET}, timeout=60)


def deliver(stream, url):
    for event in stream:
        secret = "wrong" if event.startswith("!") else SECRET
        subprocess.run([program(), "send", event.lstrip("!"), "--secret", secret, "--to", url], capture_output=True)


def by_command(options, stream):
    sends = [f"{program()} send {event.lstrip('!')} --secret {'wrong' if event.startswith('!') else SECRET} --to $CFWH_URL"
             for event in stream]
    return listen([*options, "--", "sh", "-c", "; ".join([*sends, "true"])]).returncode


def from_outside(options, stream):
    receiver = Receiver(*options, "--within", "800ms")
    deliver(stream, f"http://127.0.0.1:{receiver.port}{PATH}")
    receiver.process.wait(30)
    receiver.process.stdout.close()
    return receiver.process.returncode


def main():
    parts = {"kill": kill, "hostile": hostile, "oracle": oracle}
    wanted = sys.argv[1:] or list(parts)
    if any(name not in parts for name in wanted):
        sys.exit(__doc__)
    print(f"{program()}: {subprocess.run([program(), '--version'], capture_output=True, text=True).stdout.strip()}")
    for name in wanted:
        started = time.time()
        parts[name]()
        print(f"  {time.time() - started:.0f} s\n")
    print("everything held" if not FAILED else f"{len(FAILED)} did not hold:\n  " + "\n  ".join(FAILED))
    sys.exit(1 if FAILED else 0)


if __name__ == "__main__":
    main()
