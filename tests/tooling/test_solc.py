"""The compiler's wrapper answers as a native solc would, and remembers its answers."""

import gzip
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mikoshi.text.paths import SOLC

pytestmark = pytest.mark.slow

HEADER = "// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n"


def run(*args: str, stdin: str = "", cache: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = os.environ | ({"MIKOSHI_SOLC_CACHE": str(cache)} if cache else {})
    return subprocess.run([SOLC, *args], input=stdin, capture_output=True, text=True, env=env)


def question(sources: dict[str, str]) -> str:
    return json.dumps(
        {
            "language": "Solidity",
            "sources": {path: {"content": HEADER + text} for path, text in sources.items()},
            "settings": {"outputSelection": {"*": {"*": ["evm.bytecode.object"]}}},
        }
    )


def compiled(sources: dict[str, str], base: Path, cache: Path) -> dict[str, Any]:
    done = run("--standard-json", "--base-path", str(base), stdin=question(sources), cache=cache)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_version_names_the_pinned_compiler() -> None:
    first, second = run("--version").stdout.splitlines()
    assert first.startswith("solc, ")
    assert re.fullmatch(r"Version: 0\.8\.37\+commit\.[0-9a-f]{8}\..+", second)


def test_large_output_arrives_whole_through_a_pipe(tmp_path: Path) -> None:
    text = "".join(f'contract C{i} {{ string public s = "{i:x>1800}"; }}\n' for i in range(60))
    answer = compiled({"a.sol": text}, tmp_path, tmp_path / "cache")
    assert len(json.dumps(answer)) > 256 * 1024
    assert len(answer["contracts"]["a.sol"]) == 60


def test_same_question_is_answered_from_the_cache(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    compiled({"a.sol": "contract A {}"}, tmp_path, cache)
    (kept,) = cache.glob("*.output")
    kept.write_bytes(gzip.compress(b'{"from": "the cache"}'))
    assert compiled({"a.sol": "contract A {}"}, tmp_path, cache) == {"from": "the cache"}


def test_damaged_cache_is_compiled_again(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    answer = compiled({"a.sol": "contract A {}"}, tmp_path, cache)
    for kept in cache.iterdir():
        kept.write_bytes(kept.read_bytes()[:10])
    assert compiled({"a.sol": "contract A {}"}, tmp_path, cache) == answer


def test_edited_import_is_compiled_again(tmp_path: Path) -> None:
    cache, source = tmp_path / "cache", {"a.sol": 'import {B} from "b.sol"; contract A is B {}'}
    codes = []
    for number in (1, 2, 1):
        text = f"{HEADER}abstract contract B {{ uint256 public n = {number}; }}"
        (tmp_path / "b.sol").write_text(text)
        answer = compiled(source, tmp_path, cache)
        codes.append(answer["contracts"]["a.sol"]["A"]["evm"]["bytecode"]["object"])
    assert codes[0] == codes[2] != codes[1]


def test_import_is_found_on_an_include_path(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "b.sol").write_text(f"{HEADER}contract B {{}}")
    text = question({"a.sol": 'import {B} from "b.sol"; contract A is B {}'})
    paths = ["--base-path", str(tmp_path), "--include-path", str(tmp_path / "lib")]
    answer = json.loads(run("--standard-json", *paths, stdin=text, cache=tmp_path / "c").stdout)
    assert "A" in answer["contracts"]["a.sol"]
    assert "B" in answer["contracts"]["b.sol"]


def test_missing_import_is_an_error_in_the_answer(tmp_path: Path) -> None:
    answer = compiled({"a.sol": 'import "nowhere.sol";'}, tmp_path, tmp_path / "cache")
    assert "nowhere.sol" in answer["errors"][0]["message"]


def test_bytecode_does_not_depend_on_folder_names(tmp_path: Path) -> None:
    text = "contract A { uint256 public n; }"
    answer = compiled({"a.sol": text, "x/y.sol": text}, tmp_path, tmp_path / "cache")
    codes = [
        contracts["A"]["evm"]["bytecode"]["object"] for contracts in answer["contracts"].values()
    ]
    assert codes[0] == codes[1] != ""


@pytest.mark.parametrize("args", [["--combined-json", "abi"], []])
def test_refuses_what_it_cannot_do(args: list[str]) -> None:
    done = run(*args)
    assert done.returncode == 1
    assert "--standard-json" in done.stderr
    assert done.stdout == ""
