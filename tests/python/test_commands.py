"""The functions that run a command to its end, with a receiver on FastAPI."""

import json
import os
from pathlib import Path

import cfwh
import pytest

HERE = Path(__file__).parent


def test_a_receiver_gets_its_grade(receiver: str) -> None:
    report = cfwh.probe(receiver, secret="s")
    assert report["grade"] in ("A", "B")
    assert {case["case"] for case in report["cases"]} > {"sig/missing", "time/fast"}


def test_probe_fails_with_the_causes_first() -> None:
    environment = {"WEBHOOK_SECRET": "s", "TRUSTING": "1"}
    receiver = cfwh.serve("uvicorn receiver:app --port {port}", cwd=str(HERE), env=environment)
    with receiver as url, pytest.raises(cfwh.CheckFailed) as failure:
        cfwh.probe(f"{url}/hooks", secret="s")
    grade, cause, fix, *_ = str(failure.value).splitlines()
    assert grade.startswith("grade F: ")
    assert cause.startswith("cause: ")
    assert "sig/missing" in cause
    assert fix.startswith("  fix: ")
    assert failure.value.results["grade"] == "F"


def test_send_returns_the_response_to_each_delivery(receiver: str) -> None:
    sent = cfwh.send("page_created", "page_updated", to=receiver, secret="s", set={"page.title": 'a "b"'})
    assert [line["event"] for line in sent] == ["page_created", "page_updated"]
    assert all(line["response"] and line["response"]["body"] == "ok" for line in sent)


def test_send_fails_with_the_response_that_is_not_expected(receiver: str) -> None:
    with pytest.raises(cfwh.CheckFailed, match="page_updated: the response 401 is not expected\n  wrong signature"):
        cfwh.send("page_updated", to=receiver, secret="wrong")
    [sent] = cfwh.send("page_updated", to=receiver, secret="wrong", check=False)
    assert (sent["status"], sent["ok"]) == (401, False)
    [sent] = cfwh.send("page_updated", to=receiver, secret="wrong", expect=401)
    assert sent["ok"]
    [sent] = cfwh.send("page_updated", to=receiver, secret="s", fault="tampered-body")
    assert (sent["status"], sent["ok"]) == (401, True)


def test_a_receiver_that_is_not_running_fails_the_check() -> None:
    with pytest.raises(cfwh.CheckFailed, match="page_updated: the connection was refused"):
        cfwh.send("page_updated", to="http://127.0.0.1:1/hooks", secret="s")
    with pytest.raises(cfwh.CfwhError, match="cannot reach the receiver") as error:
        cfwh.probe("http://127.0.0.1:1/hooks", secret="s")
    assert error.value.code == "connection-refused"


def test_errors_have_a_code_and_a_fix() -> None:
    with pytest.raises(cfwh.CfwhError, match=r"fix: did you mean `page_created`\?") as error:
        cfwh.send("pag_created", to="http://127.0.0.1:1/hooks")
    assert (error.value.code, error.value.fix) == ("usage", "did you mean `page_created`?")


def test_what_is_signed_can_be_verified() -> None:
    [body] = cfwh.fake("page_created", seed=1)
    header = cfwh.sign(body, secret="s")
    assert cfwh.verify(body, signature=header["X-Hub-Signature"], secret="s")["verdict"] == "valid"
    with pytest.raises(cfwh.CheckFailed, match=r"(?s)is not valid: mismatch.cause: .*line.*fix: "):
        cfwh.verify(body + b"\n", signature=header["X-Hub-Signature"], secret="s")
    assert cfwh.sign(auth="connect", url="http://127.0.0.1/hooks", secret="s")["Authorization"].startswith("JWT ")


def test_bodies_are_the_same_for_the_same_seed() -> None:
    assert cfwh.fake("story", count=5, seed=7) == cfwh.fake("story", count=5, seed=7)
    assert len(cfwh.fake("all")) == 19


def test_validate_names_the_place_of_each_error(tmp_path: Path) -> None:
    [body] = cfwh.fake("page_created")
    [result] = cfwh.validate(body)
    assert (result["event"], result["verdict"]) == ("page_created", "clean")
    broken = json.loads(body)
    broken["page"]["id"] = True
    file = tmp_path / "body.json"
    file.write_text(json.dumps(broken, indent=1))
    with pytest.raises(cfwh.CheckFailed, match=r"body.json:6:9: error: "):
        cfwh.validate(file)
    [result] = cfwh.validate(file, check=False)
    assert [finding["pointer"] for finding in result["findings"]] == ["/page/id"]


def test_the_secret_is_no_argument(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text('#!/bin/sh\necho "{\\"header\\":\\"$CFWH_SECRET\\",\\"signature\\":\\"$*\\"}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("CFWH_BINARY", str(program))
    monkeypatch.setenv("CFWH_SECRET", "from outside")
    assert cfwh.sign(b"x", secret="s") == {"s": "--json --color=never sign -"}
    assert list(cfwh.sign(b"x")) == ["from outside"]
    assert list(cfwh.sign(b"x", secret=False)) == [""]
    arguments = cfwh.sign(b"x", header={"A": "b"}, full=True, edit=False, to=None, retry_delay="1s", only=["a", "b"])
    expected = "--header=A: b --full --retry-delay=1s --only=a --only=b"
    assert arguments[os.environ["CFWH_SECRET"]] == f"--json --color=never sign - {expected}"


def test_a_program_that_is_missing_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CFWH_BINARY", str(tmp_path / "nothing"))
    with pytest.raises(cfwh.CfwhError, match=r"cannot run .*nothing"):
        cfwh.fake("page_created")
    monkeypatch.delenv("CFWH_BINARY")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sysconfig.get_path", lambda *_: "/nowhere")
    with pytest.raises(cfwh.CfwhError, match="pip install cfwh"):
        cfwh.fake("page_created")
    (tmp_path / "cfwh").write_text("#!/bin/sh\n")
    (tmp_path / "cfwh").chmod(0o755)
    assert cfwh.find_program() == str(tmp_path / "cfwh")


def test_a_receiver_that_does_not_start_is_an_error() -> None:
    with pytest.raises(cfwh.CfwhError, match="exit code 3"), cfwh.serve("sh -c 'exit 3'"):
        pass
    with pytest.raises(cfwh.CfwhError, match="does not listen on port"), cfwh.serve("sleep 60", timeout=0.1):
        pass
    with pytest.raises(cfwh.CfwhError, match="exit code 2"), cfwh.serve("no-such-program"):
        pass
