"""Every kind of refusal: named once, in one shape, and worded as the golden files say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from mikoshi.chain.abi import Revert
from mikoshi.text.language import LANGUAGES, _, ngettext, speaking
from mikoshi.text.paths import ROOT
from mikoshi.words.reverts import WORDS, kind_of

GOLDEN = Path(__file__).with_name("golden")
ERRORS = ROOT / "mikoshi" / "text" / "errors.py"
SHAPE = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z0-9]+(-[a-z0-9]+)*")


class TextOfCode(NamedTuple):
    """A line of a refusal as the code has it: a text, or its two numbers."""

    one: str
    many: str = ""

    def words(self) -> str:
        """The line in the language spoken now."""
        return ngettext(self.one, self.many, 2) if self.many else _(self.one)


class RefusalOfCode(NamedTuple):
    """A refusal in the code."""

    kind: str
    lines: tuple[TextOfCode, ...]
    place: str


def errors() -> set[str]:
    """The names of the classes that refuse, but those that know their kind themselves."""
    parents: dict[str, set[str]] = {}
    own = set()
    for tree in map(parse, [*files(), ERRORS]):
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                parents[node.name] = {getattr(base, "id", "") for base in node.bases}
                if "__init__" in {getattr(each, "name", "") for each in node.body}:
                    own.add(node.name)
    known = {"MikoshiError", "ProblemError"}
    while more := {name for name, bases in parents.items() if bases & known} - known:
        known |= more
    return known - (own - {"ProblemError"})


def files() -> list[Path]:
    """The modules of Mikoshi but the one that says what an error is."""
    return sorted(each for each in (ROOT / "mikoshi").rglob("*.py") if each != ERRORS)


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def refusals() -> Iterator[RefusalOfCode]:
    """Every refusal in the code and every finding of a simulation, in the order of its files."""
    known = errors() | {"Finding"}
    for path in files():
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.Call) and _refuses(node, known):
                first, *rest = node.args[1:] if ast.unparse(node.func) == "Finding" else node.args
                kind = first.value if isinstance(first, ast.Constant) else ""
                lines = tuple(line for each in rest for line in _lines(each))
                yield RefusalOfCode(str(kind), lines, f"{path.relative_to(ROOT)}:{node.lineno}")


def _refuses(node: ast.Call, known: set[str]) -> bool:
    """Whether an error is made there; also by a class that knows its kind itself."""
    named = isinstance(node.func, ast.Name) and node.func.id in known
    own = ast.unparse(node.func) == "super().__init__"
    return bool(node.args) and (named or (own and _is_kind(node.args[0])))


def _is_kind(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and SHAPE.fullmatch(str(node.value)) is not None


def _lines(node: ast.expr) -> Iterator[TextOfCode]:
    """The texts in an argument: each of a list, both of a choice."""
    match node:
        case ast.Constant(value=str() as text):
            yield TextOfCode(text)
        case ast.Call(
            func=ast.Name(id="N_" | "Words"), args=[ast.Constant(value=str() as text), *_]
        ):
            yield TextOfCode(text)
        case ast.Call(
            func=ast.Name(id="Plural"),
            args=[ast.Constant(value=str() as one), ast.Constant(value=str() as many), *_],
        ):
            yield TextOfCode(one, many)
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_lines(body), *_lines(orelse))
        case ast.List(elts=elements):
            for each in elements:
                yield from _lines(each)
        case _:
            pass


def test_every_refusal_has_a_kind() -> None:
    wrong = [each.place for each in refusals() if not SHAPE.fullmatch(each.kind)]
    assert wrong == []


def test_a_kind_means_one_thing() -> None:
    worded: dict[str, RefusalOfCode] = {}
    for each in refusals():
        first = worded.setdefault(each.kind, each)
        assert first.lines == each.lines, f"{each.kind}: {first.place}, {each.place}"


def test_every_kind_is_asserted() -> None:
    asserted: set[str] = set()
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                asserted.update(node.value.split())
    assert {each.kind for each in refusals()} - asserted == set()


def worded(language: str) -> str:
    """Every kind with its lines, as a golden file has them."""
    with speaking(language):
        kinds = {each.kind: [line.words() for line in each.lines] for each in refusals()}
        kinds |= {kind: [_(text)] for kind, text in of_contracts()}
    return "\n".join("\n  ".join([kind, *kinds[kind]]) for kind in sorted(kinds)) + "\n"


def of_contracts() -> Iterator[tuple[str, str]]:
    """The errors of the contracts, each with what it means."""
    for name, told in WORDS.items():
        yield kind_of(Revert(name)), told if isinstance(told, str) else told[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_worded_as_it_was_reviewed(language: str) -> None:
    golden = GOLDEN / f"kinds.{language}.txt"
    said = worded(language)
    assert said == golden.read_text("utf-8"), "meant? tools/run python -m tests.tooling.test_kinds"


if __name__ == "__main__":
    for language in LANGUAGES:
        (GOLDEN / f"kinds.{language}.txt").write_text(worded(language), "utf-8")
