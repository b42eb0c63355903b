"""`python -m tests.mutants`: exit code 0 if all are killed, 1 if one is not, 2 for bad input.

With `--sample` as many faults of chance instead; exit code 1 if fewer than 88 % of them die.
"""

from __future__ import annotations

import argparse
import sys
import time

from mikoshi.text.console import Console
from mikoshi.text.errors import BadInputError, MikoshiError
from tests.mutants.catalogue import MUTANTS
from tests.mutants.equivalents import EXPLAINED, explained
from tests.mutants.mutant import Mutant
from tests.mutants.run import Verdict, run
from tests.mutants.sample import ENOUGH, FaultFate, run_sample
from tests.mutants.show import as_json, sample_as_json, show, show_sample


def main() -> int:
    """Run the command; its exit code."""
    options = _options()
    out = Console(options.json)
    if options.sample is not None:
        return _sample(options, out)
    try:
        mutants = _chosen(options.only)
    except MikoshiError as error:
        out.fail(error)
        return error.exit_code
    started = time.monotonic()
    with out.progress("Mutants", total=len(mutants)) as advance:

        def watch(verdict: Verdict) -> None:
            advance(1)
            if not sys.stderr.isatty():
                print(_line(verdict), file=sys.stderr, flush=True)

        verdicts = run(mutants, options.jobs, watch)
    seconds = time.monotonic() - started
    show(out, verdicts, seconds)
    out.emit(as_json(verdicts, seconds))
    return 0 if all(verdict.killed for verdict in verdicts) else 1


def _sample(options: argparse.Namespace, out: Console) -> int:
    reasons = explained(EXPLAINED.read_text("utf-8"))
    started = time.monotonic()
    with out.progress("Faults", total=options.sample) as advance:

        def watch(fate: FaultFate) -> None:
            advance(fate.counts)
            if not sys.stderr.isatty():
                mark = "·" if not fate.counts else "✓" if fate.killed else "✗"
                told = f"{mark} {fate.fault}: {fate.how} {fate.noticed}"
                print(told.rstrip(), file=sys.stderr, flush=True)

        fates = run_sample(options.sample, options.seed, options.jobs, watch, options.within)
    seconds = time.monotonic() - started
    show_sample(out, fates, reasons, seconds)
    out.emit(sample_as_json(fates, reasons, seconds))
    counted = [fate for fate in fates if fate.counts]
    return 0 if sum(fate.killed for fate in counted) >= ENOUGH * len(counted) else 1


def _line(verdict: Verdict) -> str:
    return f"{'✓' if verdict.killed else '✗'} {verdict.mutant.name}: {verdict.how}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", help="run this mutant alone")
    parser.add_argument("--jobs", type=int, default=2, help="how many run at once (default: 2)")
    parser.add_argument("--sample", metavar="N", type=_number, help="N faults at places of chance")
    parser.add_argument("--seed", type=int, default=0, help="which ones (default: 0)")
    parser.add_argument(
        "--within", metavar="PATH", default="", help="of sources with this in their path"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


def _number(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError("1 at least")
    return int(text)


def _chosen(names: list[str] | None) -> list[Mutant]:
    known = {mutant.name: mutant for mutant in MUTANTS}
    unknown = [name for name in names or [] if name not in known]
    if unknown:
        raise BadInputError(
            "mutants.unknown",
            "No such mutant: {unknown}",
            "The known ones: {known}",
            "Name one of these after --only, once for each",
            unknown=", ".join(unknown),
            known=", ".join(known),
        )
    return [known[name] for name in names] if names else list(MUTANTS)


if __name__ == "__main__":
    sys.exit(main())
