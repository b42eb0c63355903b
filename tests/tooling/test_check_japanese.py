"""A check speaks Japanese down to what it compares."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from mikoshi.chain.contract import Snapshot, ViewCall
from mikoshi.check.parameters import differing
from mikoshi.check.report import CheckSection, Difference
from mikoshi.check.state import compare_state
from mikoshi.check.wiring import compare_wiring
from mikoshi.check.words import voice
from mikoshi.proposals.actions.parameters import PARAMETERS
from mikoshi.replay.dao import replay
from mikoshi.replay.voice import Voice
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import params
from mikoshi.text.errors import Words
from mikoshi.text.json import entries_of
from mikoshi.text.language import speaking
from mikoshi.text.people import short
from tests.support import grant, told
from tests.tooling.test_check import record_of

NAMES = {
    "MembershipLens",
    "DAO",
    "DAOGovernor",
    "DAOFactory",
    "Membership",
    "ContributionToken",
    "Treasury",
}
NAMES |= {"REWARDER", "admin"}


class Mute(Snapshot):
    """A chain whose contracts answer nothing."""

    def ask(self, questions: Iterable[ViewCall]) -> list[Any]:
        return [None for _ in questions]


def english_in(text: str) -> set[str]:
    """The English words in a text, hexadecimal aside."""
    return set(re.findall(r"[A-Za-z']{2,}", re.sub(r"0x\w+", "", text))) - NAMES


def test_everything_compared_has_a_japanese_name(community: Community) -> None:
    dao, rpc = community.dao, community.rpc
    community.as_treasury(dao.token, "mint", person(1).address, 10**18, 5)
    community.as_treasury(dao.token, "setKindCap", 5, 10**18)
    grant(community, "REWARDER", person(50).address)
    proposal = community.propose([(person(9).address, 1, b"")])
    community.open_voting(proposal)
    community.vote(proposal, [0])
    record = record_of(community)
    voice = Voice.of_params(community.params["voice"])
    rebuilt = replay(rpc, dao, record.shared["DAOFactory"], voice)
    rebuilt.unknown = 1
    rebuilt.governor.oddities.append(
        Words("a ballot of {account} on {proposal} should not exist", account="0x12", proposal=34)
    )
    mute = Mute(rpc)
    with speaking("ja"):
        found = [
            *compare_state(rebuilt, mute).differences,
            *compare_wiring(record, rebuilt, mute).differences,
        ]
        said = [str(replace(each, expected="", note="").words) for each in found]
    assert len({each.what for each in found}) > 60
    for text in said:
        assert not english_in(text), text
    assert ("DAOGovernor", "a ballot of 0x12 on 34 should not exist") in [
        (each.where, each.what) for each in found
    ]


def test_values_have_their_units_and_settings_their_names(community: Community) -> None:
    dao, rpc = community.dao, community.rpc
    proposal = community.propose([(person(9).address, 1, b"")])
    community.open_voting(proposal)
    community.vote(proposal, [0])
    community.as_treasury(dao.token, "mint", person(1).address, 10**18, 5)
    voices = Voice.of_params(community.params["voice"])
    rebuilt = replay(rpc, dao, record_of(community).shared["DAOFactory"], voices)
    with speaking("ja"):
        found = compare_state(rebuilt, Mute(rpc)).differences
    shown = [each.expected for each in found]
    known = set(re.findall(r"[A-Za-z']{2,}", " ".join(PARAMETERS))) | {"UTC", "points"}
    for text in shown:
        assert not english_in(text) - known, text
        assert not re.search(r"[{}]|\d{7}", re.sub(r"0x\w+", "", text)), text
    assert {"1 トークン", "活動中", "投票受付中"} <= set(shown)
    found = compare_state(rebuilt, Mute(rpc)).differences
    english = {(each.where, each.what): each.expected for each in found}
    assert english["ContributionToken", "supply"] == "1 tokens"
    assert "governance.voting_delay 2 days, " in english["DAOGovernor", "settings"]


def test_of_settings_those_that_differ_are_shown(community: Community) -> None:
    dao, rpc = community.dao, community.rpc
    voices = Voice.of_params(community.params["voice"])
    rebuilt = replay(rpc, dao, record_of(community).shared["DAOFactory"], voices)
    rebuilt.token.supply = 10**19
    rebuilt.governor.settings[1] |= {"quorumBps": 2_550}
    found = {
        each.what: (each.expected, each.found)
        for each in compare_state(rebuilt, Snapshot(rpc, rebuilt.block)).differences
    }
    assert found == {
        "settings": ("governance.quorum 25.5 %", "governance.quorum 30 %"),
        "supply": ("10 PMC", "0 PMC"),
    }


def test_a_difference_too_small_for_the_words_is_shown_as_it_is() -> None:
    section = CheckSection("replay")
    section.compare("Membership", "voice of all", 10**12 + 1, 10**12 + 2, voice)
    section.compare("Membership", "voice of all", 10**12, 2 * 10**12, voice)
    section.compare("Membership", "voice of all", 10**12, None, voice)
    assert [(each.expected, each.found) for each in section.differences] == [
        ("1,000,000,000,001", "1,000,000,000,002"),
        ("1,000 voices", "2,000 voices"),
        ("1,000 voices", "nothing"),
    ]


@pytest.mark.parametrize(
    ("more", "english", "japanese"),
    [
        (1, "6, with {first}", "6件({first} を含む)"),
        (
            7,
            "12, with {first}, {others} and 2 more",
            "12件({first}、{others} ほか2件を含む)",
        ),
    ],
)
def test_of_lists_who_is_in_one_alone_is_told(more: int, english: str, japanese: str) -> None:
    wallets = [person(each).address for each in range(1, 6 + more)]
    founded, asked = params(0, wallets[:5]), params(0, wallets)
    first, *others = [short(each) for each in wallets[5:10]]
    after = english.format(first=first, others=", ".join(others))
    (problem,) = differing(asked, founded)
    told(problem, "setting.differs", setting="members", new=after, old="5")
    with speaking("ja"):
        (problem,) = differing(asked, founded)
        line = str(problem)
    after = japanese.format(first=first, others="、".join(others))
    assert line == f"members は {after} ですが、作成時は 5 でした"


def test_a_difference_in_words() -> None:
    part = Words("address of the {part}", part=Words("token"))
    difference = Difference("deployment record", part, "0x34", "0x12", Words("why"))
    english = "deployment record: address of the token: expected 0x34, found 0x12 (why)"
    assert str(difference.words) == english
    with speaking("ja"):
        assert str(difference.words) == (
            "デプロイの記録: トークン のアドレス: あるべき値 0x34、実際 0x12 (why)"
        )
        assert entries_of(difference) == {
            "where": "deployment record",
            "what": "address of the token",
            "expected": "0x34",
            "found": "0x12",
            "note": "why",
        }
