#!/usr/bin/env python3
"""Shows that receivers and libraries of other people accept what `cfwh send` makes for each sender, and refuse what it forges.

    cargo build --release
    python3 tests/senders_oracles.py                    everything; installing takes about four minutes
    python3 tests/senders_oracles.py --folder DIR       installs into DIR, and finds there what is installed
    python3 tests/senders_oracles.py connect qsh        only these: connect, fit, qsh, datacenter
    CFWH=/path/to/cfwh python3 tests/senders_oracles.py

connect      atlassian-connect-express: `installed`, events, and every fault
fit          jose (Node.js) and PyJWT: tokens of Forge, with the keys of `cfwh jwks --serve`
qsh          atlassian-jwt from npm and from PyPI: the same `qsh` for a list of URLs
datacenter   Debian's `webhook`: signed events, every fault, and the ping

Python 3.9, Node.js with npm, and for the last part `webhook` (apt-get install webhook); it installs the other packages, but
not these. Not part of the test suite, because it needs package registries. It prints what it did; exit code 0 when
everything held, 1 when not, 2 when something is missing and could not be installed.
"""

import argparse
import base64
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NPM = ["atlassian-connect-express@11.5.3", "express@4", "jose@5", "atlassian-jwt@2"]
PYPI = ["pyjwt[crypto]", "atlassian-jwt"]
SECRET = "cfwh-test-shared-secret-0123456789abcdef"
APP = "ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555"
FAILED = []
MISSING = []

# The store keeps everything in memory, so that no database is needed.
CONNECT_APP = r"""
const port = Number(process.argv[2]);
const express = require("express");
const ace = require("atlassian-connect-express");
ace.store.register("memory", () => {
  const rows = new Map();
  const id = (key, clientKey) => JSON.stringify([key, clientKey]);
  return {
    async get(key, clientKey) { return rows.get(id(key, clientKey)) || null; },
    async set(key, value, clientKey) { rows.set(id(key, clientKey), value); return value; },
    async saveInstallation(value, clientKey) { return this.set("clientInfo", value, clientKey); },
    async del(key, clientKey) { rows.delete(id(key, clientKey)); },
  };
});
const app = express();
app.set("env", "production");
app.use(express.json({ limit: "1mb" }));
const addon = ace(app, { config: { production: {
  port, localBaseUrl: `http://127.0.0.1:${port}`, product: "confluence",
  store: { adapter: "memory" }, whitelist: ["*.atlassian.net"], watch: false, validateDescriptor: false,
} } }, { info() {}, warn() {}, debug() {}, error() {} });
app.use(addon.middleware());
for (const name of ["enabled", "disabled"]) {
  app.post(`/${name}`, addon.authenticate(), (request, response) => response.status(204).end());
}
app.post("/uninstalled", addon.authenticateInstall(), (request, response) => response.status(204).end());
app.listen(port, "127.0.0.1");
"""
DESCRIPTOR = {
    "key": "com.example.demo",
    "name": "Demo",
    "baseUrl": "{{localBaseUrl}}",
    "authentication": {"type": "jwt"},
    "apiVersion": 1,
    "apiMigrations": {"signed-install": True, "context-qsh": True},
    "lifecycle": {name: f"/{name}" for name in ["installed", "enabled", "disabled", "uninstalled"]},
    "scopes": ["READ"],
    "modules": {
        "webhooks": [{"event": name, "url": f"/hooks/{name}"} for name in ["page_created", "comment_updated", "label_added"]]
    },
}

JOSE_APP = r"""
import http from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";
const [, , port, keys, audience] = process.argv;
const set = createRemoteJWKSet(new URL(keys));
http.createServer(async (request, response) => {
  request.resume();
  const [word, token] = (request.headers.authorization || "").split(" ");
  try {
    if (word !== "Bearer") throw new Error("no bearer token");
    await jwtVerify(token, set, { audience, issuer: "forge/invocation-token", algorithms: ["RS256"] });
    response.writeHead(204).end();
  } catch (error) {
    response.writeHead(401).end(String(error.message));
  }
}).listen(Number(port), "127.0.0.1");
"""

PYJWT_APP = r"""
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import jwt

port, keys, audience = sys.argv[1:]
client = jwt.PyJWKClient(keys)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        word, _, token = self.headers.get("Authorization", "").partition(" ")
        status, text = 200, b"ok"
        try:
            if word != "Bearer":
                raise ValueError("no bearer token")
            key = client.get_signing_key_from_jwt(token).key
            jwt.decode(
                token, key, algorithms=["RS256"], audience=audience, issuer="forge/invocation-token",
                options={"require": ["exp", "iat", "aud", "iss"]},
            )
        except Exception as error:
            status, text = 401, str(error).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()
"""

QSH_NODE = r"""
const jwt = require("atlassian-jwt");
const [base, ...targets] = process.argv.slice(2);
const hash = target => jwt.createQueryStringHash(jwt.fromMethodAndUrl("POST", target), false, base);
console.log(JSON.stringify(targets.map(hash)));
"""
QSH_PYTHON = r"""
import json, sys
from atlassian_jwt.url_utils import hash_url
print(json.dumps([hash_url("POST", target) for target in sys.argv[1:]]))
"""
TARGETS = [
    "/hooks/page_created",
    "/hooks/page_created?lic=active",
    "/hooks/page_created/?lic=active",
    "/",
    "/hooks?b=2&a=1",
    "/hooks?a=2&a=1&a=10",
    "/hooks?q=two%20words",
    "/hooks?q=a%2Cb&q=c",
    "/hooks?q=%C3%BC&name=%E2%82%AC",
    "/hooks?jwt=abc&lic=none",
    "/hooks?Zeta=1&alpha=2",
    "/hooks?q=-._~",
    "/hooks?q=a%2Ab",
    "/hooks?q=a+b",
    "/hooks?empty=",
    "/caf%C3%A9?x=%26%3D",
]


def program():
    given = os.environ.get("CFWH")
    for path in [given] if given else [ROOT / "target/release/cfwh", ROOT / "target/debug/cfwh"]:
        if path and Path(path).exists():
            return str(Path(path).resolve())
    sys.exit("cfwh is not built: cargo build --release, or set CFWH=/path/to/cfwh")


def check(what, holds, detail=""):
    print(f"  {'ok  ' if holds else 'FAIL'}  {what}{'  (' + detail + ')' if detail else ''}", flush=True)
    if not holds:
        FAILED.append(what)


def cfwh(*arguments):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CFWH")}
    return subprocess.run([program(), *arguments], capture_output=True, text=True, env=environment, timeout=60)


def send(*arguments):
    """Returns the status of the one response, or else what the program printed."""
    run = cfwh("send", "--json", *arguments)
    try:
        return json.loads(run.stdout.splitlines()[0])["status"]
    except (IndexError, KeyError, ValueError):
        return f"{run.stdout}{run.stderr}".strip()


def own_faults(scheme):
    """The faults of a scheme that make a delivery whose credentials are wrong: those before the general ones."""
    names = [json.loads(line)["fault"] for line in cfwh("send", "--auth", scheme, "--fault", "list", "--json").stdout.splitlines()]
    return names[: names.index("tampered-body")]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(command, port, **options):
    """A server that is ready once it accepts connections, and is stopped whatever happens."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)
    try:
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise SystemExit(f"{command[0]} does not start: {process.stderr.read().decode(errors='replace')}")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stderr.close()


@contextlib.contextmanager
def key_server():
    port = free_port()
    with running([program(), "jwks", "--serve", "--port", str(port)], port):
        yield f"http://127.0.0.1:{port}"


def install(folder, parts):
    if parts != {"datacenter"}:
        if shutil.which("node") is None or shutil.which("npm") is None:
            MISSING.append("Node.js with npm")
        elif not all((folder / "node_modules" / name.rpartition("@")[0]).is_dir() for name in NPM):
            print(f"npm install {' '.join(NPM)}", flush=True)
            run = subprocess.run(["npm", "install", "--omit=optional", "--no-audit", "--no-fund", *NPM], cwd=folder)
            if run.returncode:
                MISSING.append("npm packages")
        python = folder / "v/bin/python"
        if not python.exists():
            print(f"pip install {' '.join(PYPI)}", flush=True)
            subprocess.run([sys.executable, "-m", "venv", folder / "v"], check=True)
            if subprocess.run([python, "-m", "pip", "install", "--quiet", *PYPI]).returncode:
                MISSING.append("PyPI packages")
    if "datacenter" in parts and shutil.which("webhook") is None:
        MISSING.append("webhook (apt-get install webhook)")


def connect(folder, work):
    version = json.loads((folder / "node_modules/atlassian-connect-express/package.json").read_text())["version"]
    print(f"connect: atlassian-connect-express {version}")
    (work / "app.js").write_text(CONNECT_APP)
    (work / "atlassian-connect.json").write_text(json.dumps(DESCRIPTOR))
    (work / "config.json").write_text("{}")
    credentials = ["--profile", "cloud", "--auth", "connect", "--secret", SECRET]
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with key_server() as keys:
        environment = {**os.environ, "CONNECT_KEYS_CDN_URL": keys, "NODE_PATH": str(folder / "node_modules")}
        with running(["node", "app.js", str(port)], port, cwd=work, env=environment):
            hook = f"{base}/hooks/{{event}}?lic=active"
            status = send("page_created", *credentials, "--to", hook)
            check("before `installed` an event is refused", status == 401, f"{status}")
            faults = own_faults("connect")
            statuses = {fault: send("installed", *credentials, "--to", f"{base}/installed", "--fault", fault) for fault in faults}
            check_refused(statuses, "`installed`")
            status = send("installed", *credentials, "--to", f"{base}/installed", "--set", 'baseUrl="https://example.com/wiki"')
            check("`installed` of a site outside the list of allowed hosts is refused", status == 401, f"{status}")
            status = send("page_created", *credentials, "--to", hook)
            check("after these an event is still refused", status == 401, f"{status}")
            status = send("installed", *credentials, "--to", f"{base}/installed")
            check("`installed` is accepted", status == 204, f"{status}")
            for event in ["page_created", "comment_updated", "label_added"]:
                status = send(event, *credentials, "--to", hook)
                check(f"{event} is accepted", status == 204, f"{status}")
            for name in ["enabled", "disabled"]:
                status = send(name, *credentials, "--to", f"{base}/{name}")
                check(f"`{name}` is accepted", status == 204, f"{status}")
            statuses = {fault: send("page_created", *credentials, "--to", hook, "--fault", fault) for fault in faults}
            check_refused(statuses, "page_created")
            status = send("page_created", *credentials, "--to", hook, "--fault", "tampered-body")
            check("a changed body is accepted, because tokens do not cover it", status == 204, f"{status}")
            status = send("uninstalled", *credentials, "--to", f"{base}/uninstalled")
            check("`uninstalled` is accepted", status == 204, f"{status}")
            other = ["--client-key", "00000000-1111-2222-3333-444444444444"]
            status = send("installed", *credentials, *other, "--to", f"{base}/installed")
            check("`installed` of another installation is accepted", status == 204, f"{status}")


def is_refused(status):
    """Is it a response that accepts nothing? Some receivers fail on a forged delivery instead of refusing it."""
    return isinstance(status, int) and 400 <= status < 600


def check_refused(statuses, what):
    wrong = {fault: status for fault, status in statuses.items() if not is_refused(status)}
    check(f"{what}: each of {len(statuses)} faults is refused", statuses and not wrong, str(wrong or statuses))
    failing = [fault for fault, status in statuses.items() if is_refused(status) and status >= 500]
    if failing:
        print(f"  note  with a 5xx, although nothing of the receiver is broken: {', '.join(failing)}")


def fit(folder, work):
    (work / "jose.mjs").write_text(JOSE_APP)
    (work / "pyjwt.py").write_text(PYJWT_APP)
    # Modules of this form are looked for beside the file only.
    link = work / "node_modules"
    link.symlink_to(folder / "node_modules")
    version = json.loads((folder / "node_modules/jose/package.json").read_text())["version"]
    python = str(folder / "v/bin/python")
    pyjwt = subprocess.run([python, "-c", "import jwt; print(jwt.__version__)"], capture_output=True, text=True).stdout.strip()
    with key_server() as keys:
        key_set = f"{keys}/.well-known/jwks.json"
        for name, command in [(f"jose {version}", ["node", "jose.mjs"]), (f"PyJWT {pyjwt}", [python, "pyjwt.py"])]:
            print(f"fit: {name}")
            port = free_port()
            with running([*command, str(port), key_set, APP], port, cwd=work):
                to = ["--profile", "forge", "--app-id", APP, "--to", f"http://127.0.0.1:{port}/hooks"]
                for event in ["page_created", "comment_updated"]:
                    status = send(event, *to)
                    check(f"{event} is accepted", status in (200, 204), f"{status}")
                statuses = {fault: send("page_created", *to, "--fault", fault) for fault in own_faults("forge")}
                check_refused(statuses, "page_created")


def hash_of_cfwh(target, *more):
    url = f"https://app.example.com{target}"
    text = cfwh("sign", "--auth", "connect", "--secret", "s", "--method", "POST", "--url", url, *more).stdout
    claims = text.strip().split(".")[1]
    return json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["qsh"]


def qsh(folder, work):
    (work / "qsh.js").write_text(QSH_NODE)
    (work / "qsh.py").write_text(QSH_PYTHON)
    environment = {**os.environ, "NODE_PATH": str(folder / "node_modules")}
    ours = [hash_of_cfwh(target) for target in TARGETS]
    commands = [("npm", ["node", "qsh.js", ""]), ("PyPI", [str(folder / "v/bin/python"), "qsh.py"])]
    for name, command in commands:
        print(f"qsh: atlassian-jwt from {name}")
        run = subprocess.run([*command, *TARGETS], cwd=work, env=environment, capture_output=True, text=True)
        if run.returncode:
            check("it computes hashes", False, run.stderr[-300:])
            continue
        different = [target for target, one, other in zip(TARGETS, ours, json.loads(run.stdout)) if one != other]
        check(f"the same hash for {len(TARGETS) - len(different)} of {len(TARGETS)} URLs", not different, ", ".join(different))
    run = subprocess.run(
        ["node", "qsh.js", "https://app.example.com/base", "/base/hooks?lic=active"],
        cwd=work, env=environment, capture_output=True, text=True,
    )
    same = run.stdout and json.loads(run.stdout) == [hash_of_cfwh("/base/hooks?lic=active", "--app-path", "/base")]
    check("npm: the same hash below the path of a base URL", same)


def datacenter(_, work):
    run = subprocess.run(["webhook", "-version"], capture_output=True, text=True)
    print(f"datacenter: {run.stdout.strip()}")
    rule = {"type": "payload-hmac-sha256", "secret": SECRET, "parameter": {"source": "header", "name": "X-Hub-Signature"}}
    hook = {
        "id": "confluence",
        "execute-command": "/bin/true",
        "http-methods": ["POST"],
        "trigger-rule-mismatch-http-response-code": 401,
        "trigger-rule": {"match": rule},
    }
    (work / "hooks.json").write_text(json.dumps([hook]))
    port = free_port()
    command = ["webhook", "-hooks", "hooks.json", "-ip", "127.0.0.1", "-port", str(port)]
    with running(command, port, cwd=work):
        to = ["--profile", "datacenter", "--to", f"http://127.0.0.1:{port}/hooks/confluence"]
        for event in ["page_created", "page_removed", "user_created"]:
            status = send(event, *to, "--secret", SECRET)
            check(f"{event} is accepted", status == 200, f"{status}")
        faults = own_faults("hmac")
        statuses = {fault: send("page_created", *to, "--secret", SECRET, "--fault", fault) for fault in faults}
        # The signature is right, and this receiver takes it with and without its prefix.
        status = statuses.pop("bare-hex")
        print(f"  note  bare-hex, the right signature without `sha256=`, gets {status}")
        check_refused(statuses, "page_created")
        status = send("page_created", *to)
        check("an unsigned event is refused", is_refused(status), f"{status}")
        status = send("page_created", *to, "--secret", SECRET, "--fault", "tampered-body")
        check("a changed body is refused", is_refused(status), f"{status}")
        status = send("ping", *to, "--secret", SECRET)
        check("the ping is refused, because it is not signed: this receiver has no rule for it", is_refused(status), f"{status}")


PARTS = {"connect": connect, "fit": fit, "qsh": qsh, "datacenter": datacenter}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS) + " [default: all]")
    parser.add_argument("--folder", type=Path, help="install packages here, and find them here [default: a temporary folder]")
    arguments = parser.parse_args()
    unknown = [part for part in arguments.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]}: " + ", ".join(PARTS))
    parts = set(arguments.parts or PARTS)
    program()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (arguments.folder or Path(temporary) / "packages").resolve()
        folder.mkdir(parents=True, exist_ok=True)
        install(folder, parts)
        if MISSING:
            print(f"missing: {', '.join(MISSING)}")
            sys.exit(2)
        for name, part in PARTS.items():
            if name in parts:
                work = Path(temporary) / name
                work.mkdir()
                part(folder, work)
    print(f"{len(FAILED)} failed: {'; '.join(FAILED)}" if FAILED else "everything held")
    sys.exit(1 if FAILED else 0)


if __name__ == "__main__":
    main()
