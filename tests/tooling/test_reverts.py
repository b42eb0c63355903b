"""The words for refusals fit the errors that the contracts really have."""

import functools
from typing import Any

import pytest

from mikoshi.chain.abi import Interface, Item, Revert
from mikoshi.core import dao as daos
from mikoshi.testing.community import person
from mikoshi.text.language import speaking
from mikoshi.words.reverts import WORDS, ContractRefusesError, in_words, kind_of

EXAMPLES: dict[str, Any] = {
    "address": person(1).address,
    "bool": True,
    "bytes32": bytes(32),
    "uint256": 10**18,
}
NOW = 1_800_000_000
TIMES = {"deadline", "freeAt", "readyAt", "until", "eta"}


@functools.cache
def interface() -> Interface:
    """The errors of all contracts."""
    return daos.interface()


def error(name: str) -> Item:
    """An error of the contracts."""
    (item,) = [each for each in interface()._errors.values() if each.name == name]
    return item


def revert(name: str, *args: Any) -> Revert:
    """An error of the contracts as it is read from revert data."""
    found = interface().decode_revert(error(name).encode(args))
    assert found is not None
    return found


def example(name: str) -> Revert:
    """An error of the contracts with some arguments."""
    item = error(name)
    timed = TIMES & {each["name"] for each in item.inputs}
    examples = EXAMPLES | ({"uint256": NOW} if timed else {})
    return revert(name, *(examples.get(kind, b"" if kind == "bytes" else 3) for kind in item.types))


@pytest.mark.parametrize("name", WORDS)
def test_words_take_the_arguments_of_the_error(name: str) -> None:
    english = in_words(example(name), NOW)
    with speaking("ja"):
        japanese = in_words(example(name), NOW)
    assert english
    assert japanese
    assert english.isascii() or "…" in english
    assert not japanese.isascii()


def test_every_error_of_the_contracts_has_words() -> None:
    errors = {each.name for each in interface()._errors.values()} - {"Error", "Panic"}
    assert errors == set(WORDS)


def test_every_error_of_the_contracts_has_a_kind_of_its_own() -> None:
    kinds = {name: kind_of(example(name)) for name in WORDS}
    assert len(set(kinds.values())) == len(kinds)
    assert kinds["MembershipFull"] == "contract.membership-full"
    assert kinds["FactoryDAOExists"] == "contract.factory-dao-exists"
    assert kinds["ERC721InvalidOwner"] == "contract.erc721-invalid-owner"


def test_data_are_the_arguments_by_the_names_of_the_abi() -> None:
    refused = ContractRefusesError(
        revert("VoiceMemberCapExceeded", 7, 2_500 * 10**18, 10**18 // 2), b"", NOW, "credit"
    )
    assert (refused.kind, refused.exit_code) == ("contract.voice-member-cap-exceeded", 4)
    said = "member #7 can get 0.5 points more in this 30-day epoch, and 2,500 points were asked"
    assert refused.data == {
        "id": 7,
        "requested": 2_500 * 10**18,
        "available": 10**18 // 2,
        "call": "credit",
        "said": said,
    }
    assert refused.reasons == [said]


def test_an_unknown_error_is_told_with_its_data() -> None:
    refused = ContractRefusesError(None, b"\x12\x34", NOW, "admit")
    assert refused.kind == "contract.refuses"
    assert refused.data == {"data": b"\x12\x34", "call": "admit", "said": "0x1234"}
    named = ContractRefusesError(Revert("Unheard", (1,), ("number",)), b"", NOW)
    assert named.kind == "contract.unheard"
    assert named.data == {"number": 1, "call": "this", "said": "Unheard(1)"}


def test_words_name_the_setting_and_its_limits() -> None:
    field = b"season".ljust(32, b"\0")
    outside = revert("MembershipInvalidSetting", field, 3, 604_800, 31_536_000)
    assert in_words(outside, NOW) == (
        "the setting season must be 604,800 … 31,536,000, got 3"
        " (times in seconds, shares in 0.01 %)"
    )


def test_unknown_error_has_no_words() -> None:
    assert in_words(Revert("Unheard", (1,), ("number",)), NOW) is None
    assert in_words(None, NOW) is None


def test_words_count_from_the_chains_time() -> None:
    over = revert("GovernorExpiredSignature", NOW)
    assert in_words(over, NOW + 7_200) == (
        "the signature was valid until 2 h ago (Fri 15 Jan 08:00 UTC)"
    )
    early = revert("MembershipInvalidSetting", b"t0".ljust(32, b"\0"), NOW, NOW - 9, NOW - 1)
    assert in_words(early, NOW - 7_200) == (
        "a DAO begins within a day of its chain's clock, not in 2 h (Fri 15 Jan 08:00 UTC)"
    )
