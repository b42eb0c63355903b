"""Breaks the contracts at places of chance, and sees which faults the everyday tests notice."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from mikoshi.core.artifacts import CompileError, compile_sources, project_sources
from mikoshi.text.files import write_atomically
from mikoshi.text.paths import ROOT
from tests.mutants import plugin
from tests.mutants.faults import Fault, all_faults, sampled
from tests.mutants.run import BrokenRunError, endings_of

ENOUGH = 0.88
"""The part of the faults that must die, of all that compile, equivalent ones included."""

_FIT = ROOT / ".cache" / "mutants" / "fit"
"""What the contracts and the tests were when all tests passed without a fault."""

UNIT = ROOT / "tests" / "unit"
_FEATURES = (
    "membership",
    "invitations",
    "succession",
    "governance",
    "treasury",
    "contribution",
    "factory",
    "standards",
)
_OF_CONTRACT = {
    "Membership": ("membership",),
    "MembershipCard": (
        "membership/test_membership_card.py",
        "membership/test_card_lines.py",
        "membership/test_card_picture.py",
    ),
    "Invitations": ("invitations",),
    "Succession": ("succession",),
    "DAOGovernor": ("governance",),
    "Treasury": ("treasury",),
    "ContributionToken": ("contribution",),
    "DAOFactory": ("factory",),
}
_EVERYDAY = ("-m", "not slow", "--deselect", "tests/audit/test_scripts_words.py")
"""Which tests run: of words that a script prints no contract is asked."""


@dataclass(frozen=True, slots=True)
class FaultFate:
    """What became of a fault: it `counts` if it compiles to other code; who `noticed`, and how."""

    fault: Fault
    counts: bool
    killed: bool
    how: str
    noticed: str = ""


class UnfitTestsError(Exception):
    """Thrown when tests fail without any fault; the text names them."""


def run_sample(
    size: int,
    seed: int,
    jobs: int,
    watch: Callable[[FaultFate], None] = lambda _: None,
    within: str = "",
) -> list[FaultFate]:
    """The fates of as many faults as it takes until `size` count, in the order of the seed.

    `jobs` is how many run at once; `within` are letters in the paths of the sources to be broken,
    such as "treasury/". Raises UnfitTestsError, BrokenRunError, TimeoutExpired.
    """
    sources = project_sources()
    ahead = (fault for fault in sampled(all_faults(sources), seed) if within in fault.source)
    fates: list[FaultFate] = []
    with ThreadPoolExecutor(jobs) as pool:
        _require_fit(sources, pool)

        def judge(fault: Fault) -> FaultFate:
            fate = _judge(fault, sources)
            watch(fate)
            return fate

        while missing := size - sum(fate.counts for fate in fates):
            chosen = list(islice(ahead, missing))
            if not chosen:
                break
            fates += pool.map(judge, chosen)
    return fates


def tests_for(contracts: Sequence[str]) -> list[str]:
    """The everyday tests of the contracts, those first that notice most in the least time.

    No place lies within another: pytest would leave out the rest of the outer one.
    """
    own = [place for each in contracts for place in _OF_CONTRACT.get(each, ())]
    first = [each for each in own if each.partition("/")[0] not in own or each in _FEATURES]
    rest = [place for each in _FEATURES if each not in own for place in _beside(each, own)]
    unit = [[f"tests/unit/{place}" for place in places] for places in (first, rest)]
    return [*unit[0], "tests/property", *unit[1], "tests/audit"]


def _beside(feature: str, own: Sequence[str]) -> list[str]:
    """The tests of a feature that are not `own`: the folder, or its other files."""
    if not any(place.startswith(f"{feature}/") for place in own):
        return [feature]
    files = (f"{feature}/{each.name}" for each in (UNIT / feature).glob("test_*.py"))
    return sorted(set(files) - set(own))


def _require_fit(sources: dict[str, str], pool: ThreadPoolExecutor) -> None:
    """Make sure that all tests pass without a fault; once, as long as nothing changes."""
    stamp = _stamp(sources)
    if _FIT.is_file() and _FIT.read_text() == stamp:
        return
    parts = (["tests/unit"], ["tests/property", "tests/audit"])
    runs = [pool.submit(endings_of, sources, {}, [], part, *_EVERYDAY) for part in parts]
    endings = [ending for run in runs for ending in run.result()]
    if failed := [ending.node for ending in endings if ending.how != plugin.PASSED]:
        raise UnfitTestsError(", ".join(failed))
    _FIT.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(_FIT, stamp)


def _stamp(sources: dict[str, str]) -> str:
    python = (path for folder in ("mikoshi", "tests") for path in (ROOT / folder).rglob("*.py"))
    read = {str(path): path.read_text("utf-8") for path in sorted(python)}
    return hashlib.sha256(json.dumps([sources, read]).encode()).hexdigest()


def _judge(fault: Fault, sources: dict[str, str]) -> FaultFate:
    changed = {fault.source: fault.applied_to(sources)}
    try:
        contracts = list(_changed(fault, sources, changed))
    except CompileError:
        return FaultFate(fault, False, False, "does not compile")
    if not contracts:
        return FaultFate(fault, False, False, "the code is the same")
    try:
        endings = endings_of(sources, changed, contracts, tests_for(contracts), "-x", *_EVERYDAY)
    except subprocess.TimeoutExpired:
        return FaultFate(fault, True, False, "the tests do not end")
    except BrokenRunError as error:
        return FaultFate(fault, True, False, plugin.BROKEN, str(error)[-500:])
    noticed = next((each for each in endings if each.how != plugin.PASSED), None)
    if noticed is None:
        return FaultFate(fault, True, False, "survives")
    return FaultFate(fault, True, noticed.how != plugin.NO_NODE, noticed.how, noticed.node)


def _changed(fault: Fault, sources: dict[str, str], changed: dict[str, str]) -> Iterator[str]:
    before = compile_sources(sources)
    after = compile_sources(sources | changed, only=fault.contracts)
    for name in fault.contracts:
        if before[name].bytecode != after[name].bytecode:
            yield name
