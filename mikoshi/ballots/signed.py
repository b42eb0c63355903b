"""Signatures under messages: made, checked, and put into the calls that relay them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mikoshi.ballots.messages import BALLOTS, OF_A_LINK, PLAN, REQUESTS, Message, fields_of
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Contract
from mikoshi.chain.rpc import Rpc, RpcError
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_
from mikoshi.text.people import short
from mikoshi.text.units import normalize

if TYPE_CHECKING:
    from collections.abc import Callable

    from eth_account.messages import SignableMessage
    from eth_account.signers.local import LocalAccount

_MAGIC = bytes.fromhex("1626ba7e")
_ERC1271 = Interface(
    [
        {
            "type": "function",
            "name": "isValidSignature",
            "inputs": [{"name": "hash", "type": "bytes32"}, {"name": "signature", "type": "bytes"}],
            "outputs": [{"name": "", "type": "bytes4"}],
        }
    ]
)

ACCOUNT_CHECK_GAS = 100_000
"""Gas that a contract account gets to check its ballot in a batch: `BallotBox.ERC1271_GAS`."""

_PARTS = ("Propose", "Join", *OF_A_LINK)
"""Messages that are a part of something, and are not relayed without the rest."""

_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_HALF_ORDER = _ORDER // 2


@dataclass(frozen=True)
class Acceptance:
    """What makes a `Join` a seat: the key's `claim` of it, and the invitation's `deadline`.

    `words` are the sponsors' signatures, in the order in which the `Join` names them.
    """

    claim: bytes
    deadline: int
    words: tuple[bytes, ...]


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
    acceptance: Acceptance | None = None

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

        Raises ValueError for a ballot of a batch, for one word of a request for a seat, and for a
        proposal without its draft.
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
        if kind == "Join" and self.acceptance is not None:
            return "accept", list(self._seat(self.acceptance))
        if kind == "SetPlan":
            plan = [values[name] for name in PLAN]
            return "setPlanBySig", [values["id"], plan, values["deadline"], signature]
        if kind in (*BALLOTS, *REQUESTS, *_PARTS):
            raise ValueError(f"{kind} cannot be relayed like this")
        plain = [name for name in fields_of(kind) if name not in ("nonce", "deadline")]
        types = ",".join([fields_of(kind)[name] for name in plain] + ["uint256", "bytes"])
        # In full: `delegateBySig` of ERC-5805 is another function.
        function = f"{kind.lower()}BySig({types})"
        return function, [*(values[name] for name in plain), values["deadline"], signature]

    def _seat(self, taken: Acceptance) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """The invitation, and who takes its seat, as `accept` takes them."""
        values = self.message
        sponsors = list(zip(values["sponsors"], taken.words, strict=True))
        newcomer = self.signer, taken.claim, values["charterHash"], values["deadline"]
        return (values["key"], taken.deadline, sponsors), (*newcomer, self.signature)


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
    return _recovered(lambda: message.signable, signature)


def recover_text(text: str, signature: bytes) -> str | None:
    """The wallet that signed a text (EIP-191), in any form that wallets give; None if none did."""
    from eth_account.messages import encode_defunct

    return _recovered(lambda: encode_defunct(text=text), usual(signature))


def text_digest(text: str) -> bytes:
    """What is signed under a text (EIP-191)."""
    from eth_utils.crypto import keccak

    raw = text.encode()
    return bytes(keccak(b"\x19Ethereum Signed Message:\n" + str(len(raw)).encode() + raw))


def _recovered(signable: Callable[[], SignableMessage], signature: bytes) -> str | None:
    from eth_abi.exceptions import EncodingError
    from eth_account import Account
    from eth_keys.exceptions import BadSignature
    from eth_utils.exceptions import ValidationError

    if len(signature) != 65 or signature[64] not in (27, 28):  # what contracts take, and no other
        return None
    if int.from_bytes(signature[32:64]) > _HALF_ORDER:
        return None
    try:
        return str(Account.recover_message(signable(), signature=signature))
    except (BadSignature, EncodingError, ValidationError, ValueError):
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


def as_copied(text: str) -> bytes:
    """The bytes of a signature as people copy it: with or without `0x`, in quotes, over lines.

    Raises ValueError.
    """
    plain = re.sub(r"[\s\"'`“”‘’]", "", normalize(text))
    signature = bytes.fromhex(re.sub("^0[xX]", "", plain))
    if not signature:
        raise ValueError("no signature")
    return signature


def parse_signature(text: str) -> bytes:
    """A signature as people copy it, in the form that contracts take. Raises BadInputError."""
    return usual(copied_signature(text))


def copied_signature(text: str) -> bytes:
    """A signature as people copy it, as it is. Raises BadInputError."""
    try:
        return as_copied(text)
    except ValueError:
        raise BadInputError(
            "signature.not-hexadecimal",
            N_("--signature must be 0x and hexadecimal digits"),
            N_("got {text}…"),
            N_("Copy the whole signature from the wallet"),
            text=text[:20],
        ) from None


def usual(signature: bytes) -> bytes:
    """A signature of a wallet in the one form that contracts take; anything else as it is.

    Wallets also give the short form of ERC-2098, v of 0 or 1, and s in the upper half of its range:
    of each pair that the same key makes, contracts take the lower one (EIP-2).
    """
    if len(signature) == 64:
        signature = expand(signature[:32], signature[32:])
    if len(signature) != 65 or signature[64] not in (0, 1, 27, 28):
        return signature
    s, odd = int.from_bytes(signature[32:64]), signature[64] in (1, 28)
    if _HALF_ORDER < s < _ORDER:
        s, odd = _ORDER - s, not odd
    return signature[:32] + s.to_bytes(32) + bytes([27 + odd])


def fitted(message: Message, signer: str, signature: bytes) -> bytes:
    """A signature in the usual form if that is the signer's; as it is, for an account to judge."""
    form = usual(signature)
    return form if recover(message, form) == signer else signature


def accepted(signed: Signed, rpc: Rpc, who: str) -> Signed:
    """What the signer, shown as `who`, signed, in the form in which it is taken.

    Raises BadInputError if it is not theirs, or costs more gas to check than a batch gives.
    """
    for form in dict.fromkeys((signed.signature, usual(signed.signature))):
        made = replace(signed, signature=form)
        if made.is_of_signer:
            return made
        if not made.by_wallet and _is_taken_in_a_batch(made, rpc):
            return made
    from mikoshi.ballots.words import describe

    maker = recover(signed.message, usual(signed.signature))
    raise BadInputError(
        "signature.of-another",
        N_("The signature is not that of {who}"),
        [
            N_("it is that of {maker}, or of another text")
            if maker
            else N_("no wallet made it under this text"),
            N_("to be signed: {says}"),
        ],
        N_("Sign the file of --typed-data anew, and give the same options; nothing was written"),
        who=who,
        maker=short(maker) if maker else None,
        says=describe(signed.message, signed.draft),
    )


def is_taken_by_account(signed: Signed, rpc: Rpc) -> bool:
    """Whether the signer's account answers for it (ERC-1271); a wallet without code does not.

    An answer that is none, or has dirt behind it, says no here as it does on the chain.
    """
    return answers_for(rpc, signed.signer, signed.message.digest, signed.signature)


def answers_for(rpc: Rpc, account: str, digest: bytes, signature: bytes) -> bool:
    """Whether an account's code answers for a signature under a digest (ERC-1271)."""
    asked = Contract(rpc, account, _ERC1271)
    return bool(asked.ask("isValidSignature", digest, signature) == _MAGIC)


def _account(signed: Signed, rpc: Rpc) -> Contract:
    return Contract(rpc, signed.signer, _ERC1271)


def _question(signed: Signed) -> tuple[str, bytes, bytes]:
    return "isValidSignature", signed.message.digest, signed.signature


def _is_taken_in_a_batch(signed: Signed, rpc: Rpc) -> bool:
    """The same; raises BadInputError if it takes more gas than a ballot of a batch gets."""
    if not is_taken_by_account(signed, rpc):
        return False
    if signed.message.kind != "AccountBallot":
        return True
    data = _account(signed, rpc).data(*_question(signed))
    gas = ACCOUNT_CHECK_GAS + 21_000 + sum(16 if byte else 4 for byte in data)
    call = {"to": signed.signer, "data": f"0x{data.hex()}", "gas": hex(gas)}
    (answer,) = rpc.batch([("eth_call", (call, "latest"))])
    if isinstance(answer, RpcError):
        raise BadInputError(
            "signature.check-too-dear",
            N_("The ballot of {signer} could not be counted with others"),
            N_("its account takes more than {gas:,} gas to check a signature, all that it gets"),
            N_(
                "Give a --reason: such a ballot is counted alone, without that limit; or vote by a "
                "transaction of the account. Nothing was written"
            ),
            signer=short(signed.signer),
            gas=ACCOUNT_CHECK_GAS,
        )
    return True
