"""People to play with: wallets that the node signs for, with names; and ETH for anybody."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mikoshi.chain.accounts import find_account
from mikoshi.chain.node import DevRpc
from mikoshi.cli.session import Session
from mikoshi.context.context import require_presence
from mikoshi.core.manifest import Manifest
from mikoshi.init.founders import SAMPLE_NAMES, Founders, sample
from mikoshi.play.own.node import CHAIN_ID
from mikoshi.text.errors import BadInputError
from mikoshi.text.files import write_atomically
from mikoshi.text.language import N_
from mikoshi.text.paths import dao_toml
from mikoshi.text.people import Person

TREASURY = "treasury"
"""What the DAO's own money is called."""


def write_people(path: Path, people: Sequence[Person]) -> None:
    """Write people into a members' file. Raises BadInputError if another is there already."""
    text = Founders(tuple(people)).as_csv
    if path.exists() and path.read_bytes() != text.encode():
        raise BadInputError(
            "play.people-exist",
            N_("{path} is there already, with other people"),
            N_("nothing is overwritten by accident"),
            N_("Choose another name with -o; nothing was changed"),
            path=path,
        )
    write_atomically(path, text)


def fund(rpc: DevRpc, wallet: str, wei: int) -> int:
    """Give a wallet so much more; what it has then, in wei."""
    balance = rpc.balance(wallet) + wei
    rpc.fund(wallet, wei=balance)
    return balance


def wallet_of(session: Session, name: str, rpc: DevRpc) -> str:
    """Whose wallet is meant: a member by name, an account of Ape, an address, or the treasury.

    Raises BadInputError, and ChainError for the treasury of a DAO that is not on the node.
    """
    if name == TREASURY:
        manifest = Manifest.load(Manifest.path(CHAIN_ID, session.config.slug))
        require_presence(rpc, manifest, Manifest.path(CHAIN_ID, session.config.slug))
        return manifest.addresses[TREASURY]
    there = dao_toml(session.options.config).exists()

    def named(text: str) -> str:
        return (session.config.wallet_of(text) if there else "") or playing.get(text, "")

    playing = {each.name: each.wallet for each in sample(len(SAMPLE_NAMES))}
    return find_account(name, rpc, local=True, named=named).address
