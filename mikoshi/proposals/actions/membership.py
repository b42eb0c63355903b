"""Who is a member, and under which charter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from eth_utils.crypto import keccak
from typing_extensions import override

from mikoshi.ballots.proposal import TreasuryCall
from mikoshi.config.kinds import Label, ValueProblemError
from mikoshi.config.words import Hash, Text, YesNo
from mikoshi.context.address_book import AddressBook
from mikoshi.proposals.action import Action, FieldError, ListOf, Whom, arguments, resolve, step
from mikoshi.text.files import reason_of
from mikoshi.text.language import N_, _, listed

_NEWCOMER = bytes(32)


class Admit(Action):
    """Admits people, who thereby accept the charter; newcomers accept it when they first wake."""

    verb = "admit"
    about = Label("Admit members")
    example = 'people = ["0x…"]'

    people: Annotated[list[str], ListOf(Whom()), Label("Their wallets")]
    newcomers: Annotated[
        bool,
        YesNo(),
        Label("Silent until the season is over"),
    ] = False

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        membership = book.dao.membership
        wallets = [
            resolve(book.address, f"people[{number}]", each)
            for number, each in enumerate(self.people, 1)
        ]
        charter = _NEWCOMER if self.newcomers else book.ask(membership, "charterHash")
        if len(wallets) == 1:
            return [step(membership, "admit", wallets[0], charter)]
        return [step(membership, "admitMany", wallets, charter)]

    @override
    def words(self, book: AddressBook) -> str:
        who = listed(book.show(book.address(each)) for each in self.people)
        if self.newcomers:
            return _("admit {who} as newcomers", who=who)
        return _("admit {who}", who=who)

    @classmethod
    @override
    def read(cls, found: TreasuryCall, book: AddressBook) -> Self | None:
        membership = book.dao.membership
        one, many = (arguments(found, membership, name) for name in ("admit", "admitMany"))
        if one is None and many is None:
            return None
        wallets, charter = ([one[0]], one[1]) if one else many or ((), b"")
        if not wallets:
            return None
        return cls(people=[book.reference(each) for each in wallets], newcomers=not any(charter))


class Bar(Action):
    """Removes a member, who can come back by a vote alone."""

    verb = "bar"
    about = Label("Remove a member")
    example = 'who = "#9"'

    who: Annotated[str, Whom(member=True), Label("The member")]

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        return [step(book.dao.membership, "bar", resolve(book.member_id, "who", self.who))]

    @override
    def words(self, book: AddressBook) -> str:
        who = book.show_member(book.member_id(self.who))
        return _("remove {who}; only a vote lets them back in", who=who)

    @classmethod
    @override
    def read(cls, found: TreasuryCall, book: AddressBook) -> Self | None:
        args = arguments(found, book.dao.membership, "bar")
        return cls(who=f"#{args[0]}") if args else None


class WithdrawBar(Action):
    """Takes back a removal that waits."""

    verb = "withdraw bar"
    about = Label("Take back a removal that waits")
    example = 'who = "#9"'

    who: Annotated[str, Whom(member=True), Label("The member")]

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        return [step(book.dao.membership, "withdrawBar", resolve(book.member_id, "who", self.who))]

    @override
    def words(self, book: AddressBook) -> str:
        who = book.show_member(book.member_id(self.who))
        return _("do not remove {who}: take back what waits", who=who)

    @classmethod
    @override
    def read(cls, found: TreasuryCall, book: AddressBook) -> Self | None:
        args = arguments(found, book.dao.membership, "withdrawBar")
        return cls(who=f"#{args[0]}") if args else None


class SetCharter(Action):
    """Puts another charter in force."""

    verb = "set charter"
    about = Label("Change the charter")
    example = 'file = "{charter}"\nuri = "https://…"'

    file: Annotated[
        str,
        Text(0, 4_096),
        Label("File with the text"),
    ] = ""
    hash: Annotated[bytes, Hash(), Label("Its hash, if there is no file")] = b""
    uri: Annotated[str, Text(0, 2_048), Label("Where to read it")] = ""

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        if "…" in self.uri:
            unfinished = ValueProblemError(
                "uri.unfinished", N_("must be a whole address, got {got}"), got=self.uri
            )
            raise FieldError("uri", unfinished)
        return [step(book.dao.membership, "setCharter", self.hash, self.uri)]

    @override
    def beside(self, folder: Path) -> Self:
        if bool(self.file) == bool(self.hash):
            wrong = ValueProblemError("charter.file-or-hash", N_("or hash is needed, not both"))
            raise FieldError("file", wrong)
        if self.hash:
            return self
        try:
            digest = keccak((folder / self.file).read_bytes())
        except OSError as error:
            unreadable = ValueProblemError(
                "charter.unreadable",
                N_("cannot be read: {file} ({reason})"),
                file=folder / self.file,
                reason=reason_of(error),
            )
            raise FieldError("file", unreadable) from error
        return self.model_copy(update={"file": "", "hash": digest})

    @override
    def words(self, book: AddressBook) -> str:
        digest = f"0x{self.hash.hex()}"
        text = N_("put the charter {charter} in force")
        at = N_("put the charter {charter} in force, to be read at {uri}")
        return _(at if self.uri else text, charter=digest, uri=self.uri)

    @classmethod
    @override
    def read(cls, found: TreasuryCall, book: AddressBook) -> Self | None:
        args = arguments(found, book.dao.membership, "setCharter")
        if args is None or not any(args[0]):
            return None
        return cls.of(hash=f"0x{args[0].hex()}", uri=args[1])


ACTIONS: tuple[type[Action], ...] = (Admit, Bar, WithdrawBar, SetCharter)
