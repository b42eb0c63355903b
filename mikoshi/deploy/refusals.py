"""Why a deployment is refused before anything is sent."""

from __future__ import annotations

from pathlib import Path

from mikoshi.chain.contract import Contract
from mikoshi.chain.refusals import GAS_CAP
from mikoshi.chain.rpc import RpcError
from mikoshi.check.report import Difference
from mikoshi.core.dao import DEPLOYMENT_PROXY, Deployment
from mikoshi.core.manifest import Manifest
from mikoshi.text.errors import (
    BadInputError,
    ChainError,
    CheckFailedError,
    NotNowError,
    Plural,
)
from mikoshi.text.language import N_
from mikoshi.text.paths import shown
from mikoshi.words.reverts import said_of


def no_proxy(chain_id: int) -> ChainError:
    """The chain has no deployment proxy."""
    return ChainError(
        "chain.no-deployment-proxy",
        N_("Chain {chain_id} lacks the deployment proxy {proxy}"),
        N_(
            "the shared contracts get the same addresses on every chain through it; "
            "nearly every public network has it"
        ),
        N_(
            "Use a network that has it, or put it there as "
            "github.com/Arachnid/deterministic-deployment-proxy says; nothing was sent"
        ),
        chain_id=chain_id,
        proxy=DEPLOYMENT_PROXY,
    )


def other_code(deployment: Deployment) -> ChainError:
    """The chain is not an honest one."""
    return ChainError(
        "chain.other-code",
        N_("The chain has other code than {contract} at {address}"),
        N_("that address can only come from this very code on an honest chain"),
        N_("Name another node with --network"),
        contract=deployment.name,
        address=deployment.address,
    )


def refused(factory: Contract, error: RpcError, file: str, now: int) -> BadInputError:
    """The factory says no; `now` is the chain's time in Unix seconds."""
    revert = factory.interface.decode_revert(error.data)
    return BadInputError(
        "deploy.factory-refuses",
        N_("The factory would refuse this DAO"),
        "{reason}",
        N_("Correct {file} and run the command again; nothing was sent"),
        file=file,
        reason=said_of(revert, error.data, now),
    )


def too_large(gas: int) -> BadInputError:
    """The creation takes more gas than a transaction may."""
    return BadInputError(
        "deploy.creation-too-large",
        N_("The creation does not fit into one transaction"),
        N_("it takes about {gas:,} gas, and a transaction may use {most:,} (EIP-7825)"),
        N_("Name fewer first members or grants; nothing was sent"),
        gas=gas,
        most=GAS_CAP,
    )


def nobody_admits(count: int, file: str) -> BadInputError:
    """There are too many first members, and no steward."""
    return BadInputError(
        "deploy.nobody-admits",
        Plural(
            "{count} first member does not fit into the creation, and nobody could admit them",
            "{count} first members do not fit into the creation, and nobody could admit them",
            count,
        ),
        N_("the others are admitted by the steward, and {file} has none"),
        N_("Add [steward], or name fewer first members; nothing was sent"),
        count=count,
        file=file,
    )


def beyond_cap(count: int, cap: int) -> BadInputError:
    """The steward may not admit as many."""
    return BadInputError(
        "deploy.beyond-steward",
        Plural(
            "{count} member is to be admitted after the creation, and the steward may "
            "admit {cap} in 30 days",
            "{count} members are to be admitted after the creation, and the steward may "
            "admit {cap} in 30 days",
            count,
        ),
        N_("steward.members_per_epoch is the limit"),
        N_("Raise it, or name fewer first members; nothing was sent"),
        count=count,
        cap=cap,
    )


def twin_words(twin: Manifest) -> str:
    """That the chain has such a DAO already."""
    return twin_there(twin, "").what


def twin_there(twin: Manifest, command: str) -> NotNowError:
    """A second DAO would be made; `command` goes on with the first."""
    return NotNowError(
        "deploy.twin",
        N_(
            "This chain has a {name} with these members and this charter already, "
            "created in block {block:,}"
        ),
        N_("this would make a second one, and forget that at {treasury}"),
        N_(
            "Copy its record from whoever deployed it, or write it anew with "
            "`{command}`; --second makes a second one all the same; nothing was sent"
        ),
        name=twin.name,
        block=twin.block,
        treasury=twin.addresses["treasury"],
        command=command,
    )


def not_made_here(treasury: str, factory: str) -> ChainError:
    """The factory of this version has made no such DAO."""
    return ChainError(
        "adopt.unknown-treasury",
        N_("There is no DAO of this version at {treasury}"),
        N_("the factory {factory} announced none with this treasury"),
        N_("Name the treasury's address, and a node of the right chain that has all events"),
        treasury=treasury,
        factory=factory,
    )


def unreadable(treasury: str, transaction: str) -> ChainError:
    """The creation went through another contract."""
    return ChainError(
        "adopt.unreadable-creation",
        N_("The parameters of the DAO at {treasury} cannot be read"),
        N_("transaction {transaction} is no call of the factory"),
        N_("Copy the record from whoever deployed it"),
        treasury=treasury,
        transaction=transaction,
    )


def impostor(made: Manifest, differences: list[Difference]) -> CheckFailedError:
    """What stands at the addresses is not what the factory makes."""
    return CheckFailedError(
        "adopt.impostor",
        N_("The DAO at {treasury} is not as its factory makes it"),
        [each.words for each in differences],
        N_("Do not trust this DAO, or this node; try another with --network; nothing was written"),
        treasury=made.addresses["treasury"],
        differences=differences,
    )


def other_record(known: Manifest, path: Path) -> NotNowError:
    """There is a record, of another DAO."""
    return NotNowError(
        "adopt.other-record",
        N_("{path} is the record of another DAO"),
        N_("its treasury is {treasury}"),
        N_("Move it away first; nothing was written"),
        path=shown(path),
        treasury=known.addresses["treasury"],
    )
