"""A DAO with Invitations, and what sponsors and newcomers sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address

from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Contract, Receipt
from mikoshi.core import artifacts
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY
from tests.support import Typed, factory, grant

SETTINGS = (20, 1, 1)
"""perEpoch, perSponsor, sponsors."""

SEASON = 45 * DAY
MONTH = 30 * DAY
STEWARD = person(700)

TYPES = {
    "Invitation": "address key,uint256 deadline",
    "Claim": "address wallet",
    "Join": "bytes32 charterHash,address key,address[] sponsors,uint256 deadline",
    "Revoke": "address account,address key,uint256 deadline",
}


def raw(address: str) -> bytes:
    """An address's 20 bytes."""
    return bytes.fromhex(address[2:])


@dataclass
class Door:
    """A DAO's Invitations; keys of invitations are people from 2000 on, newcomers from 1000 on.

    `sponsors` are those of the latest invitation of each key, which its newcomer signs.
    """

    community: Community
    contract: Contract
    typed: Typed = field(init=False)
    sponsors: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chain_id = self.community.chain_id
        self.typed = Typed("Mikoshi Invitations", self.contract.address, chain_id, TYPES)

    def now(self) -> int:
        """The time of the latest block, Unix seconds."""
        return self.community.rpc.timestamp()

    def sponsorship(
        self, sponsor: LocalAccount, key: LocalAccount, deadline: int, **domain: Any
    ) -> tuple[str, bytes]:
        """One sponsor's word."""
        word = self.typed.sign(sponsor, "Invitation", key.address, deadline, **domain)
        return sponsor.address, word

    def invitation(
        self, key: LocalAccount, sponsors: Sequence[LocalAccount], deadline: int | None = None
    ) -> tuple[Any, ...]:
        """An invitation, for 30 days unless another deadline is given."""
        until = self.now() + MONTH if deadline is None else deadline
        ordered = sorted(sponsors, key=lambda each: raw(each.address))
        self.sponsors[key.address] = [each.address for each in ordered]
        return key.address, until, [self.sponsorship(each, key, until) for each in ordered]

    def newcomer(
        self,
        key: LocalAccount,
        who: LocalAccount,
        charter: bytes = CHARTER,
        deadline: int | None = None,
    ) -> tuple[Any, ...]:
        """Somebody who takes the seat of `key`."""
        until = self.now() + DAY if deadline is None else deadline
        claim = self.typed.sign(key, "Claim", who.address)
        sponsors = self.sponsors[key.address]
        join = self.typed.sign(who, "Join", charter, key.address, sponsors, until)
        return who.address, claim, charter, until, join

    def accept(self, *args: Any) -> Receipt:
        """Accepted; an outsider sends it."""
        return self.contract.send("accept", *args, sender=self.community.outsider.address)

    def join(
        self, sponsors: Sequence[LocalAccount], number: int, who: LocalAccount | None = None
    ) -> Receipt:
        """The invitation `number` made by `sponsors` and accepted."""
        key, who = person(2000 + number), who or person(1000 + number)
        return self.accept(self.invitation(key, sponsors), self.newcomer(key, who))

    def set_settings(self, *settings: int) -> Receipt:
        """Other settings, as by a vote."""
        return self.community.as_treasury(self.contract, "setSettings", settings)


def with_door(
    community: Community,
    settings: Sequence[int] = SETTINGS,
    salt: int = 0,
    dao: Community | None = None,
) -> Door:
    """A clone attached to `dao` (default: the community), its role in force."""
    dao = dao or community
    artifact = artifacts.project()["Invitations"]
    sender = community.outsider.address
    receipt = community.rpc.send(None, artifact.bytecode, sender=sender)
    code = to_checksum_address(receipt["contractAddress"])
    parts = (dao.dao.treasury_address, dao.dao.membership_address, dao.dao.token_address)
    t0 = dao.params["voice"]["t0"]
    per_epoch, per_sponsor, sponsors = settings
    args = b"".join(map(raw, parts)) + t0.to_bytes(5) + per_epoch.to_bytes(2)
    args += bytes([per_sponsor, sponsors])
    cloned = factory(community.rpc).send(
        "cloneModule", code, args, salt.to_bytes(32), sender=sender
    )
    address = cloned.only("ModuleCloned").args["module"]
    others = [artifacts.project()["Membership"].abi]
    door = Door(dao, Contract(community.rpc, address, Interface(artifact.abi, *others)))
    grant(dao, "ADMITTER", address)
    return door
