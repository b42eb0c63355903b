"""Runs the test of each mutant against a DAO made of that mutant."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mikoshi.core.artifacts import CompileError, compile_sources, project_sources
from mikoshi.text.paths import ROOT
from tests.mutants import plugin
from tests.mutants.mutant import Mutant, StaleMutantError
from tests.mutants.plugin import Ending

KILLING = (plugin.ASSERTED, plugin.NOT_REFUSED, plugin.REFUSED_OTHERWISE)
"""Endings that mean that the test noticed the fault."""

_SECONDS = 3600  # for the tests of one fault on a slow machine


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant: `how` its test ended, with the `words` of the failure."""

    mutant: Mutant
    killed: bool
    how: str
    words: str = ""


class BrokenRunError(Exception):
    """Thrown when pytest did not get as far as running a test; the text is what it said."""


def run(
    mutants: Sequence[Mutant], jobs: int, watch: Callable[[Verdict], None] = lambda _: None
) -> list[Verdict]:
    """A verdict for each mutant, in their order; `watch` is told of each as it comes.

    `jobs` is how many run at once. The contracts are read once, when the run begins.
    """
    sources = project_sources()
    compile_sources(sources)  # into the compiler's cache, which the others then read
    with ThreadPoolExecutor(jobs) as pool:
        tests = sorted({mutant.test for mutant in mutants})
        unchanged = pool.submit(endings_of, sources, {}, [], tests)

        def judge(mutant: Mutant) -> Verdict:
            verdict = _judge(mutant, sources, unchanged)
            watch(verdict)
            return verdict

        return list(pool.map(judge, mutants))


def _judge(mutant: Mutant, sources: dict[str, str], unchanged: Future[list[Ending]]) -> Verdict:
    try:
        changed = {mutant.source: mutant.applied_to(sources)}
        if not differs(mutant, sources, changed):
            return Verdict(mutant, False, "the code of the contract is the same")
        endings = endings_of(sources, changed, [mutant.contract], [mutant.test], "-x")
        before = [each for each in unchanged.result() if is_case(each.node, mutant.test)]
    except StaleMutantError as error:
        return Verdict(mutant, False, "out of date", str(error))
    except CompileError as error:
        return Verdict(mutant, False, "does not compile", str(error.data["problem"]))
    except (BrokenRunError, subprocess.TimeoutExpired) as error:
        return Verdict(mutant, False, plugin.BROKEN, str(error)[-2000:])
    return judge(mutant, before, endings)


def judge(mutant: Mutant, before: Sequence[Ending], endings: Sequence[Ending]) -> Verdict:
    """The verdict from how the cases of the test end without the fault and with it."""
    failures = [each for each in before if each.how != plugin.PASSED]
    if failures or not before:
        words = failures[0].words if failures else "no such test"
        return Verdict(mutant, False, "the test fails without the fault", words)
    noticed = [each for each in endings if each.how != plugin.PASSED]
    if not noticed:
        return Verdict(mutant, False, "survives")
    how = noticed[0].how
    killed = how in KILLING or (mutant.liveness and how == plugin.REFUSED)
    return Verdict(mutant, killed, how, noticed[0].words)


def is_case(node: str, test: str) -> bool:
    """Whether a node id is the test, or one of its cases."""
    return node == test or node.startswith(f"{test}[")


def differs(mutant: Mutant, sources: dict[str, str], changed: Mapping[str, str]) -> bool:
    """Whether the fault changes the contract's code, that which makes it included."""
    before = compile_sources(sources)[mutant.contract]
    after = compile_sources(sources | dict(changed), only=[mutant.contract])[mutant.contract]
    return before.bytecode != after.bytecode  # the runtime code is a part of it


def endings_of(
    sources: Mapping[str, str],
    changed: Mapping[str, str],
    only: Sequence[str],
    tests: Iterable[str],
    *options: str,
) -> list[Ending]:
    """How the tests end on these contracts, in their order.

    Raises BrokenRunError and TimeoutExpired.
    """
    with tempfile.TemporaryDirectory() as folder:
        contracts, endings = Path(folder, "contracts.json"), Path(folder, "endings.json")
        given = {"sources": sources, "changed": changed, "only": only}
        contracts.write_text(json.dumps(given), "utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.mutants.plugin"]
        command += ["--contracts", str(contracts), "--endings", str(endings)]
        command += ["-o", f"cache_dir={folder}/cache", *options, *tests]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},  # Ape's takes five seconds
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        told: list[dict[str, Any]] = json.loads(endings.read_text("utf-8") or "[]")
        if not told:
            raise BrokenRunError(done.stdout + done.stderr)
        return [Ending(**each) for each in told]
