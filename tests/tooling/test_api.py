"""docs/api.md says what the docstrings say. `python -m tests.tooling.test_api` writes it anew."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

from mikoshi.scripting import dao, dao_person, live_proposal
from mikoshi.testing import ape_fixtures
from mikoshi.text.paths import ROOT

DOCUMENT = ROOT / "docs" / "api.md"
MODULES = (dao, dao_person, live_proposal, ape_fixtures)
HEADING = "## Reference\n"


def reference() -> str:
    """Every public class, function and value of the modules, with its docstring."""
    told = HEADING
    for module in MODULES:
        told += f"\n### `{module.__name__}`\n\n{inspect.getdoc(module)}\n"
        told += "".join(_described(ast.parse(inspect.getsource(module))))
    return told


def _described(tree: ast.Module | ast.ClassDef, owner: str = "") -> Iterator[str]:
    for node, following in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(node, ast.ClassDef):
            yield f"\n**`{node.name}`**\n{_prose(ast.get_docstring(node))}"
            yield from _described(node, f"{node.name}.")
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            asked = any(ast.unparse(each) == "property" for each in node.decorator_list)
            fixture = any("fixture" in ast.unparse(each) for each in node.decorator_list)
            kind = f" → `{ast.unparse(node.returns)}`" if node.returns else ""
            given = "" if asked or fixture else f"({_given(node.args)})"
            yield f"\n**`{owner}{node.name}{given}`**{kind}\n{_prose(ast.get_docstring(node))}"
        elif isinstance(node, ast.AnnAssign) and isinstance(following, ast.Expr):
            said = ast.literal_eval(following.value)
            kind = ast.unparse(node.annotation)
            yield f"\n**`{owner}{ast.unparse(node.target)}`** → `{kind}`\n{_prose(said)}"


def _given(args: ast.arguments) -> str:
    args.args = [each for each in args.args if each.arg not in ("self", "cls")]
    return ast.unparse(args)


def _prose(text: str | None) -> str:
    return f"\n{text or ''}\n"


def test_reference_is_what_the_docstrings_say() -> None:
    assert DOCUMENT.read_text("utf-8").partition(HEADING)[2] == reference().partition(HEADING)[2]


def test_nothing_public_lacks_a_docstring() -> None:
    for name in ("DAO.load", "DAO.at", "DAO.treasury", "LiveProposal.vote", "undone"):
        assert f"`{name}" in reference()
    assert "\n\n\n" not in reference()


if __name__ == "__main__":
    written = DOCUMENT.read_text("utf-8").partition(HEADING)[0] + reference()
    DOCUMENT.write_text(written, "utf-8")
