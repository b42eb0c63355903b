"""Signatures under messages: made, checked, and put into the calls that relay them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mikoshi.ballots.messages import BALLOTS, Message, fields_of
from mikoshi.ballots.proposal import ProposalDraft

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0


@dataclass(frozen=True)
class Signed:
    """A message that `signer` has signed.

    `signature` is 65 bytes (r, s, v) of a wallet, or whatever a contract account (ERC-1271) takes.
    `member` is the signer's member id; ballots of a batch need it. `draft` is the proposal that it
    is about, where that is known, and `name` what the signer is called.
    """

    message: Message
    signer: str
    signature: bytes
    member: int = 0
    name: str = ""
    draft: ProposalDraft | None = field(default=None, repr=False)

    @property
    def terms(self) -> int:
        """The first word of a ballot of a batch: `memberId << 48 | deadline << 8 | support`.

        Raises ValueError for another message, and for a deadline beyond 40 bits.
        """
        message = self.message
        if message.kind not in BALLOTS:
            raise ValueError(f"{message.kind} is no ballot of a batch")
        if not 0 < self.member < 2**24 or message["deadline"] >= 2**40:
            raise ValueError(f"member {self.member}, deadline {message['deadline']} do not fit")
        return int(self.member << 48 | message["deadline"] << 8 | message["support"])

    @property
    def by_wallet(self) -> bool:
        """Whether the contract recovers the signer, and does not ask an account."""
        return self.message.kind == "MemberBallot"

    def packed(self) -> tuple[int, bytes, bytes] | tuple[int, str, bytes]:
        """The ballot as `castVotesBySig` takes it: of a wallet, or of a contract account."""
        if self.by_wallet:
            return (self.terms, *compact(self.signature))
        return self.terms, self.message["voter"], self.signature

    @cached_property
    def is_of_signer(self) -> bool:
        """Whether the signature is that of the wallet `signer`.

        A contract account's signature can be checked by the account alone.
        """
        return recover(self.message, self.signature) == self.signer

    def call(self) -> tuple[str, list[Any]]:
        """Function (or its signature) and arguments that relay it alone.

        Raises ValueError for a ballot of a batch, and for a proposal without its draft.
        """
        kind, values, signature = self.message.kind, self.message, self.signature
        if kind == "Ballot":
            args = [values["proposalId"], values["support"], values["voter"], signature]
            return "castVoteBySig", args
        if kind == "ExtendedBallot":
            args = [values[name] for name in ("proposalId", "support", "voter", "reason", "params")]
            return "castVoteWithReasonAndParamsBySig", [*args, signature]
        if kind == "Propose" and self.draft is not None:
            by, until = values["proposer"], values["deadline"]
            draft = self.draft
            return "proposeBySig", [*draft.calls, draft.description, by, until, signature]
        if kind in BALLOTS or kind == "Propose":
            raise ValueError(f"{kind} cannot be relayed like this")
        plain = [name for name in fields_of(kind) if name not in ("nonce", "deadline")]
        types = ",".join([fields_of(kind)[name] for name in plain] + ["uint256", "bytes"])
        # In full: `delegateBySig` of ERC-5805 is another function.
        function = f"{kind.lower()}BySig({types})"
        return function, [*(values[name] for name in plain), values["deadline"], signature]


def sign(
    message: Message,
    key: LocalAccount,
    member: int = 0,
    name: str = "",
    draft: ProposalDraft | None = None,
) -> Signed:
    """`message` signed by a wallet's key."""
    signature = bytes(key.sign_message(message.signable).signature)
    return Signed(message, str(key.address), signature, member, name, draft)


def recover(message: Message, signature: bytes) -> str | None:
    """The wallet that made a signature of 65 bytes; None if nobody can have made it."""
    from eth_account import Account
    from eth_keys.exceptions import BadSignature
    from eth_utils.exceptions import ValidationError

    if len(signature) != 65 or signature[64] not in (27, 28):  # what contracts take, and no other
        return None
    if int.from_bytes(signature[32:64]) > _HALF_ORDER:
        return None
    try:
        return str(Account.recover_message(message.signable, signature=signature))
    except (BadSignature, ValidationError, ValueError):
        return None


def compact(signature: bytes) -> tuple[bytes, bytes]:
    """The halves `r` and `vs` of a signature of 65 bytes (ERC-2098). Raises ValueError."""
    if len(signature) != 65:
        raise ValueError(f"a signature has 65 bytes, this one {len(signature)}")
    r, s, v = signature[:32], int.from_bytes(signature[32:64]), signature[64]
    if s > _HALF_ORDER or v not in (27, 28):
        raise ValueError("this signature has no compact form")
    return r, (s | (v - 27) << 255).to_bytes(32)


def expand(r: bytes, vs: bytes) -> bytes:
    """The 65 bytes of a compact signature."""
    word = int.from_bytes(vs)
    return r + (word & (1 << 255) - 1).to_bytes(32) + bytes([27 + (word >> 255)])
