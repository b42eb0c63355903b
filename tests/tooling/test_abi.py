"""Bytes are read strictly, whatever other packages do to the reader that all share."""

from __future__ import annotations

import pytest
from eth_abi.exceptions import InsufficientDataBytes

from mikoshi.chain.abi import Item, decode


def test_too_few_bytes_are_no_number_where_ape_pads_them() -> None:
    import ape.utils.abi  # noqa: F401 (puts its own `uint` into the shared registry)

    with pytest.raises(InsufficientDataBytes):
        decode(["uint256"], b"\1")
    amount = Item("f", [{"name": "amount", "type": "uint256"}], [])
    with pytest.raises(InsufficientDataBytes):
        amount.decode_inputs(amount.selector + b"\1")
    assert amount.decode_inputs(amount.encode([7])) == [7]
