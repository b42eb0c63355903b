"""Another governor: from when on it can be installed, what ends with the one of today, its code."""

from __future__ import annotations

from collections.abc import Iterator

from mikoshi.context.address_book import AddressBook
from mikoshi.context.proposed import listed as proposed_in
from mikoshi.core.dao import PARTS, governor_codes, implementation
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.governor import ProposalState
from mikoshi.replay.treasury import INSTALLATION, NOTICE
from mikoshi.text.errors import ProblemError
from mikoshi.text.language import N_, listed
from mikoshi.text.units import format_time

_LIVE = (ProposalState.PENDING, ProposalState.ACTIVE, ProposalState.QUEUED)


def handover(book: AddressBook, rebuilt: RebuiltDao, to: str, time: int) -> Iterator[ProblemError]:
    """What follows where `to` is asked for at `time`, Unix seconds."""
    since = time + NOTICE
    governor = rebuilt.governor
    ends = [
        each.brief
        for each in proposed_in(rebuilt)
        if governor.state(each.proposal, book.now.time) in _LIVE and each.proposal.expiry >= since
    ]
    text = N_(
        "{to} can be installed with `ape run enforce governor` from {since} to {until}; until "
        "then a proposal with `withdraw governor` takes it back. What is not executed by then "
        "ends with the governor of today"
    )
    named = N_(
        "{to} can be installed with `ape run enforce governor` from {since} to {until}; until "
        "then a proposal with `withdraw governor` takes it back. What is not executed by then "
        "ends with the governor of today, as may {proposals}"
    )
    yield ProblemError(
        "later.governor",
        named if ends else text,
        to=book.show(to),
        since=format_time(since, time),
        until=format_time(since + INSTALLATION, time),
        proposals=listed(ends),
    )
    if _is_foreign(book, to):
        yield ProblemError(
            "later.foreign-governor",
            N_(
                "the code of {to} is not this kit's: it may do what it likes with the "
                "treasury, and what is proposed there cannot be read, voted on or executed "
                "with these commands"
            ),
            to=book.show(to),
        )


def _is_foreign(book: AddressBook, governor: str) -> bool:
    """Whether there is other code than a governor of this DAO has; a later call may make it."""
    dao = book.dao
    base = book.ask(dao.membership, "voiceParams")["base"]
    made_of = (
        implementation("DAOGovernor", dao.contracts),
        book.ask(book.factory_contract, "implementations")[PARTS.index("DAOGovernor")],
    )
    known = governor_codes(dao.membership_address, base, dao.treasury_address, *made_of)
    return book.rpc.code(governor) not in (b"", *known)
