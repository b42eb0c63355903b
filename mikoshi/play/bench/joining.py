"""Seats by a link: what who sends an acceptance pays; the newcomer pays nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Contract, Receipt
from mikoshi.core import artifacts
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import DAY, POINT

if TYPE_CHECKING:
    from mikoshi.play.bench.kit import Kit

_FIRST = 3_000_000  # the number of the first key; newcomers have the odd ones
_TERM = 30 * DAY
_NOTICE = 45 * DAY
_SETTINGS = (10_000).to_bytes(2) + bytes([20, 1])  # per epoch, per sponsor, sponsors
_TYPES = {
    "Invitation": "address key,uint256 deadline",
    "Claim": "address wallet",
    "Join": "bytes32 charterHash,address key,address[] sponsors,uint256 deadline",
}


def measure_joining(kit: Kit) -> None:
    """By one member's link, by two members' and by the steward's, in DAOs of five and of six."""
    steward = person(_FIRST)
    office = {"holder": steward.address, "until": kit.rpc.timestamp() + 300 * DAY}
    settings = kit.config.params(0)["membership"] | {"stewardCap": 50}
    for salt, row, members, sponsors, changes in (
        (5, "join_by_invitation", 5, 1, {}),
        (6, "join_by_invitation_of_two", 6, 2, {}),
        (7, "join_by_invitation_of_steward", 5, 0, {"steward": office, "membership": settings}),
    ):
        people = kit.people[:members]
        wallets = [each.address for each in people]
        dao = kit.create(salt, people, members=wallets, **changes)
        kit.world.fund(dao.dao.treasury_address)
        ids = list(range(1, members + 1))
        credited = (ids, [POINT] * members, 0, bytes(32))
        dao.as_treasury(dao.dao.membership, "creditMany", *credited)
        join(kit, dao, row, people[:sponsors] or [steward])


def join(kit: Kit, dao: Community, row: str, sponsors: Sequence[LocalAccount]) -> None:
    """The second of two whom `sponsors` invite, once the role of the Invitations holds."""
    door = _Door(kit, dao)
    for _ in range(2):
        receipt = door.join(sponsors)
    kit.note(row, receipt)


class _Door:
    """A DAO's Invitations: a clone that has had the role for its notice."""

    def __init__(self, kit: Kit, dao: Community) -> None:
        self._kit, self._dao = kit, dao
        artifact = artifacts.project()["Invitations"]
        code, _ = kit.world.deploy(artifact, [])
        parts = (dao.dao.treasury_address, dao.dao.membership_address, dao.dao.token_address)
        t0 = kit.rpc.timestamp()  # of its epochs, which need not be those of others
        args = b"".join(bytes.fromhex(each[2:]) for each in parts) + t0.to_bytes(5) + _SETTINGS
        cloned = kit.factory.send("cloneModule", code, args, bytes(32), sender=kit.world.sender)
        address = to_checksum_address(cloned.only("ModuleCloned").args["module"])
        self._contract = Contract(kit.rpc, address, Interface(artifact.abi))
        dao.as_treasury(dao.dao.treasury, "grantRole", keccak(text="ADMITTER"), address)
        kit.world.age(_NOTICE)
        self._numbers = count(_FIRST + 1, 2)

    def join(self, sponsors: Sequence[LocalAccount]) -> Receipt:
        """Somebody takes a seat with a link."""
        number = next(self._numbers)
        key, who = person(number), person(number + 1)
        until, charter = self._kit.rpc.timestamp() + _TERM, self._kit.config.charter_hash
        ordered = sorted(sponsors, key=lambda each: int(each.address, 16))
        accounts = [each.address for each in ordered]
        words = [self._sign(each, "Invitation", key.address, until) for each in ordered]
        claim = self._sign(key, "Claim", who.address)
        signed = self._sign(who, "Join", charter, key.address, accounts, until)
        invitation = (key.address, until, list(zip(accounts, words, strict=True)))
        newcomer = (who.address, claim, charter, until, signed)
        return self._contract.send("accept", invitation, newcomer, sender=self._kit.world.sender)

    def _sign(self, signer: LocalAccount, kind: str, *values: Any) -> bytes:
        """A signature in 64 bytes (ERC-2098), as links and lines carry it."""
        fields = [each.rsplit(" ", 1) for each in _TYPES[kind].split(",")]
        domain = {
            "name": "Mikoshi Invitations",
            "version": "1",
            "chainId": self._dao.chain_id,
            "verifyingContract": self._contract.address,
        }
        types = {kind: [{"name": name, "type": type_} for type_, name in fields]}
        message = {name: value for (_, name), value in zip(fields, values, strict=True)}
        made = signer.sign_message(encode_typed_data(domain, types, message))
        return made.r.to_bytes(32) + (made.s | (made.v - 27) << 255).to_bytes(32)
