"""Names, not only types: clients that read answers by name find what the standards call them."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from mikoshi.core import artifacts

_OZ = "@openzeppelin/contracts/"
_STANDARDS = {
    "DAOGovernor": {
        "IGovernor": "governance/IGovernor.sol",
        "IERC5267": "interfaces/IERC5267.sol",
    },
    "Membership": {
        "IERC5805": "interfaces/IERC5805.sol",
        "IERC721Metadata": "token/ERC721/extensions/IERC721Metadata.sol",
        "IERC4906": "interfaces/IERC4906.sol",
        "IERC5267": "interfaces/IERC5267.sol",
    },
    "ContributionToken": {
        "IERC20Metadata": "token/ERC20/extensions/IERC20Metadata.sol",
        "IERC20Permit": "token/ERC20/extensions/IERC20Permit.sol",
    },
    "Treasury": {
        "IAccessControl": "access/IAccessControl.sol",
        "IERC721Receiver": "token/ERC721/IERC721Receiver.sol",
        "IERC1155Receiver": "token/ERC1155/IERC1155Receiver.sol",
    },
}
_SOLADY = ("ContributionToken",)
"""Whose events are Solady's, which calls a value an amount."""

_NEVER = ("EIP712DomainChanged",)
"""What does not happen here is no event."""

CASES = [(part, name) for part, standards in _STANDARDS.items() for name in standards]


@functools.cache
def _standards() -> dict[str, list[dict[str, Any]]]:
    """The standards' ABIs, from OpenZeppelin's interfaces."""
    known = {name: path for each in _STANDARDS.values() for name, path in each.items()}
    source = "// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n" + "".join(
        f'import {{{name} as _{name}}} from "{_OZ}{path}";\ninterface {name} is _{name} {{}}\n'
        for name, path in known.items()
    )
    compiled = artifacts.compile_sources({"Standards.sol": source})
    return {name: compiled[name].abi for name in known}


def _signature(entry: dict[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    return entry["type"], entry["name"], tuple(each["type"] for each in entry["inputs"])


def _named(entry: dict[str, Any], side: str) -> list[str]:
    return [each["name"] for each in entry.get(side, [])]


@pytest.mark.parametrize(("part", "standard"), CASES)
def test_answers_and_events_are_named_as_in_the_standard(part: str, standard: str) -> None:
    """Each function and event of the standard is there; what it names has that name here."""
    ours = {_signature(each): each for each in artifacts.project()[part].abi if "name" in each}
    wanted = [each for each in _standards()[standard] if each["type"] in ("function", "event")]
    assert wanted
    for each in wanted:
        if each["name"] in _NEVER:
            assert _signature(each) not in ours
            continue
        own = ours[_signature(each)]
        pairs = list(zip(_named(each, "outputs"), _named(own, "outputs"), strict=True))
        assert all(name in ("", here) for name, here in pairs), (each["name"], pairs)
        if each["type"] == "event":
            if part not in _SOLADY:
                assert _named(each, "inputs") == _named(own, "inputs"), each["name"]
            marks = [[a["indexed"] for a in e["inputs"]] for e in (each, own)]
            assert marks[0] == marks[1], each["name"]
        else:
            # A promise to change less is kept towards whoever expects more.
            order = ["pure", "view", "nonpayable", "payable"]
            kinds = (own["stateMutability"], each["stateMutability"])
            assert order.index(kinds[0]) <= order.index(kinds[1]), each["name"]


def test_a_ballots_tally_is_named_as_openzeppelin_names_it() -> None:
    """`proposalVotes` stands in no interface of the standard, and every client reads it."""
    (own,) = [
        each
        for each in artifacts.project()["DAOGovernor"].abi
        if each.get("name") == "proposalVotes"
    ]
    assert _named(own, "outputs") == ["againstVotes", "forVotes", "abstainVotes"]
