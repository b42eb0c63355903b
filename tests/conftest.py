"""One node and one DAO for the whole run; each test starts from the same state."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from mikoshi.testing.fixtures import _founded, community, node, rpc
from mikoshi.text import clock, language
from mikoshi.text.errors import BadInputError
from mikoshi.text.units import format_time
from tests.support import remember_failures

__all__ = ["_founded", "community", "node", "rpc"]  # fixtures for every test

settings.register_profile("mikoshi", deadline=None)  # a busy machine is no failure
settings.load_profile("mikoshi")


def pytest_configure() -> None:
    """Refuse a date that is none, once and not in every test."""
    try:
        clock.now()
    except BadInputError as error:
        raise pytest.UsageError(*error.lines) from None


def pytest_report_header() -> str:
    """The date at which the tests are played."""
    return f"date: {format_time(clock.now(), 0)}"


@pytest.fixture(autouse=True)
def _failures(monkeypatch: pytest.MonkeyPatch) -> None:
    remember_failures(monkeypatch)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Whatever a command spoke, and whatever opened it, the next test begins as people do."""
    with language.through("ape run"):
        yield
    language.use("en")
