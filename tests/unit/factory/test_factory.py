"""Creating a DAO in one transaction: see factory.tree."""

from __future__ import annotations

import copy
from collections.abc import Callable
from math import isqrt
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from mikoshi.chain.contract import Contract, ContractRevertedError
from mikoshi.core import artifacts
from mikoshi.core.dao import Dao
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, VOICE, ZERO, params
from tests.support import reverts
from tests.unit.governance.support import (
    GAS_CAP,
    STANDING_ACTIVE,
    factory,
    field,
    governor_settings,
    helper,
    send_at,
)
from tests.unit.membership.people import seen

SALT = bytes(31) + b"\7"
MINTER, ADMITTER, PURSE = (keccak(text=name) for name in ("MINTER", "ADMITTER", "PURSE"))
ROLES = [MINTER, ADMITTER, PURSE, keccak(text="REWARDER"), keccak(text="SUCCESSION"), bytes(32)]
ETHER = 10**18

Params = dict[str, Any]
Module = dict[str, Any]

PARAMS_TYPE = (
    "(string,string,bytes32,string,(uint40,uint32,uint64,uint16,uint32),bool,"
    "(uint32,uint32,uint16,uint64,uint64),"
    "(uint32,uint32,uint32,uint32,uint32,uint16,uint16,uint16,uint16,uint8),"
    "string,string,(uint96,bool),(address,uint40),(address,uint40),address[],(address,uint256)[])"
)
MODULE_TYPE = "(address,bytes,bytes32[])"


def ordered(value: Any) -> Any:
    """Structs as tuples; both `params` and the interface list fields in the same order."""
    if isinstance(value, dict):
        return tuple(ordered(part) for part in value.values())
    return [ordered(part) for part in value] if isinstance(value, list) else value


def config_hash(given: Params, modules: list[Module]) -> bytes:
    return keccak(encode([PARAMS_TYPE, f"{MODULE_TYPE}[]"], [ordered(given), ordered(modules)]))


@pytest.fixture
def shared(community: Community) -> Contract:
    """The factory."""
    return factory(community.rpc)


@pytest.fixture
def given(community: Community) -> Params:
    """Parameters of a DAO of three."""
    members = [person(number).address for number in (1, 2, 3)]
    return params(community.rpc.timestamp(), members)


def create(
    community: Community,
    given: Params,
    modules: list[Module] | None = None,
    salt: bytes = SALT,
    sender: str | None = None,
) -> Any:
    sender = sender or community.outsider.address
    return factory(community.rpc).send("create", given, modules or [], salt, sender=sender)


def created(community: Community, receipt: Any) -> Dao:
    args = receipt.only("DAOCreated").args
    return Dao(
        community.rpc,
        args["treasury"],
        args["membership"],
        args["token"],
        args["governor"],
        tuple(args["modules"]),
    )


def parts(dao: dict[str, Any]) -> list[str]:
    return [dao["treasury"], dao["membership"], dao["token"], dao["governor"], *dao["modules"]]


# create


def test_create_wires_the_parts(community: Community, shared: Contract, given: Params) -> None:
    rpc = community.rpc
    predicted = shared.call("predict", given, [], SALT)
    assert shared.call("isDAO", predicted["treasury"]) is False
    assert [rpc.code(part) for part in parts(predicted)] == [b""] * 4
    assert shared.call("create", given, [], SALT, sender=community.outsider.address) == predicted
    receipt = create(community, given)
    event = receipt.only("DAOCreated")
    assert event.address == shared.address
    assert event.args == {
        "treasury": predicted["treasury"],
        "membership": predicted["membership"],
        "token": predicted["token"],
        "governor": predicted["governor"],
        "modules": event.args["modules"],
        "configHash": config_hash(given, []),
    }
    assert list(event.args["modules"]) == predicted["modules"] == []
    assert shared.call("isDAO", predicted["treasury"]) is True
    dao = created(community, receipt)
    assert dao.treasury.call("governor") == dao.governor_address
    assert dao.governor.call("treasury") == dao.treasury_address
    assert dao.governor.call("token") == dao.membership_address
    assert dao.membership.call("treasury") == dao.treasury_address
    assert dao.token.call("treasury") == dao.treasury_address
    assert dao.treasury.call("guardianOffice") == {"holder": ZERO, "until": 0}
    assert dao.treasury.call("stewardOffice") == {"holder": ZERO, "until": 0}


def test_create_passes_on_every_parameter(community: Community, given: Params) -> None:
    until = community.rpc.timestamp() + 300 * DAY
    given |= {
        "name": "神輿",
        "symbol": "輿",
        "charterHash": b"\x11" * 32,
        "charterURI": "ar://somewhere",
        "voice": {
            "t0": community.rpc.timestamp() - 5, "halfLife": 90 * DAY, "base": 3 * VOICE,
            "most": 20_000, "full": 144,
        },
        "transferableTickets": True,
        "membership": {
            "dormantAfter": 100 * DAY, "season": 50 * DAY, "stewardCap": 3, "meritCap": 77,
            "meritCapPerMember": 7,
        },
        "governor": governor_settings(votingDelay=3 * DAY, thresholdBps=5_000, liveProposals=7),
        "tokenName": "働き",
        "tokenSymbol": "HTK",
        "token": {"epochCap": 123, "transferable": False},
        "guardian": {"holder": person(70).address, "until": until},
        "steward": {"holder": person(71).address, "until": until - 1},
        "grants": [{"account": person(9).address, "amount": 55}],
    }  # fmt: skip
    receipt = create(community, given)
    dao = created(community, receipt)
    assert dao.membership.call("name") == "神輿"
    assert dao.membership.call("symbol") == "輿"
    assert dao.membership.call("charterHash") == b"\x11" * 32
    voice = dict(given["voice"])
    root = isqrt(voice["full"] * ETHER)  # 12e9, without a rest
    voice["k"] = voice["base"] * (voice.pop("most") * 10**14 - ETHER) // root
    assert dao.membership.call("voiceParams") == voice
    assert dao.membership.call("transferable") is True
    assert dao.membership.call("settings") == given["membership"]
    assert dao.governor.call("settings") == (given["governor"], 1)
    assert dao.governor.call("proposalThreshold") == 3 * VOICE // 2
    assert dao.token.call("name") == "働き"
    assert dao.token.call("symbol") == "HTK"
    assert dao.token.call("settings") == given["token"]
    assert dao.treasury.call("guardianOffice") == given["guardian"]
    assert dao.treasury.call("stewardOffice") == given["steward"]
    assert dao.treasury.call("guardian") == person(70).address
    assert dao.treasury.call("steward") == person(71).address
    assert dao.token.call("balanceOf", person(9).address) == 55
    for number in (1, 2, 3):
        assert dao.membership.call("memberIdOf", person(number).address) == number
        assert seen(dao.membership, "standingOf", number) == STANDING_ACTIVE
    assert dao.membership.call("census")[:2] == (3, 3)
    (event,) = dao.membership.events(
        log for log in receipt.raw["logs"]
        if log["topics"][0] == "0x" + keccak(text="CharterChanged(bytes32,string)").hex()
    )  # fmt: skip
    assert event.args == {"charterHash": b"\x11" * 32, "uri": "ar://somewhere"}
    assert receipt.only("DAOCreated").args["configHash"] == config_hash(given, [])


def test_create_gives_no_role(community: Community, given: Params) -> None:
    sender = community.outsider.address
    receipt = create(community, given, sender=sender)
    dao = created(community, receipt)
    assert [event for event in receipt.events if event.name == "RoleGranted"] == []
    shared = factory(community.rpc)
    holders = [sender, shared.address, ZERO, *parts({**receipt.only("DAOCreated").args})]
    holders += [*given["members"], *shared.call("implementations")]
    for role in ROLES:
        for account in holders:
            is_admin = role == bytes(32) and account == dao.treasury_address
            assert dao.treasury.call("hasRole", role, account) is is_admin


def test_create_works_with_nobody_in_it(community: Community, given: Params) -> None:
    given["members"] = []
    dao = created(community, create(community, given))
    assert dao.membership.call("census")[:2] == (0, 0)


def test_create_admits_a_hundred_within_a_transaction(community: Community, given: Params) -> None:
    given["members"] = [person(number).address for number in range(1, 101)]
    given["grants"] = [{"account": given["members"][0], "amount": 1}]
    given["name"], given["tokenName"] = "n" * 64, "t" * 64
    shared = factory(community.rpc)
    sender = community.outsider.address
    receipt = shared.send("create", given, [], SALT, sender=sender, gas=GAS_CAP)
    assert receipt.gas < GAS_CAP
    dao = created(community, receipt)
    assert dao.membership.call("census")[:2] == (100, 100)
    assert dao.membership.call("walletOf", 100) == given["members"][99]
    receipts = [event for event in receipt.events if event.name == "MemberAdmitted"]
    assert [event.args["id"] for event in receipts] == list(range(1, 101))


def test_create_reverts_when_it_exists(
    community: Community, shared: Contract, given: Params
) -> None:
    treasury = created(community, create(community, given)).treasury_address
    for sender in (community.outsider.address, community.wallets[0]):
        with reverts("FactoryDAOExists", treasury):
            create(community, given, sender=sender)
    other = created(community, create(community, given, salt=bytes(32)))
    assert other.treasury_address != treasury
    assert shared.call("isDAO", other.treasury_address) is True


def test_create_does_not_depend_on_sender_or_time(
    community: Community, shared: Contract, given: Params
) -> None:
    """Whoever sees the transaction and sends it first creates the very same DAO."""
    predicted = shared.call("predict", given, [], SALT)
    for sender in (community.wallets[0], community.outsider.address):
        with community.rpc.isolate():
            community.rpc.warp(1000)
            dao = created(community, create(community, given, sender=sender))
            assert dao.treasury_address == predicted["treasury"]
            assert dao.governor_address == predicted["governor"]
            assert dao.membership_address == predicted["membership"]
            assert dao.token_address == predicted["token"]
            assert dao.membership.call("census")[:2] == (3, 3)


def test_create_works_where_ether_lies_already(
    community: Community, shared: Contract, given: Params
) -> None:
    predicted = shared.call("predict", given, [], SALT)
    for part in parts(predicted):
        community.rpc.send(part, value=5, sender=community.outsider.address)
    dao = created(community, create(community, given))
    assert community.rpc.balance(dao.treasury_address) == 5
    assert shared.call("isDAO", dao.treasury_address) is True


# Other parameters, other addresses


def changed(given: Params, path: str, value: Any) -> Params:
    other = copy.deepcopy(given)
    target = other
    *above, last = path.split(".")
    for name in above:
        target = target[name]
    assert target[last] != value
    target[last] = value
    return other


CHANGES: list[tuple[str, Any]] = [
    ("name", "PM DAo"),
    ("symbol", "PMX"),
    ("charterHash", b"\x01" * 32),
    ("charterURI", ""),
    ("voice.t0", 1),
    ("voice.halfLife", 181 * DAY),
    ("voice.base", 2 * VOICE),
    ("voice.most", 10_000),
    ("voice.full", 99),
    ("transferableTickets", True),
    ("membership.dormantAfter", 181 * DAY),
    ("membership.season", 46 * DAY),
    ("membership.stewardCap", 99),
    ("membership.meritCap", 10_000_001),
    ("membership.meritCapPerMember", 1_000_001),
    ("governor.votingDelay", 2 * DAY + 1),
    ("governor.liveProposals", 4),
    ("tokenName", "x"),
    ("tokenSymbol", "x"),
    ("token.epochCap", 0),
    ("token.transferable", False),
    ("guardian.holder", person(70).address),
    ("guardian.until", 1),
    ("steward.holder", person(70).address),
    ("steward.until", 1),
    ("members", []),
    ("members", [person(n).address for n in (2, 1, 3)]),
    ("members", [person(n).address for n in (1, 2, 3, 4)]),
    ("grants", [{"account": person(1).address, "amount": 0}]),
]


@pytest.mark.parametrize(("path", "value"), CHANGES)
def test_predict_gives_other_addresses_for_other_parameters(
    shared: Contract, given: Params, path: str, value: Any
) -> None:
    first = parts(shared.call("predict", given, [], SALT))
    other = parts(shared.call("predict", changed(given, path, value), [], SALT))
    assert len({*first, *other}) == 8


def test_predict_gives_other_addresses_for_other_modules_and_salts(
    community: Community, shared: Contract, given: Params
) -> None:
    probe, sink = helper(community.rpc, "Probe").address, helper(community.rpc, "Sink").address
    module = {"implementation": probe, "args": b"", "roles": []}
    variants = [
        ([], SALT),
        ([], bytes(32)),
        ([module], SALT),
        ([module, module], SALT),
        ([{**module, "args": b"\0"}], SALT),
        ([{**module, "roles": [MINTER]}], SALT),
        ([{**module, "implementation": sink}], SALT),
    ]
    seen = [shared.call("predict", given, *variant) for variant in variants]
    everything = [part for dao in seen for part in parts(dao)]
    assert len(set(everything)) == len(everything) == 4 * 7 + 6


# Refusals

NAMES = {"name": 64, "symbol": 16, "tokenName": 64, "tokenSymbol": 16}


@pytest.mark.parametrize("name", NAMES)
def test_create_reverts_when_a_text_is_empty_or_too_long(
    community: Community, given: Params, name: str
) -> None:
    most = NAMES[name]
    texts = ["", "a" * (most + 1), "祭" * (most // 3 + 1), "🎉" * (most // 4 + 1), "é" * most]
    for text in texts:
        with reverts("FactoryInvalidText", field(name), len(text.encode()), most):
            create(community, given | {name: text})
    with reverts("FactoryInvalidText", field(name), 256 + 5, most):  # would be 5 in a byte
        create(community, given | {name: "a" * (256 + 5)})


@pytest.mark.parametrize("name", NAMES)
def test_create_accepts_texts_up_to_the_limit(
    community: Community, given: Params, name: str
) -> None:
    most = NAMES[name]
    for text in ("a", "a" * most, "祭" * (most // 3), "🎉" * (most // 4)):
        with community.rpc.isolate():
            dao = created(community, create(community, given | {name: text}))
            contract = dao.token if name.startswith("token") else dao.membership
            getter = "symbol" if name.lower().endswith("symbol") else "name"
            assert contract.call(getter) == text


def test_create_accepts_bytes_that_are_no_text(
    community: Community, shared: Contract, given: Params
) -> None:
    """A length is of bytes; what they mean is for the reader, whom the card spares the worst."""
    data = shared.data("create", given | {"name": "ABCDEFGH"}, [], SALT)
    data = data.replace(b"ABCDEFGH", b"\xff\xfe\x80\xc0\xed\xa0\x80\x00")
    raw = community.rpc.send(shared.address, data, sender=community.outsider.address)
    (event,) = [each for each in shared.events(raw["logs"]) if each.name == "DAOCreated"]
    membership = Dao(community.rpc, ZERO, event.args["membership"], ZERO, ZERO).membership
    assert membership.call("tokenURI", 1).startswith("data:application/json;base64,")


Change = Callable[[Params], None]


@pytest.mark.parametrize(
    ("path", "value", "error"),
    [
        ("charterHash", bytes(32), ("MembershipInvalidSetting", "charterHash", 0, 1, 2**256 - 1)),
        ("membership.season", 45 * DAY - 1, ("MembershipInvalidSetting", "season", 45 * DAY - 1,
                                             45 * DAY, 365 * DAY)),
        ("governor.votingDelay", DAY - 1, ("GovernorInvalidSetting", "votingDelay", DAY - 1, DAY,
                                           7 * DAY)),
        ("governor.quorumBps", 6_001, ("GovernorInvalidSetting", "quorumBps", 6_001, 500, 6_000)),
        ("members", [ZERO], ("MembershipInvalidWallet", ZERO)),
    ],
)  # fmt: skip
def test_create_reverts_when_a_part_refuses(
    community: Community, shared: Contract, given: Params, path: str, value: Any, error: Any
) -> None:
    name, *args = error
    bad = changed(given, path, value)
    predicted = shared.call("predict", bad, [], SALT)
    hashed = [field(arg) if isinstance(arg, str) and arg[:2] != "0x" else arg for arg in args]
    with reverts(name, *hashed):
        create(community, bad)
    assert shared.call("isDAO", predicted["treasury"]) is False
    assert [community.rpc.code(part) for part in parts(predicted)] == [b""] * 4


def test_create_accepts_t0_within_a_day(
    community: Community, shared: Contract, given: Params
) -> None:
    now = community.rpc.timestamp() + 100
    sender = community.outsider.address
    for t0 in (now - DAY, now + DAY):
        given["voice"]["t0"] = t0
        with community.rpc.isolate():
            community.rpc.call("evm_setNextBlockTimestamp", now)
            shared.send("create", given, [], SALT, sender=sender, gas=GAS_CAP)
    for t0 in (now - DAY - 1, now + DAY + 1, 0, 2**40 - 1):
        given["voice"]["t0"] = t0
        with (
            community.rpc.isolate(),
            reverts("FactoryInvalidSetting", field("t0"), t0, now - DAY, now + DAY),
        ):
            send_at(shared, now, "create", given, [], SALT, sender=sender)


VOICE_LIMITS = [
    ("halfLife", 90 * DAY, 3650 * DAY),
    ("base", 10**9, 10**12),
    ("most", 10_000, 30_000),
    ("full", 1, 10**9),
]


@pytest.mark.parametrize(("name", "low", "high"), VOICE_LIMITS)
def test_create_keeps_the_voice_within_its_limits(
    community: Community, shared: Contract, given: Params, name: str, low: int, high: int
) -> None:
    given["voice"]["base"] = 5 * VOICE
    for value in (low, high):
        with community.rpc.isolate():
            good = changed(given, f"voice.{name}", value)
            predicted = shared.call("predict", good, [], SALT)
            dao = created(community, create(community, good))
            assert dao.membership_address == predicted["membership"]
    for value in (low - 1, high + 1, 0):
        bad = changed(given, f"voice.{name}", value)
        shared.call("predict", bad, [], SALT)  # says where, though nothing will be there
        with reverts("FactoryInvalidSetting", field(name), value, low, high):
            create(community, bad)


def test_create_admits_once_who_is_named_twice(community: Community, given: Params) -> None:
    given["members"] = [person(1).address, person(2).address, person(1).address]
    dao = created(community, create(community, given))
    assert dao.membership.call("census") == (2, 2, 2 * VOICE, 2)


@pytest.mark.parametrize("office", ["guardian", "steward"])
def test_create_reverts_when_a_term_is_too_long(
    community: Community, shared: Contract, given: Params, office: str
) -> None:
    now = community.rpc.timestamp() + 100
    longest = now + 365 * DAY
    sender = community.outsider.address
    given[office] = {"holder": person(70).address, "until": longest + 1}
    with community.rpc.isolate(), reverts("TreasuryTermTooLong", longest + 1, longest):
        send_at(shared, now, "create", given, [], SALT, sender=sender)
    given[office]["until"] = longest
    receipt = send_at(shared, now, "create", given, [], SALT, sender=sender)
    dao = created(community, receipt)
    assert dao.treasury.call(office) == person(70).address
    name = {"guardian": "GuardianChanged", "steward": "StewardAppointed"}[office]
    (event,) = [each for each in dao.treasury.events(receipt.raw["logs"]) if each.name == name]
    assert event.args == {office: person(70).address, "until": longest}


# Modules


def probe_at(community: Community, address: str) -> Contract:
    return Contract(community.rpc, address, helper(community.rpc, "Probe").interface)


def test_create_clones_modules_with_their_roles(
    community: Community, shared: Contract, given: Params
) -> None:
    probe = helper(community.rpc, "Probe").address
    modules = [
        {"implementation": probe, "args": b"first args", "roles": [MINTER, PURSE]},
        {"implementation": probe, "args": b"", "roles": []},
        {"implementation": probe, "args": b"", "roles": [ADMITTER]},
    ]
    predicted = shared.call("predict", given, modules, SALT)
    receipt = create(community, given, modules)
    event = receipt.only("DAOCreated")
    assert event.args["configHash"] == config_hash(given, modules)
    assert list(event.args["modules"]) == predicted["modules"]
    assert len(set(predicted["modules"])) == 3
    dao = created(community, receipt)
    header = (dao.treasury_address, dao.membership_address, dao.token_address, given["voice"]["t0"])
    for address, module in zip(dao.modules, modules, strict=True):
        clone = probe_at(community, address)
        assert clone.call("header") == header
        assert clone.call("rest") == module["args"]
    granted = [each.args for each in receipt.events if each.name == "RoleGranted"]
    assert [(each["role"], each["account"]) for each in granted] == [
        (MINTER, dao.modules[0]),
        (PURSE, dao.modules[0]),
        (ADMITTER, dao.modules[2]),
    ]
    for role in ROLES[:5]:
        for address, module in zip(dao.modules, modules, strict=True):
            held = dao.treasury.call("hasRole", role, address)
            assert held is (role in module["roles"])


def test_create_lets_modules_use_their_roles_and_no_others(
    community: Community, given: Params
) -> None:
    probe = helper(community.rpc, "Probe").address
    modules = [{"implementation": probe, "args": b"", "roles": [MINTER]}]
    dao = created(community, create(community, given, modules))
    clone = probe_at(community, dao.modules[0])
    sender, to = community.outsider.address, person(3).address
    clone.send("run", dao.token_address, dao.token.data("mint", to, 5, 0), sender=sender)
    assert dao.token.call("balanceOf", to) == 5
    admission = dao.membership.data("admit", person(9).address, CHARTER)
    with reverts("MembershipUnauthorized", clone.address, ADMITTER):
        clone.send("run", dao.membership_address, admission, sender=sender)


def test_create_reverts_when_a_module_has_no_code(community: Community, given: Params) -> None:
    for implementation in (ZERO, person(60).address):
        modules = [{"implementation": implementation, "args": b"", "roles": []}]
        with reverts("FactoryImplementationWithoutCode", implementation):
            create(community, given, modules)


# cloneModule


def test_clone_module(community: Community, shared: Contract) -> None:
    probe = helper(community.rpc, "Probe").address
    sender = community.outsider.address
    header = bytes.fromhex(community.dao.treasury_address[2:]) * 3 + (99).to_bytes(5)
    args = header + b"more"
    module = shared.call("cloneModule", probe, args, SALT, sender=sender)
    receipt = shared.send("cloneModule", probe, args, SALT, sender=sender)
    assert [(event.name, event.args) for event in receipt.events] == [
        ("ModuleCloned", {"implementation": probe, "module": module, "args": args})
    ]
    clone = probe_at(community, module)
    assert clone.call("header") == (*[community.dao.treasury_address] * 3, 99)
    assert clone.call("rest") == b"more"
    for role in ROLES:
        assert community.dao.treasury.call("hasRole", role, module) is False
    mint = community.dao.token.data("mint", sender, 1, 0)
    with reverts("ContributionTokenUnauthorized", module, MINTER):
        clone.send("run", community.dao.token_address, mint, sender=sender)
    assert shared.call("isDAO", module) is False


def test_clone_module_gives_each_caller_addresses_of_their_own(
    community: Community, shared: Contract
) -> None:
    probe, sink = helper(community.rpc, "Probe").address, helper(community.rpc, "Sink").address
    calls = [
        (community.outsider.address, (probe, b"", SALT)),
        (community.wallets[0], (probe, b"", SALT)),
        (community.outsider.address, (probe, b"\0", SALT)),
        (community.outsider.address, (probe, b"", bytes(32))),
        (community.outsider.address, (sink, b"", SALT)),
    ]
    seen = {shared.call("cloneModule", *args, sender=sender) for sender, args in calls}
    assert len(seen) == 5
    for sender, args in calls:
        shared.send("cloneModule", *args, sender=sender)
        with pytest.raises(ContractRevertedError) as caught:
            shared.send("cloneModule", *args, sender=sender)
        assert caught.value.data == keccak(text="DeploymentFailed()")[:4]


def test_clone_module_reverts_without_code(community: Community, shared: Contract) -> None:
    for implementation in (ZERO, person(60).address):
        with reverts("FactoryImplementationWithoutCode", implementation):
            shared.send("cloneModule", implementation, b"", SALT, sender=community.outsider.address)


def clone_args(dao: dict[str, Any], given: Params) -> dict[str, bytes]:
    """The immutable arguments of a DAO's parts, read from those of a DAO that was created."""
    raw = {name: bytes.fromhex(dao[name][2:]) for name in ("treasury", "governor", "membership")}
    t0 = given["voice"]["t0"].to_bytes(5)
    token_name = given["tokenName"].encode()
    token = raw["treasury"] + t0 + bytes([len(token_name)]) + token_name
    return {"token": token + given["tokenSymbol"].encode()}


def test_clone_module_cannot_take_a_daos_address(
    community: Community, shared: Contract, given: Params
) -> None:
    """A DAO whose salt is somebody's address is not at the mercy of that somebody."""
    squatter = community.outsider.address
    salt = bytes(12) + bytes.fromhex(squatter[2:])
    predicted = shared.call("predict", given, [], salt)
    args = clone_args(predicted, given)["token"]
    with community.rpc.isolate():
        dao = created(community, create(community, given, salt=salt))
        assert community.rpc.code(dao.token_address).endswith(args)
    token = shared.call("implementations")[2]
    hashed = config_hash(given, [])
    taken = shared.call("cloneModule", token, args, hashed, sender=squatter)
    shared.send("cloneModule", token, args, hashed, sender=squatter)
    assert taken != predicted["token"]
    dao = created(community, create(community, given, salt=salt))
    assert dao.token.call("settings") == given["token"]


# initialize


def initializers(dao_params: Params) -> dict[str, tuple[str, tuple[Any, ...]]]:
    """The error and the arguments of each part's `initialize`."""
    office = {"holder": ZERO, "until": 0}
    return {
        "Treasury": ("TreasuryAlreadyInitialized", (person(66).address, office, office, [])),
        "Membership": (
            "MembershipAlreadyInitialized",
            (dao_params["membership"], CHARTER, "", [person(66).address]),
        ),
        "ContributionToken": (
            "ContributionTokenAlreadyInitialized",
            (dao_params["token"], [{"account": person(66).address, "amount": 1}]),
        ),
        "DAOGovernor": ("GovernorAlreadyInitialized", (dao_params["governor"],)),
    }


def test_implementations_cannot_be_initialized(
    community: Community, shared: Contract, given: Params
) -> None:
    names = ("Treasury", "Membership", "ContributionToken", "DAOGovernor")
    addresses = dict(zip(names, shared.call("implementations"), strict=True))
    dao = Dao(community.rpc, *(addresses[name] for name in names))
    contracts = dict(zip(names, (dao.treasury, dao.membership, dao.token, dao.governor),
                         strict=True))  # fmt: skip
    for name, (error, args) in initializers(given).items():
        with reverts(error):
            contracts[name].send("initialize", *args, sender=community.outsider.address)


def test_clones_cannot_be_initialized_again(community: Community, given: Params) -> None:
    dao = community.dao
    contracts = {
        "Treasury": dao.treasury,
        "Membership": dao.membership,
        "ContributionToken": dao.token,
        "DAOGovernor": dao.governor,
    }
    shared = factory(community.rpc).address
    senders = (community.outsider.address, community.wallets[0], dao.treasury_address, shared)
    for sender in senders:
        community.rpc.fund(sender)
        for name, (error, args) in initializers(given).items():
            with reverts(error):
                contracts[name].send("initialize", *args, sender=sender)


# The factory itself


def test_implementations_are_those_of_the_project(shared: Contract, community: Community) -> None:
    names = ("Treasury", "Membership", "ContributionToken", "DAOGovernor")
    for name, address in zip(names, shared.call("implementations"), strict=True):
        assert artifacts.project()[name].is_code_of(community.rpc.code(address))


def test_is_dao_of_others(community: Community, shared: Contract) -> None:
    dao = community.dao
    assert shared.call("isDAO", dao.treasury_address) is True
    for other in (dao.governor_address, dao.membership_address, dao.token_address, ZERO):
        assert shared.call("isDAO", other) is False
    for other in (*shared.call("implementations"), shared.address, community.outsider.address):
        assert shared.call("isDAO", other) is False


@pytest.mark.parametrize("index", range(4))
def test_a_factory_reverts_when_an_implementation_has_no_code(
    community: Community, shared: Contract, index: int
) -> None:
    addresses = list(shared.call("implementations"))
    addresses[index] = person(60).address
    code = artifacts.project()["DAOFactory"].bytecode + encode(["address"] * 4, addresses)
    error = keccak(text="FactoryImplementationWithoutCode(address)")[:4]
    expected = error + encode(["address"], [person(60).address])
    with pytest.raises(Exception, match=f"0x{expected.hex()}"):
        community.rpc.send(None, code, sender=community.outsider.address)


def test_the_factory_takes_no_ether(community: Community, shared: Contract, given: Params) -> None:
    sender = community.outsider.address
    for data in (b"", shared.data("create", given, [], SALT)):
        with pytest.raises(Exception, match="reverted"):
            community.rpc.send(shared.address, data, value=1, sender=sender, gas=GAS_CAP)
    assert community.rpc.balance(shared.address) == 0
