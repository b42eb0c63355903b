"""Signatures under what members sign: made with a key here, or brought from a wallet elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

from mikoshi.ballots.messages import Message
from mikoshi.ballots.signed import Signed, expand, recover
from mikoshi.ballots.words import describe
from mikoshi.chain.abi import Interface
from mikoshi.chain.accounts import Account, NodeAccount
from mikoshi.chain.contract import Contract
from mikoshi.chain.rpc import Rpc
from mikoshi.text.errors import BadInputError
from mikoshi.text.files import write_atomically
from mikoshi.text.language import N_
from mikoshi.text.people import short

_MAGIC = bytes.fromhex("1626ba7e")
_DELEGATED_WALLET = bytes.fromhex("ef0100")  # EIP-7702: still a wallet with a key

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


def is_contract_account(rpc: Rpc, address: str) -> bool:
    """Whether an address answers for its signatures itself (ERC-1271), having no key."""
    code = rpc.code(address)
    return bool(code) and not code.startswith(_DELEGATED_WALLET)


def signature_by(account: Account, rpc: Rpc, message: Message) -> bytes:
    """The account's signature; its node is asked if it holds the key.

    Raises BadInputError, NotNowError, RpcError and UnreachableError.
    """
    if not isinstance(account, NodeAccount):
        account.unlock()
        return parse_signature(account.sign_message(message.signable).hex())
    made = rpc.call("eth_signTypedData_v4", account.address, message.typed_data())
    return parse_signature(str(made))


def parse_signature(text: str) -> bytes:
    """The bytes of a signature as wallets give it. Raises BadInputError.

    The short form of ERC-2098 and v of 0 or 1 are brought into the form that contracts take; what
    a contract account takes may have any length.
    """
    try:
        signature = bytes.fromhex(text.strip().removeprefix("0x"))
    except ValueError:
        signature = b""
    if not signature:
        raise BadInputError(
            "signature.not-hexadecimal",
            N_("--signature must be 0x and hexadecimal digits"),
            N_("got {text}…"),
            N_("Copy the whole signature from the wallet"),
            text=text[:20],
        )
    if len(signature) == 64:
        return expand(signature[:32], signature[32:])
    if len(signature) == 65 and signature[64] < 2:
        return signature[:64] + bytes([signature[64] + 27])
    return signature


def require_signed(signed: Signed, rpc: Rpc, who: str) -> None:
    """Make sure that the signer, shown as `who`, signed it. Raises BadInputError otherwise."""
    if signed.is_of_signer or _is_taken_by_account(signed, rpc):
        return
    maker = recover(signed.message, signed.signature)
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


def _is_taken_by_account(signed: Signed, rpc: Rpc) -> bool:
    if signed.by_wallet or not rpc.code(signed.signer):
        return False
    account = Contract(rpc, signed.signer, _ERC1271)
    answer = account.ask("isValidSignature", signed.message.digest, signed.signature)
    return bool(answer == _MAGIC)


def write_new(path: Path, entries: object) -> None:
    """Write JSON into a file that does not exist, whole or not at all.

    Raises BadInputError, and UnwrittenError where that is not possible.
    """
    require_new(path)
    write_atomically(path, json.dumps(entries, ensure_ascii=False, indent=2) + "\n")


def require_new(path: Path) -> None:
    """Raise BadInputError for a file that exists: a signature must not replace another unseen."""
    if path.exists():
        raise BadInputError(
            "ballot.exists",
            N_("{path} exists already"),
            N_("it may hold a ballot that is needed"),
            N_("Name another file with -o, or remove this one"),
            path=path,
        )
