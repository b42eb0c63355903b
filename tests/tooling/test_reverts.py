"""The words for refusals fit the errors that the contracts really have."""

import inspect

import pytest

from mikoshi.chain.abi import Revert
from mikoshi.core import dao as daos
from mikoshi.testing.community import person
from mikoshi.text.language import speaking
from mikoshi.words.reverts import _WORDS, in_words

EXAMPLES = {"address": person(1).address, "uint256": 10**18, "bytes32": bytes(32)}
NOW = 1_800_000_000


@pytest.mark.parametrize("name", _WORDS)
def test_words_take_the_arguments_of_the_error(name: str) -> None:
    (item,) = [each for each in daos.interface()._errors.values() if each.name == name]
    args = tuple(EXAMPLES.get(kind, 1_800_000_000) for kind in item.types)
    if any(
        each["name"] in ("deadline", "freeAt", "readyAt", "until", "eta") for each in item.inputs
    ):
        args = tuple(1_800_000_000 if kind == "uint256" else EXAMPLES[kind] for kind in item.types)
    inspect.signature(_WORDS[name]).bind(*args)
    english = in_words(Revert(name, args), NOW)
    with speaking("ja"):
        japanese = in_words(Revert(name, args), NOW)
    assert english
    assert japanese
    assert english.isascii() or "…" in english
    assert not japanese.isascii()


def test_every_error_of_the_contracts_has_words() -> None:
    errors = {each.name for each in daos.interface()._errors.values()} - {"Error", "Panic"}
    assert errors == set(_WORDS)


def test_words_carry_numbers_with_units() -> None:
    revert = Revert("VoiceMemberCapExceeded", (7, 2_500 * 10**18, 10**18 // 2))
    assert in_words(revert, NOW) == (
        "member #7 can get 0.5 points more in this 30-day epoch, and 2,500 points were asked"
    )


def test_words_name_the_setting_and_its_limits() -> None:
    field = b"season".ljust(32, b"\0")
    revert = Revert("MembershipInvalidSetting", (field, 3, 604_800, 31_536_000))
    assert in_words(revert, NOW) == (
        "the setting season must be 604,800 … 31,536,000, got 3"
        " (times in seconds, shares in 0.01 %)"
    )


def test_unknown_error_has_no_words() -> None:
    assert in_words(Revert("Unheard", (1,)), NOW) is None
    assert in_words(None, NOW) is None


def test_words_count_from_the_chains_time() -> None:
    over = Revert("GovernorExpiredSignature", (NOW,))
    assert in_words(over, NOW + 7_200) == (
        "the signature was valid until 2 h ago (Fri 15 Jan 08:00 UTC)"
    )
    early = Revert("MembershipInvalidSetting", (b"t0".ljust(32, b"\0"), NOW, NOW - 9, NOW - 1))
    assert in_words(early, NOW - 7_200) == (
        "a DAO begins within a day of its chain's clock, not in 2 h (Fri 15 Jan 08:00 UTC)"
    )
