"""One node and one DAO for the whole run; each test starts from the same state."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from types import SimpleNamespace

import ape_foundry.provider
import pytest
from hypothesis import settings

from mikoshi.chain.processes import claim_port
from mikoshi.testing.fixtures import _founded, community, node, rpc
from mikoshi.text import clock, language
from mikoshi.text.errors import BadInputError
from mikoshi.text.paths import ROOT
from mikoshi.text.units import format_time
from tests.support import remember_failures

__all__ = ["_founded", "community", "node", "rpc"]  # fixtures for every test

settings.register_profile("mikoshi", deadline=None)  # a busy machine is no failure
settings.load_profile("mikoshi")


LONGEST = (
    "test_regimes.py",
    "test_core.py",
    "test_hardhat.py",
    "test_bench.py",
    "test_replay.py",
    "test_artifacts.py",
    "test_tarball.py",
    "test_wheel.py",
    "test_governance.py",
    "test_season.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: no process is left alone with one at the end."""
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a date that is none, once and not in every test; tell times in UTC, wherever it is.

    Each test undoes what it did by itself, those of tests/ape too: with Ape's isolation every test
    asks its node several times, and the suite takes twice as long.
    """
    config.option.disable_isolation = True
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        # Ape rewrites what it keeps, and does not expect another process to read it meanwhile.
        os.environ["APE_DATA_FOLDER"] = str(ROOT / ".ape" / worker)
    # It draws its node's port blindly, where thousands of ports wait that connections had.
    draw = SimpleNamespace(randint=lambda *_: claim_port(0))
    vars(ape_foundry.provider)["random"] = draw
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        clock.now()
    except BadInputError as error:
        raise pytest.UsageError(*error.lines) from None


@pytest.hookimpl(hookwrapper=True)
def pytest_exception_interact(report: pytest.TestReport) -> Iterator[None]:
    """Tell failures as pytest does: Ape would add every local variable of every frame."""
    told = report.longrepr
    yield
    report.longrepr = told


def pytest_report_header() -> str:
    """The date at which the tests are played."""
    return f"date: {format_time(clock.now(), 0)}"


@pytest.fixture(autouse=True)
def _failures(monkeypatch: pytest.MonkeyPatch) -> None:
    remember_failures(monkeypatch)


@pytest.fixture(autouse=True)
def _leaping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks a node again does so at once, as if the pause were over."""
    passed = [0.0]

    def sleep(seconds: float) -> None:
        passed[0] += seconds

    clock = SimpleNamespace(sleep=sleep, monotonic=lambda: time.monotonic() + passed[0])
    monkeypatch.setattr("mikoshi.chain.rpc.time", clock)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Whatever a command spoke, and whatever opened it, the next test begins as people do."""
    yield
    language.use("en")
    language.enter("ape run")
