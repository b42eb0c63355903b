"""Admitting the people of a file: those who are missing, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.chain.contract import Snapshot
from mikoshi.chain.rpc import Rpc
from mikoshi.chain.sender import Sender
from mikoshi.config.danger import public_among
from mikoshi.core.dao import Dao
from mikoshi.replay.logs import stream_logs
from mikoshi.replay.member import Standing
from mikoshi.text.errors import BadInputError, Plural
from mikoshi.text.language import N_, _, listed
from mikoshi.text.people import Person, short, show

BATCH = 100
"""Members in a transaction: about 7 million gas of the 16.7 million that EIP-7825 allows."""

_EVENT = "MemberAdmitted(uint256,address,uint8,bytes32)"

MEMBER_GAS, CALL_GAS = 70_000, 90_000
"""Gas of an admission, about: for each member, and for each transaction."""


@dataclass
class Admission:
    """What is to be done for the people of a file.

    As of `block`. `missing` are admitted; `present` hold a ticket already, by their ids; `left`
    went by their own will and come back by it; `barred` were removed by a vote, which alone lets
    them back in.
    """

    missing: list[Person] = field(default_factory=list)
    present: list[tuple[Person, int]] = field(default_factory=list)
    left: list[tuple[Person, int]] = field(default_factory=list)
    barred: list[tuple[Person, int]] = field(default_factory=list)
    block: int = 0

    @property
    def gas(self) -> int:
        """Gas of all transactions, about."""
        return MEMBER_GAS * len(self.missing) + CALL_GAS * self.transactions

    def as_json(self) -> dict[str, Any]:
        """The plan for programs: wallets, and ids of those who have one."""
        groups = {"present": self.present, "left": self.left, "barred": self.barred}
        ids = {
            name: [{"wallet": person.wallet, "id": number} for person, number in group]
            for name, group in groups.items()
        }
        return {"missing": [person.wallet for person in self.missing]} | ids | {"gas": self.gas}

    @property
    def transactions(self) -> int:
        """How many transactions it takes."""
        return -(-len(self.missing) // BATCH)


def refuse_public_keys(people: Iterable[Person], file: str) -> None:
    """Raise BadInputError if anybody can sign for somebody in `file`."""
    public = public_among(person.wallet for person in people)
    if not public:
        return
    count, shown = len(public), listed(map(short, public[:5]))
    raise BadInputError(
        "members.public-keys",
        Plural(
            "{file}: the keys of {count} wallet are public",
            "{file}: the keys of {count} wallets are public",
            count,
        ),
        N_("{shown}: from the sample or a test node; anybody could vote as these people"),
        N_(
            "Put in the wallets of your own members; in a rehearsal, accept "
            '"public-keys" under [danger] of dao.toml. Nothing was sent'
        ),
        file=file,
        count=count,
        shown=_("{shown} and others", shown=shown) if count > 5 else shown,
        wallets=public,
    )


def plan_admission(
    rpc: Rpc, dao: Dao, people: Iterable[Person], readmit: bool = False
) -> Admission:
    """Who of `people` is missing.

    With `readmit` those who left are admitted again, where tickets can be sold; elsewhere only a
    vote admits them, and they come back by themselves. Raises BadInputError for an address that
    can never be a member.
    """
    asked = list(people)
    parts = {dao.treasury_address, dao.membership_address, *dao.governors}
    for person in asked:
        if person.wallet in parts:
            raise _a_part(person)
    snapshot = Snapshot(rpc)
    plan = Admission(block=snapshot.number)
    (sold,) = snapshot.ask([(dao.membership, "transferable", ())])
    for person, number, standing in _standings(snapshot, dao, asked):
        if standing.is_member:
            plan.present.append((person, number))
        elif standing == Standing.BARRED:
            plan.barred.append((person, number))
        elif standing != Standing.NONE and not (readmit and sold):
            plan.left.append((person, number))
        else:
            plan.missing.append(person)
    return plan


@dataclass
class Admitted:
    """What became of those who were missing.

    `people` were admitted by `transactions`; `others` by somebody else meanwhile, each with who
    that was, or the transaction. `waiting` are not members yet, and will be once what others have
    sent is mined.
    """

    people: list[Person] = field(default_factory=list)
    transactions: list[str] = field(default_factory=list)
    others: list[tuple[Person, str]] = field(default_factory=list)
    waiting: list[Person] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The same for programs, by wallets."""
        return {
            "admitted": [each.wallet for each in self.people],
            "admitted_by_others": [
                {"wallet": person.wallet, "by": sender} for person, sender in self.others
            ],
            "waiting": [each.wallet for each in self.waiting],
            "transactions": self.transactions,
        }


def admit(
    sender: Sender,
    dao: Dao,
    people: Sequence[Person],
    charter: bytes,
    done: Callable[[int], None] = lambda _: None,
    since: int = 0,
) -> Admitted:
    """Admit `people`, who accept `charter` (zero bytes: who do so when they wake).

    Whoever has been admitted in the meantime, or is by what waits to be mined, is left out here and
    passed over by the contract, so it can be called again after any failure. Who was barred is left
    out too: the contract refuses a whole list for one of them. `done` is told the size of each
    batch; `since` is the block in which they were missing.
    """
    sender.settle()  # a transaction of an earlier run may be on its way
    told = Admitted()
    for batch in _batches(people):
        sender.pin()
        wallets = [person.wallet for person in _still_missing(sender.rpc, dao, batch)]
        if wallets:
            receipt = dao.membership.send("admitMany", wallets, charter, sender=sender.address)
            told.transactions.append(receipt.transaction)
            came = {e.args["wallet"] for e in receipt.events if e.name == "MemberAdmitted"}
            told.people += [person for person in batch if person.wallet in came]
        done(len(batch))
    came = {each.wallet for each in told.people}
    late = [each for each in people if each.wallet not in came]
    if late:
        _tell_late(told, late, sender.rpc, dao, since)
    return told


def _tell_late(told: Admitted, late: Sequence[Person], rpc: Rpc, dao: Dao, since: int) -> None:
    """Who admitted those whom we did not have to."""
    known = {dao.membership_address: dao.membership.interface}
    topics = [f"0x{keccak(text=_EVENT).hex()}"]
    admitted = {
        log.event.args["wallet"]: log.transaction
        for log in stream_logs(rpc, known, since, rpc.block_number(), topics)
    }
    senders: dict[str, str] = {}
    for person, __, standing in _standings(Snapshot(rpc), dao, late):
        if person.wallet in admitted:
            transaction = admitted[person.wallet]
            if transaction not in senders:
                sent = rpc.call("eth_getTransactionByHash", transaction)
                who = to_checksum_address(sent["from"]) if sent else transaction
                senders[transaction] = who
            told.others.append((person, senders[transaction]))
        elif standing != Standing.BARRED:
            told.waiting.append(person)


def _batches(people: Sequence[Person]) -> Iterator[Sequence[Person]]:
    for first in range(0, len(people), BATCH):
        yield people[first : first + BATCH]


def _still_missing(rpc: Rpc, dao: Dao, people: Sequence[Person]) -> list[Person]:
    return [
        person
        for person, __, standing in _standings(Snapshot(rpc, behind=True), dao, people)
        if not standing.is_member and standing != Standing.BARRED
    ]


def _standings(
    snapshot: Snapshot, dao: Dao, people: Sequence[Person]
) -> Iterator[tuple[Person, int, Standing]]:
    """Each of them with their member id, 0 for none, and where they stand."""
    ids = snapshot.ask((dao.membership, "memberIdOf", (each.wallet,)) for each in people)
    membership = dao.membership_address
    standings = snapshot.ask((dao.lens, "standingOf", (membership, number)) for number in ids)
    return zip(people, ids, map(Standing, standings), strict=True)


def _a_part(person: Person) -> BadInputError:
    who = show(person.wallet, name=person.name)
    return BadInputError(
        "members.part-of-the-dao",
        N_("{who} cannot be a member"),
        N_("it is a part of the DAO itself"),
        N_("Take it out of the file; nothing was sent"),
        who=who,
    )
