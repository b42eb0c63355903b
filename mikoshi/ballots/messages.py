"""The typed data (EIP-712) of everything a member may sign instead of sending a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self

from mikoshi.text.json import Json
from mikoshi.text.people import ZERO_ADDRESS, parse_wallet

if TYPE_CHECKING:
    from eth_account.messages import SignableMessage

Home = Literal["governor", "membership", "invitations", "succession"]

NO_END = 2**40 - 1
"""The latest deadline that a ballot of a batch can carry: for practical purposes, never."""

_DOMAINS: dict[Home, str] = {
    "governor": "Mikoshi Governor",
    "membership": "Mikoshi Membership",
    "invitations": "Mikoshi Invitations",
    "succession": "Mikoshi Succession",
}
_VERSION = "1"
_BY_PROPOSER = "uint256 proposalId,address proposer,uint256 deadline"
_WITH_CHARTER = "address account,bytes32 charterHash,uint256 nonce,uint256 deadline"
_PLAIN = "address account,uint256 nonce,uint256 deadline"
_ON_A_SEAT = "uint256 id,bytes32 planHash,address wallet,uint256 nonce,uint256 deadline"

MESSAGES: dict[str, tuple[Home, str]] = {
    "MemberBallot": ("governor", "uint256 proposalId,uint8 support,uint256 deadline"),
    "AccountBallot": (
        "governor",
        "uint256 proposalId,address voter,uint8 support,uint256 deadline",
    ),
    "Ballot": ("governor", "uint256 proposalId,uint8 support,address voter,uint256 nonce"),
    "ExtendedBallot": (
        "governor",
        "uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params",
    ),
    "Propose": ("governor", _BY_PROPOSER),
    "Cancel": ("governor", _BY_PROPOSER),
    "Delegate": (
        "membership",
        "address account,address delegatee,uint256 nonce,uint256 deadline",
    ),
    "Wake": ("membership", _WITH_CHARTER),
    "Rest": ("membership", _PLAIN),
    "Exit": ("membership", _PLAIN),
    "Rejoin": ("membership", _WITH_CHARTER),
    "Invitation": ("invitations", "address key,uint256 deadline"),
    "Claim": ("invitations", "address wallet"),
    "Join": (
        "invitations",
        "bytes32 charterHash,address key,address[] sponsors,uint256 deadline",
    ),
    "Revoke": ("invitations", "address account,address key,uint256 deadline"),
    "SetPlan": (
        "succession",
        "uint256 id,uint256[] members,address[] others,uint256 needed,uint256 delay,"
        "address heir,uint256 silence,uint256 nonce,uint256 deadline",
    ),
    "Recover": ("succession", _ON_A_SEAT),
    "Take": ("succession", _ON_A_SEAT),
    "Inherit": ("succession", _ON_A_SEAT),
    "Veto": ("succession", "uint256 id,uint256 nonce,uint256 deadline"),
}
"""Each message: the contract that takes it, and its fields as the contract's typehash has them."""

OF_A_LINK = ("Invitation", "Claim")
"""The messages that an invitation's link and its acceptance carry: neither is sent by itself."""

BALLOTS = ("MemberBallot", "AccountBallot")
"""The messages that are counted many at a time."""

REQUESTS = ("Recover", "Inherit", "Take")
"""The messages of which several make a request for a seat: who asks, and who takes it."""

PLAN = ("members", "others", "needed", "delay", "heir", "silence")
"""The fields of a plan, in the contract's order."""

MOST_IN_A_LIST = 255
"""Values of a list in a message: a plan has seven guardians at most."""

_SIGNERS = ("voter", "proposer", "account")  # the fields that name who signs


def fields_of(kind: str) -> dict[str, str]:
    """Name → type of the fields of a message, in order. Raises KeyError."""
    pairs = (field.split() for field in MESSAGES[kind][1].split(","))
    return {name: type_ for type_, name in pairs}


@dataclass(frozen=True)
class Message:
    """A message for the contract at `contract` on one chain.

    `values` are by field: integers, checksummed addresses, bytes, tuples of those. Raises
    ValueError for a message that no contract takes and for values that do not fit its fields.
    """

    kind: str
    chain_id: int
    contract: str
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        if self.kind not in MESSAGES:
            raise ValueError(f"{self.kind} is none of {', '.join(MESSAGES)}")
        fields = fields_of(self.kind)
        if set(fields) != set(self.values):
            raise ValueError(f"{self.kind} has {', '.join(fields)}, not {', '.join(self.values)}")
        for name, type_ in fields.items():
            _check(f"{self.kind}.{name}", type_, self.values[name])

    def __getitem__(self, field: str) -> Any:
        return self.values[field]

    @property
    def home(self) -> Home:
        """Which part of the DAO takes it."""
        return MESSAGES[self.kind][0]

    @property
    def signer(self) -> str | None:
        """The wallet that it names as its signer; None where the signature alone tells."""
        if self.kind == "Take":
            return str(self["wallet"])
        return next((str(self[each]) for each in _SIGNERS if each in self.values), None)

    @property
    def domain(self) -> dict[str, Any]:
        """The EIP-712 domain: no other contract and no other chain takes the signature."""
        return {
            "name": _DOMAINS[self.home],
            "version": _VERSION,
            "chainId": self.chain_id,
            "verifyingContract": self.contract,
        }

    @cached_property
    def signable(self) -> SignableMessage:
        """What `eth_account` signs and recovers."""
        from eth_account.messages import encode_typed_data

        types = [{"name": name, "type": kind} for name, kind in fields_of(self.kind).items()]
        lists = {name: list(v) if isinstance(v, tuple) else v for name, v in self.values.items()}
        return encode_typed_data(self.domain, {self.kind: types}, lists)

    @cached_property
    def digest(self) -> bytes:
        """The 32 bytes that are signed."""
        from eth_utils.crypto import keccak

        signable = self.signable
        return bytes(keccak(b"\x19" + signable.version + signable.header + signable.body))

    def typed_data(self) -> dict[str, Json]:
        """The message as `eth_signTypedData_v4` takes it, so that any wallet can show and sign it.

        Integers of 256 bits are decimal text, bytes are hexadecimal.
        """
        fields = fields_of(self.kind)
        domain_types = ("string", "string", "uint256", "address")
        return {
            "types": {
                "EIP712Domain": [
                    {"name": name, "type": kind}
                    for name, kind in zip(self.domain, domain_types, strict=True)
                ],
                self.kind: [{"name": name, "type": kind} for name, kind in fields.items()],
            },
            "primaryType": self.kind,
            "domain": self.domain,
            "message": {name: _to_json(kind, self.values[name]) for name, kind in fields.items()},
        }

    @classmethod
    def from_typed_data(cls, data: Mapping[str, Json]) -> Self:
        """The message in `eth_signTypedData_v4` form.

        Raises ValueError for one whose types or domain are not exactly those of a contract here:
        what a wallet showed would not be what is meant.
        """
        kind, domain = str(data["primaryType"]), data["domain"]
        if kind not in MESSAGES:
            raise ValueError(f"{kind} is none of {', '.join(MESSAGES)}")
        given, fields = data["message"], fields_of(kind)
        values = {name: _from_json(fields.get(name, ""), each) for name, each in given.items()}
        contract = parse_wallet(str(domain["verifyingContract"]))
        message = cls(kind, int(domain["chainId"]), contract, values)
        named = domain["name"], domain["version"]
        same = data["types"].get(kind) == message.typed_data()["types"][kind]
        if not same or named != (message.domain["name"], message.domain["version"]):
            raise ValueError(f"its types or its domain are not those of {kind}")
        return message


def governor_message(kind: str, chain_id: int, governor: str, **values: Any) -> Message:
    """A message for a DAOGovernor: a ballot, a proposal or its cancellation."""
    return _for("governor", kind, chain_id, governor, values)


def membership_message(kind: str, chain_id: int, membership: str, **values: Any) -> Message:
    """A message for a Membership: an act of a member, with the member's `nonces(account)`."""
    return _for("membership", kind, chain_id, membership, values)


def invitations_message(kind: str, chain_id: int, invitations: str, **values: Any) -> Message:
    """A message for Invitations: of a sponsor, a newcomer, or the key of an invitation."""
    return _for("invitations", kind, chain_id, invitations, values)


def succession_message(kind: str, chain_id: int, succession: str, **values: Any) -> Message:
    """A message for a Succession: a word on the seat of member `id`, with its `nonceOf(id)`."""
    return _for("succession", kind, chain_id, succession, values)


def _for(home: Home, kind: str, chain_id: int, contract: str, values: dict[str, Any]) -> Message:
    message = Message(kind, chain_id, contract, values)
    if message.home != home:
        raise ValueError(f"{kind} is for the {message.home}, not for the {home}")
    return message


def _check(name: str, kind: str, value: Any) -> None:
    if kind.endswith("[]"):
        if not isinstance(value, tuple) or len(value) > MOST_IN_A_LIST:
            raise ValueError(f"{name} is no {kind}: {value!r}")
        for each in value:
            _check(name, kind.removesuffix("[]"), each)
        return
    if kind == "address":
        fits = isinstance(value, str) and len(value) == 42
    elif kind == "bytes32":
        fits = isinstance(value, bytes) and len(value) == 32
    elif kind in ("string", "bytes"):
        fits = isinstance(value, str if kind == "string" else bytes)
    else:
        bits = int(kind.removeprefix("uint"))
        fits = isinstance(value, int) and 0 <= value < 2**bits
    if not fits:
        raise ValueError(f"{name} is no {kind}: {value!r}")


def _to_json(kind: str, value: Any) -> Json:
    if kind.endswith("[]"):
        return [_to_json(kind.removesuffix("[]"), each) for each in value]
    if kind == "uint256":
        return str(value)
    return f"0x{value.hex()}" if isinstance(value, bytes) else value


def _from_json(kind: str, value: Json) -> Any:
    if kind.endswith("[]"):
        if not isinstance(value, list):
            raise ValueError(f"{value!r} is no list")
        return tuple(_from_json(kind.removesuffix("[]"), each) for each in value)
    if kind == "address":
        return value if value == ZERO_ADDRESS else parse_wallet(str(value))
    if kind in ("bytes32", "bytes"):
        return bytes.fromhex(str(value).removeprefix("0x"))
    return int(str(value), 0) if kind.startswith("uint") else value
