"""Functions by their signatures, as people write and copy them: `mint(address to, uint amount)`."""

from __future__ import annotations

import re

from mikoshi.chain.abi import Item, is_type
from mikoshi.config.kinds import ValueProblemError
from mikoshi.text.console import shortened
from mikoshi.text.language import N_
from mikoshi.text.units import normalize

_HEAD = re.compile(r"(?:function\s+)?([A-Za-z_$][\w$]*)\s*\(")
_TAIL = re.compile(r"(?:\s*(?:[A-Za-z_]\w*\b|\([^()]*(?:\([^()]*\)[^()]*)*\)))*\s*[;{]?\s*")
"""What a source file has behind the arguments, `external returns (bool);`, says nothing of them."""

_PARAMETER = re.compile(r"(?:tuple\s*)?(\(.*\)|\w+)\s*((?:\[\d*\]\s*)*)(.*)", re.S)
_WHERE = ("payable", "memory", "calldata", "storage")
_QUOTED = 80  # characters
_TOKENS = (
    "approve(address spender, uint256 amount)",
    "transferFrom(address from, address to, uint256 amount)",
    "safeTransferFrom(address from, address to, uint256 tokenId)",
    "setApprovalForAll(address operator, bool approved)",
)


def read_signature(text: str) -> Item:
    """The function that a signature names; an argument without a name is called by its place.

    Raises ValueProblemError.
    """
    plain = normalize(text)
    head = _HEAD.match(plain)
    inner, rest = _bracketed(plain[head.end() :]) if head else ("", None)
    found = [_parameter(part) for part in split(inner)]
    if (
        not head
        or rest is None
        or not _TAIL.fullmatch(rest)
        or not all(is_type(k) for k, _ in found)
    ):
        raise ValueProblemError(
            "signature.malformed",
            N_('must be a signature such as "mint(address to, uint256 amount)", got {got}'),
            got=shortened(text, _QUOTED),
        )
    names = [name or f"arg{index}" for index, (__, name) in enumerate(found)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueProblemError(
            "signature.same-names", N_("has two arguments called {name}"), name=twice
        )
    kinds = (kind for kind, __ in found)
    inputs = [{"type": kind, "name": name} for kind, name in zip(kinds, names, strict=True)]
    return Item(head[1], inputs, [])


def _bracketed(text: str) -> tuple[str, str | None]:
    """What stands up to the bracket that closes, and behind it; None where none closes."""
    depth = 1
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if not depth:
            return text[:index], text[index + 1 :]
    return text, None


def split(text: str) -> list[str]:
    """The parameters of a signature, at the commas outside brackets."""
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == "," and not depth:
            parts.append(text[start:index])
            start = index + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def _parameter(text: str) -> tuple[str, str]:
    """Type, as it is hashed, and name of a parameter; empty where it is none."""
    match = _PARAMETER.fullmatch(text)
    words = [word for word in match[3].split() if word not in _WHERE] if match else []
    if match is None or len(words) > 1:
        return "", ""
    kind = re.sub(r"^(u?int)$", r"\g<1>256", match[1])
    if kind.startswith("("):
        kind = f"({','.join(_parameter(part)[0] for part in split(kind[1:-1]))})"
    return kind + re.sub(r"\s", "", match[2]), "".join(words)


TOKENS = {item.selector: item for item in map(read_signature, _TOKENS)}
"""What tokens are asked to do, besides `transfer`, by selector: ERC-20, ERC-721, ERC-1155."""
