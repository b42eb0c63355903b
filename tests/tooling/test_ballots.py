"""Signed messages, ballot files and batches, without a chain."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from mikoshi.ballots.batch import (
    ACCOUNT_GAS,
    WALLET_GAS,
    BallotOutcome,
    BallotResult,
    make_batches,
    summary,
)
from mikoshi.ballots.file import FORMAT, load, to_json, write_new
from mikoshi.ballots.messages import (
    MESSAGES,
    NO_END,
    Message,
    governor_message,
    invitations_message,
    membership_message,
)
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.ballots.signed import Signed, compact, expand, recover, sign
from mikoshi.ballots.validate import problems
from mikoshi.ballots.words import describe, proposal_word
from mikoshi.core.artifacts import project_sources
from mikoshi.testing.community import person
from mikoshi.text.errors import BadInputError, ProblemError
from mikoshi.text.language import LANGUAGES, speaking
from mikoshi.text.people import short
from tests.support import malleated, refuses, told

CHAIN = 11155111
GOVERNOR = person(901).address
MEMBERSHIP = person(902).address
PART = person(903).address
DEADLINE = 1_800_000_000  # Fri 15 Jan 2027 08:00 UTC
NOW = DEADLINE - 3600
EXPIRED = {"until": "Fri 15 Jan 08:00 UTC", "now": "Fri 15 Jan 08:00 UTC"}
DRAFT = ProposalDraft.of(
    [(person(3).address, 10**18, b"")], "# Fund the docs team", person(1).address
)


def ballot(member: int = 7, support: int = 1, key: int | None = None, **changes: Any) -> Signed:
    values = {"proposalId": DRAFT.id, "support": support, "deadline": DEADLINE} | changes
    message = governor_message("MemberBallot", CHAIN, GOVERNOR, **values)
    return sign(message, person(key or member), member, "Hana 花", DRAFT)


def account_ballot(member: int, support: int = 1) -> Signed:
    voter = person(member).address
    values = {"proposalId": DRAFT.id, "voter": voter, "support": support, "deadline": DEADLINE}
    message = governor_message("AccountBallot", CHAIN, GOVERNOR, **values)
    return Signed(message, voter, b"anything", member)


def extended(params: bytes) -> Signed:
    voter = person(7).address
    values = {"support": 1, "voter": voter, "nonce": 0, "reason": "", "params": params}
    message = governor_message("ExtendedBallot", CHAIN, GOVERNOR, proposalId=DRAFT.id, **values)
    return sign(message, person(7), 7)


def cancellation() -> Signed:
    values = {"proposalId": DRAFT.id, "proposer": person(1).address, "deadline": DEADLINE}
    return sign(governor_message("Cancel", CHAIN, GOVERNOR, **values), person(1), 1, "", DRAFT)


def found(signed: Signed, **changes: Any) -> list[ProblemError]:
    where: dict[str, Any] = {
        "now": NOW,
        "chain_id": CHAIN,
        "contract": GOVERNOR,
        "proposal_id": DRAFT.id,
    }
    return problems(signed, **(where | changes))


# Typed data


@pytest.mark.parametrize("kind", MESSAGES)
def test_message_has_the_typehash_of_the_contracts(kind: str) -> None:
    source = "".join(project_sources().values())
    assert f'"{kind}({MESSAGES[kind][1]})"' in source


@settings(deadline=None)
@given(st.integers(0, 2**256 - 1), st.integers(0, 255), st.integers(0, 2**256 - 1))
def test_digest_is_that_of_eip_712(proposal: int, support: int, deadline: int) -> None:
    message = governor_message(
        "MemberBallot", CHAIN, GOVERNOR, proposalId=proposal, support=support, deadline=deadline
    )
    domain_type = (
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    )
    name, version = keccak(text="Mikoshi Governor"), keccak(text="1")
    words = [keccak(text=domain_type), name, version, CHAIN, GOVERNOR]
    domain = keccak(encode(["bytes32", "bytes32", "bytes32", "uint256", "address"], words))
    typehash = keccak(text="MemberBallot(uint256 proposalId,uint8 support,uint256 deadline)")
    values = [typehash, proposal, support, deadline]
    hashed = keccak(encode(["bytes32", "uint256", "uint8", "uint256"], values))
    assert message.digest == keccak(b"\x19\x01" + domain + hashed)
    assert Message.from_typed_data(json.loads(json.dumps(message.typed_data()))) == message


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("Unknown", {}),
        ("Rest", {"account": GOVERNOR, "nonce": 0}),
        ("Rest", {"account": "0x12", "nonce": 0, "deadline": 0}),
        ("Rest", {"account": GOVERNOR, "nonce": -1, "deadline": 0}),
        ("Wake", {"account": GOVERNOR, "charterHash": b"", "nonce": 0, "deadline": 0}),
    ],
)
def test_message_refuses_what_no_contract_takes(kind: str, values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=kind):
        Message(kind, CHAIN, MEMBERSHIP, values)


def test_message_belongs_to_one_contract() -> None:
    with pytest.raises(ValueError, match="for the membership"):
        governor_message("Rest", CHAIN, GOVERNOR, account=GOVERNOR, nonce=0, deadline=0)


def test_typed_data_with_other_types_is_refused() -> None:
    data = ballot().message.typed_data()
    data["types"]["MemberBallot"][1]["type"] = "uint256"
    with pytest.raises(ValueError, match="not those of MemberBallot"):
        Message.from_typed_data(data)


# Signatures


@settings(deadline=None)
@given(st.integers(1, 2**24 - 1), st.integers(0, 2), st.integers(0, NO_END))
def test_terms_pack_member_deadline_and_support(member: int, support: int, deadline: int) -> None:
    values = {"proposalId": 1, "support": support, "deadline": deadline}
    message = governor_message("MemberBallot", CHAIN, GOVERNOR, **values)
    terms = Signed(message, person(1).address, b"", member).terms
    assert (terms >> 48, terms >> 8 & NO_END, terms & 0xFF) == (member, deadline, support)


@pytest.mark.parametrize("changes", [{"member": 0}, {"member": 2**24}, {"deadline": NO_END + 1}])
def test_terms_refuse_what_does_not_fit(changes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        _ = ballot(**({"key": 1} | changes)).terms


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 10**6))
def test_compact_signature_is_the_same_signature(number: int) -> None:
    signed = ballot(number)
    r, vs = compact(signed.signature)
    assert expand(r, vs) == signed.signature
    assert signed.is_of_signer


def test_signature_of_nobody_is_nobodys() -> None:
    signed = ballot()
    for bad in (malleated(signed.signature), bytes(65), b"", signed.signature[:-1] + b"\x05"):
        assert recover(signed.message, bad) is None
    with pytest.raises(ValueError, match="no compact form"):
        compact(malleated(signed.signature))


def test_call_names_the_function_that_relays() -> None:
    account, key = person(7).address, person(7)
    to = person(8).address
    values = {"account": account, "nonce": 4, "deadline": DEADLINE}
    lend = sign(membership_message("Delegate", CHAIN, MEMBERSHIP, delegatee=to, **values), key)
    name, args = lend.call()
    assert name == "delegateBySig(address,address,uint256,bytes)"
    assert args == [account, to, DEADLINE, lend.signature]
    with pytest.raises(ValueError, match="cannot be relayed like this"):
        ballot().call()
    name, args = cancellation().call()
    assert name == "cancelBySig(uint256,address,uint256,bytes)"
    assert args == [DRAFT.id, person(1).address, DEADLINE, cancellation().signature]


# Words


@pytest.mark.parametrize(
    ("support", "english", "japanese"),
    [
        (0, "I vote Against", "反対します"),
        (1, "I vote For", "賛成します"),
        (2, "I abstain on", "棄権します"),
    ],
)
def test_words_say_what_a_ballot_signs(support: int, english: str, japanese: str) -> None:
    message = ballot(support=support).message
    words = describe(message, DRAFT)
    assert words.startswith(f'{english} "Fund the docs team" (proposal ')
    assert "first valid ballot is final" in words
    assert "Valid until Fri 15 Jan 2027 08:00 UTC." in words
    assert f"on chain {CHAIN}." in words
    with speaking("ja"):
        assert japanese in describe(message, DRAFT)


def test_words_say_what_is_cancelled_and_until_when() -> None:
    number, message = f"{str(DRAFT.id)[:4]}…{str(DRAFT.id)[-4:]}", cancellation().message
    assert describe(message, DRAFT).startswith(
        f'I cancel "Fund the docs team" (proposal {number}) for good, before its voting opens.'
        " Valid until Fri 15 Jan 2027 08:00 UTC. Only for the governor "
    )
    assert describe(message).startswith(f"I cancel proposal {number} for good")
    with speaking("ja"):
        assert describe(message, DRAFT).startswith(
            f"「Fund the docs team」(提案 {number})を、投票が始まる前に取り消します"
            "(元に戻せません)。2027年1月15日(金) 08:00 UTCまで有効です。"
        )


def test_words_take_no_title_that_does_not_belong() -> None:
    other = ProposalDraft.of([], "# Something nicer", person(1).address)
    assert "nicer" not in describe(ballot().message, other)


@pytest.mark.parametrize("kind", MESSAGES)
def test_words_exist_for_every_message_in_both_languages(kind: str) -> None:
    samples = {
        "address": person(5).address,
        "bytes32": b"\1" * 32,
        "bytes": b"",
        "string": "Useful",
        "uint8": 1,
        "uint256": 2**256 - 1,
        "uint256[]": (2, 3),
        "address[]": (person(5).address,),
    }
    fields = (field.split() for field in MESSAGES[kind][1].split(","))
    message = Message(kind, CHAIN, GOVERNOR, {name: samples[type_] for type_, name in fields})
    english = describe(message)
    with speaking("ja"):
        japanese = describe(message)
    assert english.isascii() or "…" in english
    assert japanese.endswith("だけで使えます。")


# Files


def test_file_of_a_cancellation_comes_back(tmp_path: Path) -> None:
    write_new(tmp_path / "hana.ballot", to_json(cancellation()))
    assert load(tmp_path / "hana.ballot") == cancellation()


def test_file_says_in_words_what_it_signs_and_comes_back(tmp_path: Path) -> None:
    signed = ballot()
    for language in LANGUAGES:
        with speaking(language):
            path = tmp_path / f"{language}.ballot"
            write_new(path, to_json(signed))
            written = json.loads(path.read_text("utf-8"))
            assert written["says"] == {language: describe(signed.message, DRAFT)}
    for reader in LANGUAGES:
        with speaking(reader):
            assert [load(tmp_path / f"{language}.ballot") for language in LANGUAGES] == [
                signed for _ in LANGUAGES
            ]


def unusable(path: Path) -> ProblemError:
    """What is the matter with a file that is refused."""
    with pytest.raises(BadInputError) as caught:
        load(path)
    told(caught.value, "ballot.unusable", name=path.name)
    problem = caught.value.data["problem"]
    assert isinstance(problem, ProblemError)
    assert caught.value.reasons == [str(problem)]
    return problem


def damaged(part: str) -> dict[str, Any]:
    return {"kind": "ballot.damaged", "part": part}


def other_words(support: int = 1) -> dict[str, Any]:
    signed = ballot(support=support)
    return {"kind": "ballot.other-words", "says": describe(signed.message, DRAFT)}


def _set(*keys: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(entries: dict[str, Any]) -> None:
        for key in keys[:-1]:
            entries = entries[key]
        entries[keys[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (_set("message", "message", "support", value=0), other_words(support=0)),
        (_set("says", "en", value="I vote for sunshine."), other_words()),
        (_set("says", "ja", value="晴れに賛成します。"), other_words()),
        (_set("says", value={}), other_words()),
        (_set("says", "xx", value="…"), {"kind": "ballot.unknown-language", "languages": "xx"}),
        (
            _set("proposal", "description", value="# Sunshine"),
            {"kind": "ballot.other-proposal", "title": "Sunshine"},
        ),
        (
            _set("format", value="mikoshi-ballot/9"),
            {"kind": "ballot.other-format", "found": "mikoshi-ballot/9", "format": FORMAT},
        ),
        (_set("signature", value="0xzz"), damaged("signature")),
        (_set("message", "primaryType", value="Permit"), damaged("message")),
        (_set("message", "domain", "name", value="USD Coin"), damaged("message")),
        (_set("signer", value={}), damaged("signer")),
        (_set("proposal", value=[1]), damaged("proposal")),
        (_set("message", value=None), damaged("message")),
        (_set("says", value=7), damaged("says")),
    ],
)
def test_file_that_was_changed_is_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], problem: dict[str, Any]
) -> None:
    path = tmp_path / "hana.ballot"
    write_new(path, to_json(ballot()))
    entries = json.loads(path.read_text("utf-8"))
    change(entries)
    path.write_text(json.dumps(entries), "utf-8")
    assert unusable(path).as_json() == problem


@pytest.mark.parametrize("content", [b"hello", b"\xff\xfe", b"[]", b"{}", b"7", b"{"])
def test_file_that_is_no_ballot_is_refused_in_plain_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hana.ballot"
    path.write_bytes(content)
    told(unusable(path), "ballot.not-a-ballot")


def test_file_of_nothing_but_brackets_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hana.ballot"
    path.write_text("[" * 100_000)
    told(unusable(path), "ballot.nested-too-deep")


def test_file_that_is_missing_or_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with refuses("ballot.missing", path=tmp_path / "none.ballot"):
        load(tmp_path / "none.ballot")
    told(unusable(tmp_path), "ballot.unreadable", reason=os.strerror(errno.EISDIR))


# Validation


def test_problems_finds_none_in_a_good_ballot() -> None:
    assert found(ballot()) == []
    assert found(account_ballot(9)) == []
    assert found(cancellation()) == []


@pytest.mark.parametrize(
    ("signed", "changes", "kind", "data"),
    [
        (ballot(), {"chain_id": 1}, "ballot.for-another-chain", {"chain": CHAIN, "here": 1}),
        (
            ballot(),
            {"contract": MEMBERSHIP},
            "ballot.for-another-dao",
            {"part": "governor", "contract": short(GOVERNOR)},
        ),
        (
            ballot(),
            {"proposal_id": 5},
            "ballot.on-another-proposal",
            {"proposal": proposal_word(DRAFT.id)},
        ),
        (ballot(support=3), {}, "ballot.unknown-support", {"support": 3}),
        (ballot(), {"now": DEADLINE + 1}, "ballot.expired", EXPIRED),
        (ballot(member=0, key=7), {}, "ballot.no-member-number", {"member": 0}),
        (
            ballot(deadline=NO_END + 1),
            {},
            "ballot.deadline-too-late",
            {"deadline": NO_END + 1},
        ),
        (
            Signed(ballot().message, person(8).address, ballot().signature, 8),
            {},
            "ballot.signature-of-another",
            {"signer": short(person(8).address)},
        ),
        (
            Signed(account_ballot(9).message, person(8).address, b"", 9),
            {},
            "ballot.in-another-name",
            {"named": short(person(9).address), "signer": short(person(8).address)},
        ),
        (extended(b"\1"), {}, "ballot.has-parameters", {}),
        (cancellation(), {"now": DEADLINE + 1}, "ballot.expired", EXPIRED),
        (
            Signed(cancellation().message, person(1).address, ballot().signature, 1),
            {},
            "ballot.signature-of-another",
            {"signer": short(person(1).address)},
        ),
    ],
)
def test_problems_names_the_reason(
    signed: Signed, changes: dict[str, Any], kind: str, data: dict[str, Any]
) -> None:
    (problem,) = found(signed, **changes)
    told(problem, kind, **data)


@pytest.mark.parametrize("kind", ["Invitation", "Claim"])
def test_problems_refuses_what_only_a_link_carries(kind: str) -> None:
    values = {"key": PART, "deadline": DEADLINE} if kind == "Invitation" else {"wallet": PART}
    signed = sign(invitations_message(kind, CHAIN, PART, **values), person(7), 7)
    (problem,) = found(signed, contract=PART)
    told(problem, "ballot.part-of-a-link")


def test_problems_takes_a_ballot_until_its_last_second() -> None:
    assert found(ballot(), now=DEADLINE) == []


# Batches


def test_batches_are_in_the_order_of_members_wallets_first() -> None:
    ballots = [ballot(12), account_ballot(5), ballot(3), account_ballot(2)]
    (batch,), repeated = make_batches(ballots)
    assert [each.member for each in batch.ballots] == [3, 12, 2, 5]
    assert repeated == []
    proposal, wallets, accounts = batch.args()
    assert proposal == DRAFT.id
    assert [len(wallets), len(accounts)] == [2, 2]
    assert wallets[0] == (ballot(3).terms, *compact(ballot(3).signature))
    assert accounts[0] == (account_ballot(2).terms, person(2).address, b"anything")


def test_batches_split_at_their_gas_and_by_proposal() -> None:
    ballots = [*(ballot(number) for number in range(1, 6)), account_ballot(6)]
    batches, _ = make_batches(ballots, gas=3 * WALLET_GAS)
    assert [len(each.ballots) for each in batches] == [3, 2, 1]
    batches, _ = make_batches(ballots, gas=5 * WALLET_GAS + ACCOUNT_GAS)
    assert [len(each.ballots) for each in batches] == [6]
    batches, _ = make_batches([ballot(1), ballot(1, proposalId=5)])
    assert [each.proposal_id for each in batches] == sorted([5, DRAFT.id])


def test_batches_keep_the_first_ballot_of_a_wallet() -> None:
    first, second = ballot(7, support=1), ballot(7, support=0)
    (batch,), repeated = make_batches([first, second])
    assert batch.ballots == (first,)
    assert repeated == [BallotOutcome(second, BallotResult.ALREADY_CAST)]


def test_batches_never_drop_a_real_ballot_for_a_forged_one() -> None:
    real = ballot(7)
    forged = Signed(real.message, real.signer, ballot(7, key=8).signature, 7)
    borrowed = ballot(7, key=8)  # another wallet's, under the member's number
    (batch,), repeated = make_batches([forged, borrowed, real])
    assert real in batch.ballots
    assert repeated == []


def test_summary_counts_what_became_of_the_ballots() -> None:
    results = [BallotResult.COUNTED] * 40 + [BallotResult.ALREADY_CAST, BallotResult.EXPIRED]
    outcomes = [BallotOutcome(ballot(), each) for each in results]
    assert summary(outcomes) == "42 ballots: 40 counted, 1 expired, 1 already voted"
    with speaking("ja"):
        assert summary(outcomes) == "42票: 集計済み 40、期限切れ 1、投票済み 1"
