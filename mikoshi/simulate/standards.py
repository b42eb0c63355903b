"""The events and errors of tokens that are not the DAO's: ERC-20, ERC-721, ERC-1155, ERC-6093."""

from __future__ import annotations

import re
from typing import Any

from mikoshi.chain.abi import Interface

_EVENTS = (
    "Transfer(address indexed from, address indexed to, uint256 amount)",
    "Transfer(address indexed from, address indexed to, uint256 indexed tokenId)",
    "Approval(address indexed owner, address indexed spender, uint256 amount)",
    "Approval(address indexed owner, address indexed approved, uint256 indexed tokenId)",
    "ApprovalForAll(address indexed owner, address indexed operator, bool approved)",
    "TransferSingle(address indexed operator, address indexed from, address indexed to,"
    " uint256 id, uint256 value)",
    "TransferBatch(address indexed operator, address indexed from, address indexed to,"
    " uint256[] ids, uint256[] values)",
)
_ERRORS = (
    "ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
    "ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
    "ERC20InvalidReceiver(address receiver)",
    "ERC20InvalidSpender(address spender)",
    "ERC721NonexistentToken(uint256 tokenId)",
    "ERC721IncorrectOwner(address sender, uint256 tokenId, address owner)",
    "ERC721InsufficientApproval(address operator, uint256 tokenId)",
    "ERC721InvalidReceiver(address receiver)",
    "ERC1155InsufficientBalance(address sender, uint256 balance, uint256 needed, uint256 tokenId)",
    "ERC1155MissingApprovalForAll(address operator, address owner)",
    "ERC1155InvalidReceiver(address receiver)",
)


def _entry(kind: str, signature: str) -> dict[str, Any]:
    name, _, rest = signature.partition("(")
    inputs = [
        {"type": words[0], "name": words[-1], "indexed": "indexed" in words}
        for words in (text.split() for text in re.split(r",\s*", rest.rstrip(")")))
    ]
    return {"type": kind, "name": name, "inputs": inputs}


ENTRIES = [_entry("event", each) for each in _EVENTS] + [_entry("error", each) for each in _ERRORS]

STANDARDS = Interface(ENTRIES)
"""What tokens announce and refuse with."""
