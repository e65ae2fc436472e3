"""The fixture `webhooks`: what it receives, and that it leaves no process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import cfwh
import pytest

HERE = Path(__file__).parent


def test_deliveries_have_the_request(webhooks: cfwh.Webhooks) -> None:
    cfwh.send("page_created", to=webhooks.url, secret=webhooks.secret, header={"X-Test": "é"})
    [delivery] = webhooks.expect("page_created")
    assert (delivery["status"], delivery["signature"]) == (200, "valid")
    assert delivery["json"]["page"]["type"] == "page"
    assert (
        delivery["headers"]["x-hub-signature"] == cfwh.sign(delivery["body"], secret=webhooks.secret)["X-Hub-Signature"]
    )


def test_what_a_receiver_forwards_is_received(webhooks: cfwh.Webhooks) -> None:
    assert webhooks.secret
    environment = {"WEBHOOK_SECRET": webhooks.secret, "FORWARD_TO": webhooks.url}
    with cfwh.serve("uvicorn receiver:app --port {port}", cwd=str(HERE), env=environment) as url:
        cfwh.send("page_created", "page_updated", "page_created", to=f"{url}/hooks", secret=webhooks.secret)
    assert len(webhooks.expect("page_created", count=2)) == 2
    assert [delivery["event"] for delivery in webhooks.expect("page_*")] == [
        "page_created",
        "page_updated",
        "page_created",
    ]
    assert webhooks.expect("space_*", count=0) == []


def test_expect_waits_for_deliveries(webhooks: cfwh.Webhooks) -> None:
    command = [cfwh.find_program(), "send", "page_created", "--to", webhooks.url]
    with subprocess.Popen(command, env={"CFWH_SECRET": webhooks.secret or ""}, stderr=subprocess.DEVNULL):
        webhooks.expect("page_created", count=1)


def test_expect_fails_with_what_was_received(webhooks: cfwh.Webhooks) -> None:
    cfwh.send("page_created", to=webhooks.url, secret=f"{webhooks.secret}\n", expect=401)
    cfwh.send("page_updated", to=webhooks.url, secret=webhooks.secret)
    with pytest.raises(cfwh.CheckFailed) as failure:
        webhooks.expect("page_created", timeout=0.1)
    first, created, cause, updated = str(failure.value).splitlines()
    assert first == "received 0 of 1 page_created within 0.1 s; all requests:"
    assert created == "  401 page_created, signature mismatch"
    assert "secret" in cause
    assert updated == "  200 page_updated, signature valid"
    with pytest.raises(cfwh.CheckFailed, match="received 1 of 0 page_updated"):
        webhooks.expect("page_updated", count=0)


def test_other_requests_are_listed(webhooks: cfwh.Webhooks) -> None:
    cfwh.send("page_created", to=webhooks.url.replace("/webhooks", "/other"), secret="s", expect=404)
    with pytest.raises(cfwh.CheckFailed, match="404 POST /other/confluence: "):
        webhooks.expect("*", timeout=0.1)


@pytest.mark.webhooks(secret=False, profile="cloud", respond="503")
def test_a_marker_has_the_options_of_the_receiver(webhooks: cfwh.Webhooks) -> None:
    assert webhooks.secret is None
    cfwh.send("page_created", to=webhooks.url, secret=False, profile="cloud", expect=503)


def test_a_receiver_that_cannot_start_is_an_error() -> None:
    with pytest.raises(cfwh.CfwhError, match="another_profile"), cfwh.listen(profile="another_profile"):
        pass


def command_of(process: Path) -> list[bytes]:
    """The words of the command of a process; none if it has ended."""
    try:
        return (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


def processes_with(folder: Path) -> list[Path]:
    """The running processes with MARK=FOLDER in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"MARK={folder}\0".encode() in (process / "environ").read_bytes():
                found.append(process)
        except OSError:
            continue
    return found


WAITING = """
import cfwh, sys, pytest

def test_waiting(webhooks):
    with cfwh.serve("{python} -m http.server --bind 127.0.0.1 {{port}}"):
        print("waiting", file=sys.stderr, flush=True)
        {then}
"""


@pytest.mark.parametrize("signal_number", [None, signal.SIGINT, signal.SIGKILL])
def test_no_process_is_left_after_a_failure_or_an_interrupt(signal_number: "int | None", tmp_path: Path) -> None:
    then = "assert False" if signal_number is None else "webhooks.expect('page_created', timeout=60)"
    (tmp_path / "test_waiting.py").write_text(WAITING.format(python=sys.executable, then=then))
    environment = {**os.environ, "MARK": str(tmp_path), "PYTEST_ADDOPTS": ""}
    options = ["-s", "-p", "cfwh.pytest_plugin", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options, str(tmp_path)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as pytest_run:
        assert pytest_run.stderr
        while b"waiting" not in (line := pytest_run.stderr.readline()):
            assert line, "the test begins"
        words = {word for process in processes_with(tmp_path) for word in command_of(process)}
        assert {b"listen", b"http.server"} <= words
        if signal_number is not None:
            pytest_run.send_signal(signal_number)
        pytest_run.communicate()
    while processes_with(tmp_path):
        os.sched_yield()
