"""The fixture `webhooks`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ._listen import Webhooks, listen


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "webhooks(**options): options of `cfwh listen` for the fixture `webhooks`")


@pytest.fixture
def webhooks(request: pytest.FixtureRequest) -> Iterator[Webhooks]:
    """A `cfwh listen` on a free port: `webhooks.url`, `.secret`, `.deliveries` and `.expect(event, count=N)`."""
    marker = request.node.get_closest_marker("webhooks")
    with listen(**(marker.kwargs if marker else {})) as running:
        yield running
