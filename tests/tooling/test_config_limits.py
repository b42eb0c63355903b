"""dao.toml and the contracts draw every line at the same place: read here, deployed on anvil."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mikoshi.chain.abi import Revert
from mikoshi.chain.contract import Contract, ContractRevertedError
from mikoshi.chain.node import DevRpc
from mikoshi.chain.refusals import GAS_CAP
from mikoshi.chain.rpc import Rpc
from mikoshi.config.kinds import Range
from mikoshi.config.load import load_config
from mikoshi.config.model import Config
from mikoshi.config.sections import MAX_FIRST_MEMBERS, SECTIONS
from mikoshi.config.templates.template import NAMES, Template
from mikoshi.core import dao as daos
from mikoshi.testing.community import person
from mikoshi.text.errors import BadInputError
from mikoshi.text.units import DAY, HOUR, YEAR
from tests.support import refuses

T0 = 1_800_000_000
WALLETS = [person(number).address for number in range(1, 6)]

# Where a setting ends up, and the error of the contract that checks it.
MEMBERSHIP, GOVERNOR = "MembershipInvalidSetting", "GovernorInvalidSetting"
FACTORY = "FactoryInvalidSetting"
PLACES = {
    "voice.base": ("voice", "base", FACTORY),
    "voice.most": ("voice", "most", FACTORY),
    "voice.full": ("voice", "full", FACTORY),
    "voice.half_life": ("voice", "halfLife", FACTORY),
    "membership.dormant_after": ("membership", "dormantAfter", MEMBERSHIP),
    "membership.season": ("membership", "season", MEMBERSHIP),
    "merit.per_epoch": ("membership", "meritCap", MEMBERSHIP),
    "merit.per_member": ("membership", "meritCapPerMember", MEMBERSHIP),
    "steward.members_per_epoch": ("membership", "stewardCap", MEMBERSHIP),
    "governance.voting_delay": ("governor", "votingDelay", GOVERNOR),
    "governance.voting_period": ("governor", "votingPeriod", GOVERNOR),
    "governance.late_extension": ("governor", "lateExtension", GOVERNOR),
    "governance.execution_delay": ("governor", "executionDelay", GOVERNOR),
    "governance.expiry": ("governor", "expiry", GOVERNOR),
    "governance.quorum": ("governor", "quorumBps", GOVERNOR),
    "governance.floor": ("governor", "floorBps", GOVERNOR),
    "governance.voice_cap": ("governor", "voiceCapBps", GOVERNOR),
    "governance.threshold": ("governor", "thresholdBps", GOVERNOR),
    "governance.live_proposals": ("governor", "liveProposals", GOVERNOR),
}
INVITING = {
    "invitations.per_epoch": "perEpoch",
    "invitations.per_sponsor": "perSponsor",
    "invitations.sponsors": "sponsors",
}
"""Settings of Invitations, which look at them when they are asked to admit somebody."""

NARROWER = {
    *("membership.dormant_after", "governance.voting_delay", "governance.late_extension"),
    *("governance.execution_delay", "governance.floor", "membership.season"),
}
"""Settings whose limits were wider, and which are told what to write."""

# With these, every other setting can be moved to its limits.
ROOMY: dict[str, dict[str, Any]] = {
    "dao": {"name": "PM DAO", "symbol": "PMD", "chain_id": 31337, "slug": "pm-dao"},
    "charter": {"hash": "0x" + "c4" * 32},
    "members": {"list": [{"wallet": wallet} for wallet in WALLETS]},
    "voice": {},
    "membership": {"season": "1 year"},
    "merit": {"per_epoch": 1_000_000_000, "per_member": 0},
    "governance": {"voting_delay": "1 day", "voting_period": "2 days"},
    "token": {"name": "Token", "symbol": "PMC", "cap_per_epoch": "1 PMC"},
    "steward": {"wallet": WALLETS[0]},
    "invitations": {},
}


def kind_of(path: str) -> Range:
    table, name = path.split(".")
    (kind,) = [each.kind for each in SECTIONS[table].settings() if each.name == name]
    assert isinstance(kind, Range)
    return kind


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Config]:
    """Load ROOMY with one setting replaced, accepting whatever that makes dangerous."""

    def load(path: str, literal: str) -> Config:
        table, name = path.split(".")
        lines = []
        for section, values in ROOMY.items():
            texts = {key: _literal(value) for key, value in values.items()}
            if section == table:
                texts[name] = literal
            lines += [f"[{section}]", *(f"{key} = {text}" for key, text in texts.items())]
        file = tmp_path / "dao.toml"
        file.write_text("\n".join(lines))
        try:
            return load_config(file)
        except BadInputError as error:
            wrong: Any = error.data["problems"]
            names = [each["name"] for each in wrong if each["kind"] == "danger.not-accepted"]
            if not names:
                raise
            file.write_text("\n".join([*lines, "[danger]", f"accept = {names}"]))
            return load_config(file)

    return load


def outside(setting: str, low: str, high: str, got: str) -> dict[str, str]:
    """The complaint about a value beyond its limits."""
    return {"setting": setting, "kind": "value.outside", "low": low, "high": high, "got": got}


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(f'{{ wallet = "{each["wallet"]}" }}' for each in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


@pytest.fixture(scope="module")
def factory(node: Any) -> Contract:
    return daos.deploy_shared(node.rpc, node.accounts[0])


@pytest.fixture
def create(factory: Contract, rpc: DevRpc) -> Callable[[dict[str, Any]], None]:
    """Try a creation in a block at T0, without mining it."""
    if rpc.timestamp() < T0:
        rpc.warp_to(T0)
    t0 = rpc.timestamp()

    def create(params: dict[str, Any]) -> None:
        shifted = copy.deepcopy(params)
        for office in ("guardian", "steward"):
            if shifted[office]["until"]:
                shifted[office]["until"] += t0 - T0
        shifted["voice"]["t0"] += t0 - T0
        factory.call("create", shifted, [], bytes(32))

    return create


def test_every_limited_setting_is_compared() -> None:
    limited = {
        f"{table}.{setting.name}"
        for table, section in SECTIONS.items()
        for setting in section.settings()
        if isinstance(setting.kind, Range) and table != "alarms"  # none of the chain's business
    }
    terms = {"guardian.term", "steward.term"}  # see below
    assert limited - PLACES.keys() - INVITING.keys() == terms


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("end", ["low", "high"])
def test_limit_is_taken_by_both_and_the_next_value_by_neither(
    path: str, end: str, load: Callable[..., Config], create: Callable[..., None]
) -> None:
    kind = kind_of(path)
    part, name, error = PLACES[path]
    step = getattr(kind, "step", 1)
    limit, beyond = (kind.low, kind.low - step) if end == "low" else (kind.high, kind.high + step)
    params = load(path, kind.literal(limit)).params(T0)
    assert params[part][name] == limit
    create(params)
    if beyond < 0:
        return
    low, high = kind.ends()
    if path == "merit.per_member":  # whose limit is the other one
        low, high = "0", "1,000,000,000 points"
    wrong = outside(path, low, high, kind.show(beyond))
    if path in NARROWER and (end == "high") != (path == "membership.season"):
        wrong |= {"kind": "setting.narrower", "write": kind.literal(limit)}
    with refuses("file.problems", problems=[wrong]):
        load(path, kind.literal(beyond))
    params[part][name] = beyond
    with pytest.raises(ContractRevertedError) as reverted:
        create(params)
    field = name.encode().ljust(32, b"\0")
    assert reverted.value.revert == Revert(error, (field, beyond, kind.low, kind.high))


def test_rest_of_an_hour_is_refused_by_both(
    load: Callable[..., Config], create: Callable[..., None]
) -> None:
    params = load("governance.late_extension", '"2 hours"').params(T0)
    create(params)
    wrong = {
        "setting": "governance.late_extension",
        "kind": "duration.not-a-multiple",
        "step": "1 hour",
        "got": '"90 minutes"',
    }
    with refuses("file.problems", problems=[wrong]):
        load("governance.late_extension", '"90 minutes"')
    params["governor"]["lateExtension"] = 90 * 60
    with pytest.raises(ContractRevertedError) as reverted:
        create(params)
    field = b"lateExtensionRest".ljust(32, b"\0")
    assert reverted.value.revert == Revert(GOVERNOR, (field, HOUR // 2, 0, 0))


@pytest.mark.parametrize("path", INVITING)
@pytest.mark.parametrize("end", ["low", "high"])
def test_limit_of_invitations_is_theirs(path: str, end: str, load: Callable[..., Config]) -> None:
    kind = kind_of(path)
    limit, beyond = (kind.low, kind.low - 1) if end == "low" else (kind.high, kind.high + 1)
    args = load(path, kind.literal(limit)).module_args()["invitations"]
    told = dict(zip(INVITING.values(), (int.from_bytes(args[:2]), *args[2:]), strict=True))
    assert told[INVITING[path]] == limit
    if beyond >= 0:
        with refuses("file.problems"):
            load(path, kind.literal(beyond))


@pytest.mark.parametrize("office", ["guardian", "steward"])
def test_term_of_an_office_ends_at_the_same_day(
    office: str, load: Callable[..., Config], create: Callable[..., None], rpc: DevRpc
) -> None:
    params = load("steward.term", '"1 year"').params(T0)
    params[office] = {"holder": WALLETS[0], "until": T0 + YEAR}
    create(params)
    wrong = outside("steward.term", "1 day", "1 year", "366 days")
    with refuses("file.problems", problems=[wrong]):
        load("steward.term", '"366 days"')
    params[office]["until"] += DAY
    with pytest.raises(ContractRevertedError) as reverted:
        create(params)
    now = rpc.timestamp()
    assert reverted.value.revert == Revert("TreasuryTermTooLong", (now + YEAR + DAY, now + YEAR))


@pytest.mark.parametrize(
    ("path", "field", "name", "most"),
    [
        ("dao.name", "name", "name", 64),
        ("dao.symbol", "symbol", "symbol", 16),
        ("token.name", "tokenName", "tokenName", 64),
    ],
)
def test_texts_are_as_long_for_both(
    path: str,
    field: str,
    name: str,
    most: int,
    load: Callable[..., Config],
    create: Callable[..., None],
) -> None:
    params = load(path, f'"{"é" * (most // 2)}"').params(T0)
    create(params)
    for text in ("", "x" * (most + 1)):
        wrong = {"kind": "text.length", "low": 1, "high": most, "got": len(text)}
        with refuses("file.problems", problems=[{"setting": path, **wrong}]):
            load(path, f'"{text}"')
        with pytest.raises(ContractRevertedError) as reverted:
            create(params | {name: text})
        padded = field.encode().ljust(32, b"\0")
        assert reverted.value.revert == Revert("FactoryInvalidText", (padded, len(text), most))


def test_a_charter_hash_of_zeros_is_refused_by_both(
    load: Callable[..., Config], create: Callable[..., None]
) -> None:
    zeros = f'"0x{"00" * 32}"'
    wrong = {"setting": "charter.hash", "kind": "hash.malformed", "got": '"…"'}  # like a key
    with refuses("file.problems", problems=[wrong]):
        load("charter.hash", zeros)
    params = load("dao.salt", '"x"').params(T0) | {"charterHash": bytes(32)}
    with pytest.raises(ContractRevertedError) as reverted:
        create(params)
    assert reverted.value.revert is not None
    assert reverted.value.revert.name == MEMBERSHIP


@pytest.mark.parametrize("name", NAMES)
def test_every_template_becomes_a_dao_with_as_many_first_members_as_allowed(
    name: str, tmp_path: Path, factory: Contract, rpc: Rpc, node: Any
) -> None:
    template = Template.load(name)
    people = [f"0x{number:040x}" for number in range(1, MAX_FIRST_MEMBERS + 1)]
    (tmp_path / "members.csv").write_text("\n".join(["wallet", *people]))
    (tmp_path / "charter.md").write_text("# Charter\n")
    tables: dict[str, Any] = {"guardian": {}, "steward": {}}
    for number, path in enumerate(template.to_fill_in):
        table, setting = path.split(".")
        tables[table][setting] = person(number + 1).address
    text = template.render(
        ["en"],
        dao={"chain_id": 31337},
        charter={"file": "charter.md"},
        members={"file": "members.csv"},
        **{table: values for table, values in tables.items() if values},
    )
    # With so many first members, admitting a thousand is no danger; the template is for a dozen.
    if "large-steward-cap" in text and name == "customer":
        text = text.replace('"large-steward-cap",', "")
    (tmp_path / "dao.toml").write_text(text)
    params = load_config(tmp_path / "dao.toml").params(rpc.timestamp())
    receipt = factory.send("create", params, [], bytes(32), sender=node.accounts[0])
    assert receipt.gas < GAS_CAP
    assert receipt.only("DAOCreated").args["treasury"]
