"""The receiver under test."""

from collections.abc import Iterator
from pathlib import Path

import cfwh
import pytest

pytest_plugins = ["pytester"]
HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def receiver() -> Iterator[str]:
    with cfwh.serve("uvicorn receiver:app --port {port}", cwd=str(HERE), env={"WEBHOOK_SECRET": "s"}) as url:
        yield f"{url}/hooks"
