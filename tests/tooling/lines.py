"""Lines read by hand, and made by the page's own code: each beside the codec of the commands."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.ballots.line import ALPHABET, MARK
from mikoshi.text.paths import ROOT

WEB = ROOT / "web"

_MAKER = """
import { readFileSync } from "node:fs";
import { toLine } from "./line.ts";
function valueOf(given) {
  if (Array.isArray(given)) return given.map(valueOf);
  return given.number ? BigInt(given.number) : given;
}
for (const { values, member, signature, ...place } of JSON.parse(readFileSync(0, "utf8"))) {
  const read = Object.entries(values).map(([name, given]) => [name, valueOf(given)]);
  console.log(toLine({ ...place, values: Object.fromEntries(read) }, BigInt(member), signature));
}
"""


def made_by_the_page(folder: Path, acts: list[dict[str, Any]]) -> list[str]:
    """The line of each act: kind, chainId, contract, values, member, signature.

    JavaScript's numbers are too short for those of `values`, which are `{"number": "123"}`.
    """
    bundle = folder / "line.mjs"
    esbuild = WEB / "node_modules" / ".bin" / "esbuild"
    options = ["--bundle", "--platform=node", "--format=esm", f"--outfile={bundle}"]
    options += [f"--sourcefile={WEB / 'src' / 'maker.ts'}", "--loader=ts", "--log-level=error"]
    subprocess.run([esbuild, *options], input=_MAKER, text=True, cwd=WEB / "src", check=True)
    told = subprocess.run(
        ["node", bundle], input=json.dumps(acts), text=True, capture_output=True, check=True
    )
    return told.stdout.split()


@dataclass
class Said:
    """What a line contains; `values` in the order of the fields."""

    kind: int
    chain_id: int
    contract: str
    member: int
    values: list[Any]
    signature: bytes


def read_line(line: str, *types: str) -> Said:
    """A whole line whose fields have these types. Raises AssertionError for a wrong checksum."""
    digits = line.removeprefix(MARK)
    assert len(digits) == 2 + ALPHABET.index(digits[0]) * 58 + ALPHABET.index(digits[1])
    number = 0
    for digit in digits[2:]:
        number = number * 58 + ALPHABET.index(digit)
    raw = number.to_bytes((number.bit_length() + 7) // 8)
    content = raw[:-4]
    assert raw[-4:] == keccak(content)[:4]

    def take(count: int) -> bytes:
        nonlocal content
        taken, content = content[:count], content[count:]
        assert len(taken) == count
        return taken

    def value(type_: str) -> Any:
        if type_.endswith("[]"):
            return [value(type_[:-2]) for _ in range(take(1)[0])]
        if type_ == "address":
            return to_checksum_address(take(20))
        return take(32) if type_ == "bytes32" else int.from_bytes(take(take(1)[0]))

    head = take(1)[0], value("uint256"), value("address"), value("uint256")
    return Said(*head, [value(each) for each in types], content)
