"""Typed actions become calls; calls become words and the same calls again."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_abi.tools._strategies import get_abi_strategy
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from mikoshi.ballots.proposal import TreasuryCall, text_of, title_of
from mikoshi.chain.contract import Contract
from mikoshi.context.address_book import ETH, AddressBook
from mikoshi.core.dao import deploy_shared
from mikoshi.proposals.composed import Composed
from mikoshi.proposals.decode import decode, does, in_words
from mikoshi.proposals.file import load
from mikoshi.proposals.signature import read_signature
from mikoshi.testing.community import Community, person
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import speaking
from mikoshi.text.paths import ROOT
from mikoshi.text.people import ZERO_ADDRESS, on_chain, short
from mikoshi.text.units import DAY
from tests.support import deploy, inner, refuses, told

POINT = 10**18
NEW = person(3_100_001).address


@pytest.fixture
def book(community: Community) -> AddressBook:
    """The community's addresses; #1 is Hana, #2 and #3 are both called Ken."""
    names = dict(zip(community.wallets, ("Hana", "Ken", "Ken"), strict=False))
    factory = deploy_shared(community.rpc, community.wallets[0]).address
    return AddressBook(community.rpc, community.dao, factory, names)


@pytest.fixture(scope="module")
def book_(_founded: Community) -> AddressBook:
    """The same for properties, which change nothing."""
    return AddressBook(_founded.rpc, _founded.dao, person(3_100_002).address)


@pytest.fixture
def compose(book: AddressBook, tmp_path: Path) -> Callable[[str], Composed]:
    """What a file with these actions (TOML) says."""

    def composed(actions: str, head: str = 'title = "T"\n') -> Composed:
        path = tmp_path / "001-t.toml"
        path.write_text(head + actions)
        return load(path, book)

    return composed


def call(contract: Contract, name: str, *args: Any) -> TreasuryCall:
    return TreasuryCall(contract.address, 0, contract.data(name, *args))


def only(composed: Composed) -> TreasuryCall:
    (step,) = composed.steps
    return step


def test_pay_in_ether_is_a_plain_payment(
    compose: Callable[[str], Composed], book: AddressBook, community: Community
) -> None:
    step = only(compose('[[actions]]\ndo = "pay"\nto = "#1"\namount = "0.25 ether"'))
    assert step == TreasuryCall(community.wallets[0], POINT // 4, b"")
    (words,) = in_words([step], book)
    assert words.startswith("pay Hana #1 (0x")
    assert words.endswith("0.25 ETH")


def test_pay_in_a_coin_is_a_transfer(
    compose: Callable[..., Composed], book: AddressBook, community: Community
) -> None:
    token = community.dao.token_address
    step = only(compose('[[actions]]\ndo = "pay"\nto = "Hana"\namount = "2,500 PMC"'))
    assert step == call(community.dao.token, "transfer", community.wallets[0], 2_500 * POINT)
    assert in_words([step], book)[0].endswith("2,500 PMC")
    assert step.target == token


def test_reward_mints_and_credits(
    compose: Callable[[str], Composed], book: AddressBook, community: Community
) -> None:
    composed = compose(
        '[[actions]]\ndo = "reward"\nto = "#1"\ntokens = "100 PMC"\nmerit = "20 points"'
    )
    dao = community.dao
    assert composed.steps == [
        call(dao.token, "mint", community.wallets[0], 100 * POINT, 0),
        call(dao.membership, "credit", 1, 20 * POINT, 0, bytes(32)),
    ]
    mint, credit = in_words(composed.steps, book)
    assert "mint 100 PMC to Hana #1" in mint
    assert "credit 20 points of merit to Hana #1" in credit
    with speaking("ja"):
        assert "Hana #1" in composed.actions[0][0].words(book)


ACTIONS = {
    'do = "pay"\nto = "treasury"\namount = "1 ETH"': "pay treasury 1 ETH",
    'do = "mint"\nto = "#2"\ntokens = "5 PMC"\nkind = 3': "mint 5 PMC to Ken #2 (…) (kind 3)",
    'do = "credit"\nto = "#2"\nmerit = "0.5 points"': "credit 0.5 points of merit to Ken #2 (…)",
    f'do = "grant role"\nrole = "MINTER"\nto = "{NEW}"': "give … the role MINTER",
    f'do = "revoke role"\nrole = "PURSE"\nholder = "{NEW}"': "take the role PURSE from …",
    f'do = "attach module"\nmodule = "{NEW}"\nroles = ["MINTER"]': "give … the role MINTER",
    'do = "set guardian"\nto = "Hana"\nuntil = 2027-03-31': (
        "make Hana #1 (…) guardian until Wed 31 Mar 2027 00:00 UTC"
    ),
    'do = "set guardian"\nto = "nobody"': "have no guardian",
    'do = "set governor"\nto = "membership"': (
        "hand everything to the governor membership, 45 days later"
    ),
    'do = "withdraw governor"': "keep the governor of today: take back the next one",
    'do = "withdraw settings"\nof = "governance"': (
        "take back the settings of governance that wait"
    ),
    'do = "withdraw settings"\nof = "membership"': (
        "take back the settings of membership and merit that wait"
    ),
    'do = "withdraw bar"\nwho = "#3"': "do not remove Ken #3 (…): take back what waits",
    f'do = "admit"\npeople = ["{NEW}"]': "admit …",
    f'do = "admit"\npeople = ["{NEW}", "#2"]\nnewcomers = true': (
        "admit …, Ken #2 (…) as newcomers"
    ),
    'do = "bar"\nwho = "#3"': "remove Ken #3 (…); only a vote lets them back in",
    f'do = "set charter"\nhash = "0x{"ab" * 32}"\nuri = "ipfs://c"': (
        f"put the charter 0x{'ab' * 32} in force, to be read at ipfs://c"
    ),
    'do = "set parameter"\ngovernance.quorum = "25%"\ngovernance.expiry = "21 days"': (
        "set governance.expiry 14 days → 21 days, governance.quorum 30 % → 25 %"
    ),
    'do = "set parameter"\nmembership.season = "60 days"': (
        "set membership.season 45 days → 60 days"
    ),
    'do = "set parameter"\ntoken.cap_per_epoch = "500 PMC"\ntoken.transferable = false': (
        "set token.cap_per_epoch 1,000,000 PMC → 500 PMC, token.transferable yes → no"
    ),
    'do = "call"\nto = "token"\nfunction = "burn(uint256 amount)"\nargs = { amount = "2 PMC" }': (
        "call token: burn(amount: 2000000000000000000)"
    ),
    f'do = "call"\nto = "{NEW}"\ndata = "0xdeadbeef"\nvalue = "0.5 ETH"': (
        "call … with 0.5 ETH, unknown function: 0xdeadbeef"
    ),
    f'do = "call"\nto = "0x{"00" * 20}"\ndata = "0x"\nvalue = "1 ETH"': "send 1 ETH to …",
    'do = "call"\nto = "membership"\nfunction = "lapse(uint256[] ids)"\nargs = { ids = [1, 2] }': (
        "call membership: lapse(ids: [1, 2])"
    ),
    'do = "call"\nto = "token"\nfunction = "burn(uint amount)"\nargs = { amount = 3 }': (
        "call token: burn(amount: 3)"
    ),
    f'do = "call"\nto = "{NEW}"\nfunction = "approve(address to, uint256 amount)"\n'
    'args = { to = "#1", amount = 5 }': "call …: approve(spender: Hana #1 (…), amount: 5)",
}
"""An action as a file has it, and what its bytes are said to do; … stands for addresses."""


@pytest.mark.parametrize(("action", "words"), ACTIONS.items(), ids=list(ACTIONS.values()))
def test_what_an_action_does_is_read_from_its_bytes(
    action: str, words: str, compose: Callable[[str], Composed], book: AddressBook
) -> None:
    step = only(compose(f"[[actions]]\n{action}"))
    made = decode(step, book)
    (shown,) = in_words([step], book)
    assert re.sub(r"0x[0-9a-fA-F]{4}…[0-9a-fA-F]{4}|0x[0-9a-fA-F]{40}\b", "…", shown) == words
    assert made.steps(book) == [step]


@pytest.mark.parametrize("action", ACTIONS, ids=list(ACTIONS.values()))
def test_an_action_has_japanese_words_of_its_own(
    action: str, compose: Callable[[str], Composed], book: AddressBook
) -> None:
    composed = compose(f"[[actions]]\n{action}")
    english = in_words(composed.steps, book)
    with speaking("ja"):
        japanese = in_words(composed.steps, book)
    assert japanese != english
    assert re.search(r"[ぁ-んァ-ヶ一-龠]", japanese[0])


def test_parameters_keep_what_is_not_named(
    compose: Callable[[str], Composed], community: Community
) -> None:
    step = only(compose('[[actions]]\ndo = "set parameter"\ngovernance.quorum = "25%"'))
    governor = community.dao.governor
    before, version = governor.call("settings")
    community.decide([(step.target, step.value, step.data)])
    waiting, number, since = governor.call("waitingSettings")
    assert (waiting, number) == (before | {"quorumBps": 2_500}, version + 1)
    community.rpc.warp_to(since)
    assert governor.call("settings") == (waiting, number)


def test_parameters_keep_what_waits(
    compose: Callable[[str], Composed], community: Community
) -> None:
    dao = community.dao
    rules, _ = dao.governor.call("settings")
    community.as_treasury(dao.governor, "setSettings", rules | {"executionDelay": 3 * DAY})
    asked = dao.membership.call("settings") | {"dormantAfter": 90 * DAY}
    community.as_treasury(dao.membership, "setSettings", asked)
    composed = compose(
        '[[actions]]\ndo = "set parameter"\ngovernance.quorum = "25%"\n'
        'membership.season = "60 days"'
    )
    assert composed.steps == [
        call(dao.governor, "setSettings", rules | {"executionDelay": 3 * DAY, "quorumBps": 2_500}),
        call(dao.membership, "setSettings", asked | {"season": 60 * DAY}),
    ]


def test_settings_that_changed_meanwhile_are_shown_to_be_set_back(
    compose: Callable[[str], Composed], book: AddressBook, community: Community
) -> None:
    step = only(compose('[[actions]]\ndo = "set parameter"\ngovernance.quorum = "25%"'))
    governor = community.dao.governor
    rules, _ = governor.call("settings")
    community.as_treasury(governor, "setSettings", rules | {"executionDelay": 3 * DAY})
    later = AddressBook(book.rpc, book.dao, book.factory, book.names)
    assert in_words([step], later) == [
        "set governance.execution_delay 3 days → 2 days, governance.quorum 30 % → 25 %"
    ]


def test_a_structure_of_settings_is_called_by_its_signature_too(
    compose: Callable[[str], Composed], community: Community
) -> None:
    composed = compose(
        '[[actions]]\ndo = "call"\nto = "token"\n'
        'function = "setSettings(tuple(uint96 epochCap, bool) calldata newSettings)"\n'
        'args = { newSettings = ["7 PMC", true] }'
    )
    wanted = {"epochCap": 7 * POINT, "transferable": True}
    assert only(composed) == call(community.dao.token, "setSettings", wanted)


def test_a_function_of_others_is_read_by_the_name_that_the_file_has_for_it(
    compose: Callable[[str], Composed], book: AddressBook
) -> None:
    composed = compose(
        f'[[actions]]\ndo = "call"\nto = "{NEW}"\n'
        'function = "fund(uint8[] kinds, (address to, string why) first, bytes2 tag)"\n'
        'args = { kinds = [1, 2], first = ["#1", "tea"], tag = "0xabcd" }'
    )
    (action, _), step = composed.actions[0], only(composed)
    assert step.data[:4] == keccak(text="fund(uint8[],(address,string),bytes2)")[:4]
    said = action.words(book)
    assert said.endswith(
        f'fund(kinds: [1, 2], first: [{book.show(book.address("#1"))}, "tea"], tag: 0xabcd)'
    )
    assert does(step, book, action) == f"{said} (so named by the file)"
    assert does(step, book).endswith(f"({len(step.data)} bytes)")
    other = step._replace(data=step.data + bytes(32))
    assert "unknown function" in does(other, book, action)


def test_a_coin_of_others_is_shown_with_its_address(
    compose: Callable[..., Composed], book: AddressBook, community: Community
) -> None:
    coin = deploy(community.rpc, "OddCoin", 0)
    step = call(coin, "transfer", community.wallets[0], 3 * POINT)
    action = decode(step, book)
    assert action.words(book).endswith(f" 3 ODD ({coin.address})")
    assert action.entries()["coin"] == coin.address
    declared = compose(
        f'[[actions]]\ndo = "pay"\nto = "#1"\namount = "3 ODD"\n[coins]\nODD = "{coin.address}"'
    )
    assert declared.steps == [step]
    assert declared.actions[0][0].words(book) == action.words(book)


def test_whoever_is_unknown_is_shown_with_the_whole_address(
    compose: Callable[..., Composed], book: AddressBook
) -> None:
    step = only(compose(f'[[actions]]\ndo = "pay"\nto = "{NEW}"\namount = "1 ETH"'))
    assert in_words([step], book) == [f"pay {NEW} 1 ETH"]


def test_a_coin_is_declared_with_its_address(
    compose: Callable[[str], Composed], book: AddressBook, community: Community
) -> None:
    token = community.dao.token_address
    composed = compose(
        f'[[actions]]\ndo = "pay"\nto = "#1"\namount = "3 PMC"\n[coins]\nPMC = "{token}"'
    )
    assert only(composed) == call(community.dao.token, "transfer", community.wallets[0], 3 * POINT)
    assert book.coins == {"PMC": token}


def test_an_advisory_proposal_has_no_calls(
    compose: Callable[..., Composed], community: Community
) -> None:
    composed = compose('text = "Shall we?"\nbinding = false')
    assert not composed.binding
    assert composed.steps == []
    draft = composed.draft(community.wallets[0])
    assert draft.description == f"# T\n\nShall we?\n\n#proposer={community.wallets[0]}"
    assert draft.title == "T"


def test_a_python_file_builds_what_toml_cannot_say(
    book: AddressBook, tmp_path: Path, community: Community
) -> None:
    path = tmp_path / "002-all.py"
    path.write_text(
        "def build(dao):\n"
        "    last = dao.ask(dao.dao.membership, 'census')[3]\n"
        "    ids = range(1, last + 1)\n"
        "    pay = [{'do': 'pay', 'to': f'#{n}', 'amount': f'{n} ETH'} for n in ids]\n"
        "    return {'title': 'Everyone', 'actions': pay}\n"
    )
    assert load(path, book).steps == [
        TreasuryCall(wallet, number * POINT, b"")
        for number, wallet in enumerate(community.wallets, 1)
    ]


@pytest.mark.parametrize(
    ("program", "kind", "said"),
    [
        ("x = 1", "proposal-file.without-build", ""),
        ("def build(dao): raise SystemExit(7)", "proposal-file.build-fails", "SystemExit: 7"),
        ("def build(dao): return dao.nothing", "proposal-file.build-fails", "AttributeError: "),
        ("def build(dao): return 5", "proposal-file.builds-no-dict", ""),
    ],
)
def test_a_python_file_that_builds_nothing_is_refused(
    program: str, kind: str, said: str, book: AddressBook, tmp_path: Path
) -> None:
    path = tmp_path / "003-t.py"
    path.write_text(program)
    with pytest.raises(BadInputError) as caught:
        load(path, book)
    told(caught.value, "proposal-file.unusable", path=path)
    problem = inner(caught.value, "problem")
    told(problem, kind)
    assert str(problem.data.get("error", "")).startswith(said)


def test_a_python_file_that_builds_what_is_no_setting_is_refused(
    book: AddressBook, tmp_path: Path
) -> None:
    path = tmp_path / "003-t.py"
    path.write_text("def build(dao): return {5: 3, 'title': 'T', 'binding': False}")
    unknown = {"setting": "5", "kind": "setting.unknown"}
    with refuses("file.problems", name="003-t.py", problems=[unknown]):
        load(path, book)


def test_what_a_python_file_prints_is_no_answer(
    book: AddressBook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "004-t.py"
    path.write_text("print('a')\ndef build(dao): print('b'); return dict(title='T', binding=False)")
    assert load(path, book).title == "T"
    assert capsys.readouterr() == ("", "a\nb\n")


def _problems(compose: Callable[..., Composed], text: str) -> list[dict[str, Any]]:
    """What is wrong with a file: everything at once."""
    with pytest.raises(BadInputError) as caught:
        compose(text)
    told(caught.value, "file.problems", name="001-t.toml", files="001-t.toml")
    problems: Any = caught.value.data["problems"]
    assert caught.value.data["count"] == len(problems)
    return list(problems)


@pytest.mark.parametrize(
    ("action", "setting", "kind", "data"),
    [
        ('do = "steal"', "actions[1].do", "action.unknown", {"action": "steal"}),
        (
            'do = "pai"\nto = "#1"\namount = "1 ETH"',
            "actions[1].do",
            "action.unknown",
            {"action": "pai", "near": "pay"},
        ),
        (
            'do = "pay"\nto = "#1"\namount = "1"',
            "actions[1].amount",
            "value.misread",
            {
                "problem": {
                    "kind": "value.not-an-amount",
                    "units": "ETH / ether / PMC",
                    "unit": "ETH",
                },
                "got": "1",
            },
        ),
        (
            'do = "pay"\nto = "#1"\namount = 1',
            "actions[1].amount",
            "money.not-a-text",
            {"got": "1"},
        ),
        (
            'do = "pay"\nto = "#99"\namount = "1 ETH"',
            "actions[1].to",
            "member.unknown",
            {"got": "#99"},
        ),
        (
            'do = "pay"\nto = "Hanna"\namount = "1 ETH"',
            "actions[1].to",
            "person.unknown",
            {"got": "Hanna", "near": "Hana"},
        ),
        (
            'do = "pay"\nto = "Ken"\namount = "1 ETH"',
            "actions[1].to",
            "person.ambiguous",
            {"count": 2, "got": "Ken"},
        ),
        (
            f'do = "pay"\nto = "0x{NEW[2:].swapcase()}"\namount = "1 ETH"',
            "actions[1].to",
            "value.misread",
            {"problem": {"kind": "wallet.bad-checksum"}, "got": f"0x{NEW[2:].swapcase()}"},
        ),
        (
            'do = "pay"\nto = "#1"\namount = "1 USDC"',
            "actions[1].amount",
            "value.misread",
            {
                "problem": {
                    "kind": "value.not-an-amount",
                    "units": "ETH / ether / PMC",
                    "unit": "ETH",
                },
                "got": "1 USDC",
            },
        ),
        ('do = "pay"\nto = "#1"', "actions[1].amount", "setting.missing", {}),
        (
            'do = "pay"\nto = "#1"\namuont = "1 ETH"\namount = "1 ETH"',
            "actions[1].amuont",
            "setting.unknown",
            {"near": "amount"},
        ),
        (
            'do = "pay"\nto = 1\namount = "1 ETH"',
            "actions[1].to",
            "person.not-a-text",
            {"got": "1"},
        ),
        ('do = "admit"\npeople = "#1"', "actions[1].people", "value.not-a-list", {"got": '"#1"'}),
        (
            f'do = "pay"\nto = "#1"\namount = "1 USDC"\ncoin = "{NEW}"',
            "actions[1].coin",
            "coin.unknown",
            {"got": NEW},
        ),
        (
            'do = "call"\nto = "token"\ndata = "0xabc"',
            "actions[1].data",
            "value.not-hexadecimal",
            {"got": '"0xabc"'},
        ),
        (
            'do = "call"\nto = "token"\nfunction = "burn(uint256 amount)"\nargs = [1]',
            "actions[1].args",
            "arguments.not-a-table",
            {"got": "[1]"},
        ),
        (
            'do = "call"\nto = "token"\nfunction = "burn(uint256 amount)"',
            "actions[1].args.amount",
            "argument.missing",
            {"names": "amount"},
        ),
        (
            'do = "call"\nto = "#1"\ndata = "0x"\nvalue = "1 PMC"',
            "actions[1].value",
            "call.not-in-eth",
            {},
        ),
        ('do = "reward"\nto = "#1"', "actions[1].tokens", "contribution.empty", {}),
        (f'do = "bar"\nwho = "{NEW}"', "actions[1].who", "member.none", {"got": NEW}),
        (
            'do = "set parameter"\ngovernance.quorum = "110%"',
            "actions[1].governance.quorum",
            "value.outside",
            {"low": "5 %", "high": "60 %", "got": "110 %"},
        ),
        (
            'do = "set parameter"\ngovernance.qorum = "10%"',
            "actions[1].governance.qorum",
            "settings.unknown",
            {},
        ),
        ('do = "set parameter"\nvoice.k = 1', "actions[1].voice.k", "settings.unknown", {}),
        (
            'do = "set parameter"\ntoken.cap_per_epoch = "1 ABC"',
            "actions[1].token.cap_per_epoch",
            "tokens.of-another",
            {"symbol": "PMC", "got": "ABC"},
        ),
        (
            'do = "grant role"\nrole = "OWNER"\nto = "#1"',
            "actions[1].role",
            "role.unknown",
            {"got": '"OWNER"'},
        ),
        (
            'do = "set guardian"\nto = "#1"\nuntil = "soon"',
            "actions[1].until",
            "value.not-a-date",
            {"got": '"soon"'},
        ),
        ('do = "set guardian"\nto = "#1"', "actions[1].until", "term.missing", {}),
        (
            'do = "set guardian"\nto = "nobody"\nuntil = 2027-03-31',
            "actions[1].until",
            "term.of-nobody",
            {},
        ),
        ('do = "set parameter"', "actions[1].governance.quorum", "settings.none", {}),
        ('do = ["pay"]', "actions[1].do", "action.unknown", {"action": "['pay']", "near": "pay"}),
        (
            f'do = "set charter"\nhash = "0x{"ab" * 32}"\nuri = "https://…"',
            "actions[1].uri",
            "uri.unfinished",
            {"got": "https://…"},
        ),
        ('do = "set charter"', "actions[1].file", "charter.file-or-hash", {}),
        ('do = "call"\nto = "token"', "actions[1].function", "call.function-or-data", {}),
        (
            'do = "call"\nto = "token"\nfunction = "burn(uint256 amount)"\nargs = { much = 1 }',
            "actions[1].args.much",
            "argument.unknown",
            {"names": "amount"},
        ),
        (
            'do = "call"\nto = "token"\nfunction = "burn(uint256 amount)"\nargs = { amount = -1 }',
            "actions[1].args.amount",
            "argument.misfit",
            {"type": "uint256", "got": "-1"},
        ),
        (
            'do = "call"\nto = "#1"\nfunction = "f((uint256,bool) x)"\nargs = { x = [1, true, 3] }',
            "actions[1].args.x",
            "argument.misfit",
            {"type": "(uint256,bool)", "got": "[1, True, 3]"},
        ),
        (
            'do = "call"\nto = "#1"\nfunction = "f(bytes4 x)"\nargs = { x = "0x12" }',
            "actions[1].args.x",
            "argument.misfit",
            {"type": "bytes4", "got": "0x12"},
        ),
        (
            'do = "call"\nto = "#1"\nfunction = "f(bool x, bool x)"\nargs = { x = true }',
            "actions[1].function",
            "signature.same-names",
            {"name": "x"},
        ),
        (
            'do = "call"\nto = "#1"\nfunction = "f(foo x)"',
            "actions[1].function",
            "signature.malformed",
            {"got": "f(foo x)"},
        ),
        (
            'do = "call"\nto = "token"\nfunction = "burn"',
            "actions[1].function",
            "signature.malformed",
            {"got": "burn"},
        ),
        (
            'do = "call"\nto = "token"\nfunction = 5',
            "actions[1].function",
            "signature.not-a-text",
            {"got": "5"},
        ),
    ],
)
def test_a_bad_action_is_named_with_its_field(
    action: str, setting: str, kind: str, data: dict[str, Any], compose: Callable[[str], Composed]
) -> None:
    found = _problems(compose, f"[[actions]]\n{action}")[0]
    assert found == found | data | {"setting": setting, "kind": kind}


@pytest.mark.parametrize(
    ("text", "setting", "kind", "data"),
    [
        ('titel = "x"\n', "titel", "setting.unknown", {"near": "title"}),
        ("binding = true\n", "actions", "actions.missing", {}),
        (
            'binding = false\n[[actions]]\ndo = "pay"\nto = "#1"\namount = "1 ETH"',
            "actions",
            "actions.of-advice",
            {},
        ),
        (
            f'text = "{"x" * 20_001}"\nbinding = false',
            "text",
            "text.too-long",
            {"most": 20000, "got": 20001},
        ),
        ('text = "a #proposer=0x00"\nbinding = false', "text", "text.names-proposer", {}),
        ('text = "a\\u001b[2J"\nbinding = false', "text", "text.hidden-characters", {}),
        ('text = "pay\\u200b"\nbinding = false', "text", "text.hidden-characters", {}),
        ("coins = 5\nbinding = false", "coins", "coins.not-a-table", {}),
        ("actions = 5", "actions", "actions.not-a-list", {}),
        (
            f'[coins]\nUSDC = "{NEW}x"',
            "coins.USDC",
            "value.misread",
            {"problem": {"kind": "wallet.not-an-address"}, "got": f'"{NEW}x"'},
        ),
    ],
)
def test_a_bad_file_is_named_with_its_field(
    text: str, setting: str, kind: str, data: dict[str, Any], compose: Callable[[str], Composed]
) -> None:
    found = _problems(compose, text)[0]
    assert found == found | data | {"setting": setting, "kind": kind}


MANY_WRONG = f"""
[[actions]]
do = "pay"
to = "#99"
amount = "5 XYZ"

[[actions]]
do = "pay"
to = "0x12"
amount = 5

[[actions]]
do = "reward"
to = "{NEW}"
tokens = "0 PMC"
merit = "100"

[[actions]]
do = "credit"
to = "Hana"
merit = 100

[[actions]]
do = "set guardian"
to = "#98"

[[actions]]
do = "admit"
people = ["#97", "{NEW}", "hana.eth"]

[[actions]]
do = "call"
to = "#96"
value = "1 PMC"
function = "f(address a, uint256 b, bool c)"
args = {{ a = "Nobody", b = -1, c = true }}

[[actions]]
do = "set parameter"
governance.quorum = "1%"
governance.nothing = 1
"""


def test_every_wrong_field_of_a_file_is_told_at_once(compose: Callable[[str], Composed]) -> None:
    assert [(each["setting"], each["kind"]) for each in _problems(compose, MANY_WRONG)] == [
        ("actions[1].to", "member.unknown"),
        ("actions[1].amount", "value.misread"),
        ("actions[2].amount", "money.not-a-text"),
        ("actions[2].to", "value.misread"),
        ("actions[3].merit", "number.without-unit"),
        ("actions[3].tokens", "money.zero"),
        ("actions[3].to", "member.none"),
        ("actions[4].merit", "number.without-unit"),
        ("actions[5].to", "member.unknown"),
        ("actions[5].until", "term.missing"),
        ("actions[6].people[1]", "member.unknown"),
        ("actions[6].people[3]", "value.misread"),
        ("actions[7].to", "member.unknown"),
        ("actions[7].value", "call.not-in-eth"),
        ("actions[7].args.a", "person.unknown"),
        ("actions[7].args.b", "argument.misfit"),
        ("actions[8].governance.quorum", "value.outside"),
        ("actions[8].governance.nothing", "settings.unknown"),
    ]


@pytest.mark.parametrize(
    "action",
    [
        'do = "pay"\nto = "#1"\namount = "0 ETH"',
        'do = "pay"\nto = "#1"\namount = "0.0 PMC"',
        'do = "mint"\nto = "#1"\ntokens = "0 PMC"',
        'do = "credit"\nto = "#1"\nmerit = "0 points"',
    ],
)
def test_nothing_is_no_amount(action: str, compose: Callable[[str], Composed]) -> None:
    (found,) = _problems(compose, f"[[actions]]\n{action}")
    assert found["kind"] == "money.zero"


def test_tokens_alone_may_go_to_who_is_no_member(compose: Callable[[str], Composed]) -> None:
    reward = f'[[actions]]\ndo = "reward"\nto = "{NEW}"\ntokens = "1 PMC"'
    assert len(compose(reward).steps) == 1
    (found,) = _problems(compose, f'{reward}\nmerit = "1 point"')
    assert (found["setting"], found["kind"]) == ("actions[1].to", "member.none")


def test_what_an_account_holds_is_rounded_down_for_people() -> None:
    assert ETH.told(999_631_858_997_423_013) == ["0.999631 ETH"]
    assert ETH.told(12_345_678 * POINT + 1) == ["12,345,678 ETH"]
    assert ETH.show(999_631_858_997_423_013) == "0.999631858997423013 ETH"


def test_nothing_in_a_coin_is_no_amount(
    compose: Callable[[str], Composed], community: Community
) -> None:
    pay = f'[[actions]]\ndo = "pay"\nto = "#99"\ncoin = "{community.dao.token_address}"\n'
    found = _problems(compose, f'{pay}amount = "0 PMC"')
    assert [each["kind"] for each in found] == ["member.unknown", "money.zero"]
    found = _problems(compose, f'{pay}amount = "1 ETH"')
    assert [each["kind"] for each in found] == ["member.unknown", "value.misread"]


@pytest.mark.parametrize("field", ["do", "to", "amount", "coin", "x" * 100_000])
def test_a_value_of_any_length_is_told_in_short(
    field: str, compose: Callable[[str], Composed]
) -> None:
    fields = {"do": "pay", "to": "#1", "amount": "1 ETH"} | {field: "x" * 100_000}
    with pytest.raises(BadInputError) as caught:
        compose("[[actions]]\n" + "\n".join(f'{name} = "{each}"' for name, each in fields.items()))
    assert len(str(caught.value)) < 500


def test_a_payment_of_nothing_on_the_chain_is_still_told(book: AddressBook) -> None:
    step = TreasuryCall(NEW, 0, b"")
    assert decode(step, book).steps(book) == [step]
    assert in_words([step], book) == [f"pay {NEW} 0 ETH"]


@pytest.mark.parametrize(
    "merit", ["20 points", "20points", "１ point", "20 点", "２０点", "20 POINTS"]
)
def test_merit_has_its_unit_in_any_language(
    merit: str, compose: Callable[[str], Composed], community: Community
) -> None:
    step = only(compose(f'[[actions]]\ndo = "credit"\nto = "#1"\nmerit = "{merit}"'))
    points = 1 if merit.startswith("１") else 20
    assert step == call(community.dao.membership, "credit", 1, points * POINT, 0, bytes(32))


@pytest.mark.parametrize(
    "who",
    ["Hana Sato", "hana sato", "Hana", "HANA", "Ｈａｎａ", "sato", "#1", "1", "＃１", "Ha\u200bna"],
)
def test_a_person_is_meant_by_what_people_type(
    who: str, community: Community, book: AddressBook
) -> None:
    book.names = dict(zip(community.wallets, ("Hana Sato", "Ken", "Ken Ito"), strict=False))
    assert book.address(who) == community.wallets[0]


def test_an_address_has_the_mark_of_the_daos_chain(book: AddressBook) -> None:
    with on_chain(11_155_111):
        assert book.address(f"sep:{NEW}") == NEW
        with refuses("value.misread", got=f"eth:{NEW}"):
            book.address(f"eth:{NEW}")
    with refuses("value.misread", got="hana.eth"):
        book.address("hana.eth")


def test_a_whole_name_comes_before_a_word_of_one(community: Community, book: AddressBook) -> None:
    book.names = dict(zip(community.wallets, ("Ken", "Ken Ito", "Yuki Ito"), strict=False))
    assert book.address("Ken") == community.wallets[0]
    with refuses("person.ambiguous", got="Ito", count=2):
        book.address("Ito")


def test_a_number_is_a_member_and_no_name(community: Community, book: AddressBook) -> None:
    book.names = dict(zip(community.wallets, ("Hana", "#1", "treasury"), strict=False))
    assert book.address("#1") == community.wallets[0]
    assert book.address("treasury") == community.dao.treasury_address


SIGNATURES = [
    "approve(address,uint256)",
    " approve ( address , uint256 ) ;",
    "approve(address,uint256) external returns (bool)",
    "approve(address,uint256) external returns(bool);",
    "function approve(address,uint256) public virtual override(IERC20, ERC20) returns (bool) {",
    "function approve(address, uint) external payable onlyRole(ADMIN) whenNotPaused;",
    "approve(address,uint256)(bool)",
    "approve（address，uint256）",
    "\ufeffapprove(address,\u00a0uint256)\u200b",
    "approve(\n  address,\n  uint256\n)\n  external\n  returns (bool)",
]


@pytest.mark.parametrize("text", SIGNATURES)
def test_a_signature_is_read_as_it_is_copied(text: str) -> None:
    item = read_signature(text)
    assert item.signature == "approve(address,uint256)"
    assert [entry["name"] for entry in item.inputs] == ["arg0", "arg1"]


@pytest.mark.parametrize(
    "text",
    [
        "approve(address,uint256",
        "approve(address,uint256))",
        "approve(address,uint256), transfer(address)",
        "approve(address uint256)(",
        "関数(address)",
        "approve",
        "",
        "a(" + "()" * 5_000 + "!",
        "a()" + "b" * 5_000 + "!",
    ],
)
def test_what_is_no_signature_is_refused(text: str) -> None:
    with refuses("signature.malformed"):
        read_signature(text)


def test_a_python_file_imports_what_lies_beside_it(book: AddressBook, tmp_path: Path) -> None:
    before = list(sys.path), set(sys.modules)
    for name, number in (("a", 1), ("b", 2)):  # each has a module of the same name
        folder = tmp_path / name
        folder.mkdir()
        (folder / "amounts.py").write_text(f"PAID = '{number} ETH'\n")
        path = folder / "001-t.py"
        path.write_text(
            "import amounts\n"
            "def build(dao):\n"
            "    from amounts import PAID\n"
            "    pay = {'do': 'pay', 'to': '#1', 'amount': PAID}\n"
            "    return {'title': 'T', 'actions': [pay]}\n"
        )
        assert [step.value for step in load(path, book).steps] == [number * POINT]
    assert (sys.path, set(sys.modules) - before[1]) == (before[0], set())


TITLES = {
    "# Fund the docs team\n\nWhy.": ("Fund the docs team", "Why."),
    "Plain\nWhy.": ("Plain", "Why."),
    "---\nauthor: Hana\n---\n# Real\nWhy.": (
        "Real",
        "---\nauthor: Hana\n---\n# Real\nWhy.",
    ),
    "---\nReal\nWhy.": ("Real", "---\nReal\nWhy."),
    "![logo](https://a.b/c.png)\n# Real": ("Real", "![logo](https://a.b/c.png)\n# Real"),
    "[![a](u)](v) ![b](w)\n# Real": ("Real", "[![a](u)](v) ![b](w)\n# Real"),
    "![Our garden](https://a.b/c.png)": ("Our garden", "![Our garden](https://a.b/c.png)"),
    "# 🎉\nWhy.": ("🎉", "Why."),
    "![](https://a.b/c.png)\n\n## Real\nWhy.": (
        "Real",
        "![](https://a.b/c.png)\n\n## Real\nWhy.",
    ),
    "<img src=x>\n<!-- a -->\nReal": ("Real", "<img src=x>\n<!-- a -->\nReal"),
    "<!-- fill\nin -->\n# Real\nWhy.": ("Real", "<!-- fill\nin -->\n# Real\nWhy."),
    "# \n\n***\n": ("", "***"),
    "": ("", ""),
    "\n\n#proposer=0x12": ("", ""),
}


@pytest.mark.parametrize("description", TITLES)
def test_the_title_is_the_first_line_that_says_something(description: str) -> None:
    assert (title_of(description), text_of(description)) == TITLES[description]


def test_the_charter_is_read_beside_the_proposal(
    compose: Callable[[str], Composed],
    book: AddressBook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    action = '[[actions]]\ndo = "set charter"\nfile = "charter.md"'
    monkeypatch.chdir(ROOT)
    (found,) = _problems(compose, action)
    assert found["kind"] == "charter.unreadable"
    assert found["file"] == str(tmp_path / "charter.md")
    (tmp_path / "charter.md").write_text("We help each other.")
    composed = compose(action)
    digest = keccak(b"We help each other.")
    assert composed.steps == [call(book.dao.membership, "setCharter", digest, "")]
    (tmp_path / "charter.md").write_text("Changed meanwhile.")
    assert digest.hex() in composed.actions[0][0].words(book)


def test_one_problem_has_a_reason(compose: Callable[[str], Composed]) -> None:
    with pytest.raises(BadInputError) as caught:
        compose('[[actions]]\ndo = "pay"\nto = "#99"\namount = "1 ETH"')
    assert caught.value.lines[1:] == [
        "members vote on exactly what the file says",
        "Correct 001-t.toml and run the command again; nothing was done",
    ]


def test_a_coin_at_a_wrong_address_is_refused(
    compose: Callable[[str], Composed], community: Community
) -> None:
    token = community.dao.token_address
    other = {"setting": "coins.USDC", "kind": "coin.other-symbol"}
    text = f'[[actions]]\ndo = "pay"\nto = "#1"\namount = "1 USDC"\n[coins]\nUSDC = "{token}"'
    assert _problems(compose, text)[0] == other | {"address": short(token), "found": "PMC"}
    text = f'binding = false\n[coins]\nETH = "{token}"\nUSDC = "{NEW}"'
    assert _problems(compose, text) == [
        {"setting": "coins.ETH", "kind": "coin.native"},
        other | {"address": short(NEW), "found": "no coin"},
    ]


@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [
        ("none.toml", "proposal-file.unreadable", {"reason": "No such file or directory"}),
        ("none.py", "proposal-file.missing", {}),
    ],
)
def test_no_file_is_named(
    name: str, kind: str, data: dict[str, str], book: AddressBook, tmp_path: Path
) -> None:
    with pytest.raises(BadInputError) as caught:
        load(tmp_path / name, book)
    told(caught.value, "proposal-file.unusable", path=tmp_path / name)
    told(inner(caught.value, "problem"), kind, **data)


ADDRESSES = st.binary(min_size=20, max_size=20).map(to_checksum_address)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_call_is_read_back_byte_for_byte(book_: AddressBook, data: st.DataObject) -> None:
    """Calls of the DAO's own functions with random arguments, cut or lengthened at times."""
    dao = book_.dao
    contracts = [dao.treasury, dao.membership, dao.token, dao.governor]
    contract = data.draw(st.sampled_from(contracts))
    names = sorted(name for name in contract.interface.functions if "(" in name)
    item = contract.interface.functions[data.draw(st.sampled_from(names))]
    values = [data.draw(get_abi_strategy(kind)) for kind in item.types]
    raw = item.selector + encode(item.types, values)
    raw += data.draw(st.sampled_from((b"", b"\0", bytes(32))))
    target = data.draw(st.one_of(st.sampled_from((contract.address, ZERO_ADDRESS)), ADDRESSES))
    step = TreasuryCall(
        target, data.draw(st.integers(0, 2**96)), raw[: data.draw(st.integers(0, 2_000))]
    )
    action = decode(step, book_)
    assert action.steps(book_) == [step]
    assert action.words(book_)
