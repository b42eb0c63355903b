"""Whatever a setting may be, what is written of it is read back as the same."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mikoshi.config.kinds import Range
from mikoshi.config.numbers import Tokens
from mikoshi.config.sections import SECTIONS
from mikoshi.text.language import Language, speaking
from mikoshi.text.units import Amount

SETTINGS = {
    f"{table}.{setting.name}": setting.kind
    for table, section in SECTIONS.items()
    for setting in section.settings()
    if isinstance(setting.kind, Range)
}


def read_back(literal: str) -> object:
    return tomllib.loads(f"value = {literal}", parse_float=Decimal)["value"]


@pytest.mark.parametrize("path", SETTINGS)
@given(data=st.data(), language=st.sampled_from(["en", "ja"]))
def test_setting_round_trip(path: str, data: st.DataObject, language: Language) -> None:
    kind = SETTINGS[path]
    step = getattr(kind, "step", 1)
    value = data.draw(st.integers(kind.low // step, kind.high // step)) * step
    with speaking(language):
        assert kind.read(read_back(kind.literal(value))) == value


@given(st.integers(0, 2**96 - 1), st.sampled_from(["PMC", "ありがとう", "P-M.C"]))
def test_amount_of_tokens_round_trip(raw: int, symbol: str) -> None:
    kind = Tokens()
    assert kind.read(read_back(kind.literal(Amount(raw, symbol)))) == Amount(raw, symbol)
