"""The JSON documents of ERC-7572 (contract metadata) and ERC-4824 (daoURI).

Fields as in the standards' schemas of June 2024 (ERC-4824, Review) and April 2024 (ERC-7572,
Draft). What has no value is left out, as ERC-4824 asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mikoshi.context.proposed import Proposed, listed
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.logs import Log
from mikoshi.text.json import Json
from mikoshi.text.language import N_, _

_DAO_CONTEXT = "http://www.daostar.org/schemas"  # as the standard writes it here,
_CONTEXT = "https://www.daostar.org/schemas"  # and here
_BY_PROPOSER, _BY_VOTER = "ProposalCreated", "VoteCast"


@dataclass(frozen=True)
class MetadataSubject:
    """A DAO as its events tell it, at `time` in Unix seconds.

    `base` comes before the name of every file that is linked to: a URL that ends with a slash, or
    nothing for links that are relative to the file they stand in.
    """

    name: str
    symbol: str
    chain_id: int
    transferable: bool
    rebuilt: RebuiltDao
    time: int
    base: str = ""

    def account(self, address: str) -> str:
        """An address as CAIP-10 writes it."""
        return f"eip155:{self.chain_id}:{address}"

    def link(self, name: str) -> str:
        """The address of a file."""
        return self.base + name

    @property
    def proposals(self) -> list[Proposed]:
        """Every proposal, in the order in which they were made."""
        return listed(self.rebuilt)

    def proposal_id(self, governor: str, number: int) -> str:
        """The id of a proposal in the governor that took it, as ERC-4824 writes it."""
        return f"{self.account(governor)}?proposalId={number}"


def contract_document(subject: MetadataSubject, image: str) -> Json:
    """What `contractURI()` of the Membership would name; `image` is a file."""
    sold = N_(
        "Membership tickets of {name}, one a person. They can be sold; a bought seat is silent for"
        " a season."
    )
    kept = N_("Membership tickets of {name}, one a person. They cannot be sold.")
    return {
        "name": subject.name,
        "symbol": subject.symbol,
        "description": _(sold if subject.transferable else kept, name=subject.name),
        "image": subject.link(image),
    }


def dao_document(subject: MetadataSubject, description: str, links: Mapping[str, str]) -> Json:
    """What `daoURI()` would name; `links` lead to the other documents, by their fields."""
    told = {"description": description} if description else {}
    return {"@context": _DAO_CONTEXT, "type": "DAO", "name": subject.name, **told, **links}


def members_document(subject: MetadataSubject) -> Json:
    """Everyone who holds a ticket, by their wallets and nothing else, in the order of their ids."""
    people = sorted(subject.rebuilt.membership.members.values(), key=lambda person: person.id)
    members = [
        {"id": subject.account(person.wallet)} for person in people if person.standing.is_member
    ]
    return {"@context": _CONTEXT, "type": "DAO", "members": members}


def proposals_document(subject: MetadataSubject, texts: Sequence[str]) -> Json:
    """Every proposal with its calls; `texts` are the files of their descriptions."""
    entries = [
        _proposal(subject, each, text) for each, text in zip(subject.proposals, texts, strict=True)
    ]
    return {"@context": _CONTEXT, "proposals": entries}


def _proposal(subject: MetadataSubject, proposed: Proposed, text: str) -> Json:
    state = subject.rebuilt.governor.state(proposed.proposal, subject.time)
    entry: Json = {
        "type": "proposal",
        "id": subject.proposal_id(proposed.proposal.governor.address, proposed.id),
        "name": proposed.title,
        "contentURI": subject.link(text),
        "status": state.name.lower(),
    }
    calls = [
        {
            "type": "CallDataEVM",
            "operation": "call",
            "from": subject.rebuilt.dao.treasury_address,
            "to": step.target,
            "value": str(step.value),
            "data": f"0x{step.data.hex()}",
        }
        for step in proposed.steps
    ]
    return entry | ({"calls": calls} if calls else {})


def activities_document(subject: MetadataSubject) -> Json:
    """Every proposal and every ballot with its author, in the order of the chain."""
    return {"@context": _CONTEXT, "activities": list(_activities(subject))}


def _activities(subject: MetadataSubject) -> Iterator[Json]:
    for log in subject.rebuilt.logs.named(_BY_PROPOSER, _BY_VOTER):
        args = log.event.args
        author = {_BY_PROPOSER: "proposer", _BY_VOTER: "voter"}.get(log.event.name)
        if author is not None and log.event.address in subject.rebuilt.governors:
            proposal = subject.proposal_id(log.event.address, args["proposalId"])
            yield {
                "id": _activity_id(subject, log),
                "type": "activity",
                "proposal": {"type": "proposal", "id": proposal},
                "member": {"id": subject.account(args[author])},
            }


def _activity_id(subject: MetadataSubject, log: Log) -> str:
    """A log of the chain: unique, and the same whoever builds the file."""
    return f"eip155:{subject.chain_id}?transaction={log.transaction}&log={log.index}"


def contracts_document(subject: MetadataSubject, modules: Mapping[str, str]) -> Json:
    """The four parts, and the contracts that hold roles: `modules`, with what they may do."""
    dao = subject.rebuilt.dao
    parts = [
        (
            dao.treasury_address,
            "Treasury",
            _("Holds the assets, carries out votes, keeps the role book"),
        ),
        (
            dao.membership_address,
            "Membership",
            _("Tickets (ERC-721) and voice of the members"),
        ),
        (
            dao.token_address,
            "ContributionToken",
            _("Contribution token (ERC-20); carries no votes"),
        ),
        (dao.governor_address, "DAOGovernor", _("Proposals and ballots")),
        *((address, "Module", words) for address, words in modules.items()),
    ]
    entries = [
        {"id": subject.account(address), "name": name, "description": words}
        for address, name, words in parts
    ]
    return {"@context": _CONTEXT, "contracts": entries}
