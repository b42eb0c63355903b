"""What can be said of signed acts before they are tried: refused, done already, or ready."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from mikoshi.ballots.messages import BALLOTS, REQUESTS
from mikoshi.ballots.signed import Signed, is_taken_by_account
from mikoshi.ballots.validate import expired, misdirected, problems
from mikoshi.ballots.words import support_word
from mikoshi.context.modules import modules_of
from mikoshi.context.sending import announced
from mikoshi.core.modules import MODULES
from mikoshi.replay.governor import ProposalState
from mikoshi.replay.member import Standing
from mikoshi.text.errors import ProblemError
from mikoshi.text.language import N_, _
from mikoshi.text.people import ZERO_ADDRESS, show
from mikoshi.text.units import format_time
from mikoshi.voting.act_numbers import in_order
from mikoshi.voting.choice import closed
from mikoshi.voting.power import Powers
from mikoshi.voting.seat_files import validate_word
from mikoshi.voting.signed_file import BALLOT_KINDS, Fate, SignedFile
from mikoshi.words import state_words

if TYPE_CHECKING:
    from mikoshi.chain.contract import Contract
    from mikoshi.context.context import Context
    from mikoshi.context.proposed import Proposed

_AFTERWARDS = {
    "Wake": (Standing.ACTIVE,),
    "Rejoin": (Standing.NEWCOMER,),
    "Rest": (Standing.DORMANT,),
    "Exit": (Standing.EXITED,),
}
"""Where the signer of an act stands once it was taken."""


class Validator:
    """Validates by the DAO as it is now; `powers` say why somebody has no voice."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.powers = Powers(context.rebuilt, context.names, context.now)
        self.proposals = {each.id: each for each in context.proposed}
        self._first: dict[tuple[str, int | bytes], SignedFile] = {}

    def validate(self, signed_files: Sequence[SignedFile]) -> None:
        """Refuse what cannot be taken, and find what is done already."""
        for signed_file in signed_files:
            if signed_file.fate is Fate.READY:
                self._validate(signed_file, signed_file.content)
            elif signed_file.signed is not None:
                self._name_place(signed_file, signed_file.signed)
        others = [each for each in signed_files if not _of_a_seat(each)]
        in_order(others, self._spent, self._holds)

    def home(self, signed: Signed) -> Contract:
        """The contract that takes it."""
        dao, message = self.context.dao, signed.message
        if message.home == "invitations":
            clones = {each.address: each for each in self._invitations}
            nowhere = MODULES[message.home].at(self.context.session.rpc, ZERO_ADDRESS)
            return clones.get(message.contract) or next(iter(clones.values()), nowhere)
        if message.home == "succession":
            return dao.succession
        if message.home != "governor":
            return dao.membership
        voted = signed.message.kind in BALLOT_KINDS
        proposed = self.proposals.get(signed.message["proposalId"]) if voted else None
        return self.context.governor_of(proposed) if proposed else dao.governor

    @cached_property
    def _invitations(self) -> list[Contract]:
        return modules_of(self.context, "invitations")

    def no_voice(self, signed: Signed) -> ProblemError | None:
        """Why a ballot has no voice; None if the events do not tell."""
        proposed = self.proposals.get(signed.message["proposalId"])
        person = self.context.rebuilt.membership.member_at(signed.signer)
        if proposed is None or person is None:
            return None
        return self.powers.on(proposed.proposal, person.id).silence

    def _name_place(self, signed_file: SignedFile, signed: Signed) -> None:
        """What a file that lies was signed for, if that is not here, says more than its words."""
        chain_id, home = self.context.session.chain_id, self.home(signed).address
        if elsewhere := list(misdirected(signed.message, chain_id, home)):
            signed_file.refuse(*elsewhere)

    def _validate(self, signed_file: SignedFile, signed: Signed) -> None:
        rpc, wallet = self.context.session.rpc, signed.signer
        person = self.context.rebuilt.membership.member_at(wallet)
        signed_file.who = show(
            wallet, person.id if person else None, self.context.names.get(wallet, "")
        )
        against = problems(
            signed,
            now=None,
            chain_id=self.context.session.chain_id,
            contract=self.home(signed).address,
            by_account=not signed.is_of_signer
            and signed.message.kind not in BALLOTS  # those are asked for as they are counted
            and is_taken_by_account(signed, rpc),
        )
        if against:
            signed_file.refuse(*against)
        elif signed.message.kind in BALLOT_KINDS:
            self._validate_ballot(signed_file, signed)
        elif _of_a_seat(signed_file):
            validate_word(self.context, signed_file)
            if signed_file.fate is Fate.READY and signed.message.kind not in REQUESTS:
                self._once(signed_file, signed, signed.message.digest)
        elif signed.message.kind == "Propose":
            self._validate_proposal(signed_file, signed)
        elif signed.message.kind == "Cancel":
            self._validate_cancel(signed_file, signed)
        elif signed.message.kind in ("Join", "Revoke") and self._holds(signed):
            signed_file.found_done(_("it is so already"))
        if signed_file.fate is Fate.READY:
            self._validate_time(signed_file, signed)

    def _validate_time(self, signed_file: SignedFile, signed: Signed) -> None:
        """What came too late is refused, unless it was done in time."""
        late = list(expired(signed.message, self.context.now))
        if late and self._holds(signed):
            signed_file.found_done(_("it is so already"))
        elif late:
            signed_file.refuse(late[0])

    def _validate_ballot(self, signed_file: SignedFile, signed: Signed) -> None:
        proposed = self.proposals.get(signed.message["proposalId"])
        person = self.context.rebuilt.membership.member_at(signed.signer)
        if proposed is None:
            signed_file.refuse(
                ProblemError(
                    "ballot.on-the-unknown", N_("on a proposal that this DAO does not have")
                )
            )
        elif person is None:
            signed_file.refuse(
                ProblemError("ballot.by-a-stranger", N_("the signer is not a member of this DAO"))
            )
        elif person.id in proposed.proposal.ballots:
            self._compare(signed_file, signed, proposed, person.id)
        elif problem := closed(self.context.rebuilt, proposed, self.context.now):
            signed_file.refuse(problem)
        elif signed.message.kind in BALLOTS and signed.member != person.id:
            signed_file.refuse(
                ProblemError(
                    "ballot.of-another-member",
                    N_("it names member #{member}, and the signer is #{signer}"),
                    member=signed.member,
                    signer=person.id,
                )
            )

    def _compare(
        self, signed_file: SignedFile, signed: Signed, proposed: Proposed, number: int
    ) -> None:
        """A ballot of somebody who has voted: the same vote is done, another one too late."""
        cast = proposed.proposal.ballots[number]
        support, moment = support_word(cast.support), format_time(cast.time, self.context.now)
        if cast.support == signed.message["support"]:
            signed_file.found_done(_("counted on {moment}", moment=moment))
        else:
            signed_file.refuse(
                ProblemError(
                    "ballot.other-than-cast",
                    N_("already voted {support} on {moment}; a vote is final"),
                    support=support,
                    moment=moment,
                )
            )

    def _validate_proposal(self, signed_file: SignedFile, signed: Signed) -> None:
        made = self.proposals.get(signed.message["proposalId"])
        if made is not None and made.proposal.governor is self.context.rebuilt.governor:
            signed_file.found_done(_("proposed as {brief}", brief=made.brief))
        elif signed.draft is None:
            signed_file.refuse(
                ProblemError("ballot.without-text", N_("the file lacks the proposal's text"))
            )
        else:
            self._once(signed_file, signed, signed.message["proposalId"])

    def _validate_cancel(self, signed_file: SignedFile, signed: Signed) -> None:
        rebuilt, now = self.context.rebuilt, self.context.now
        made = self.proposals.get(signed.message["proposalId"])
        if made is None:
            signed_file.refuse(
                ProblemError(
                    "ballot.cancels-the-unknown", N_("of a proposal that this DAO does not have")
                )
            )
            return
        person = rebuilt.membership.member_at(signed.signer)
        state = rebuilt.governor.state(made.proposal, now)
        if log := announced(self.context, made.id, "ProposalCanceled"):
            moment = format_time(log.time, now)
            signed_file.found_done(_("cancelled on {moment}", moment=moment))
        elif person is None or person.id != made.proposal.proposer:
            proposer = self.context.book.show_member(made.proposal.proposer)
            signed_file.refuse(
                ProblemError(
                    "ballot.cancels-anothers",
                    N_("the signer did not propose {proposal}: {proposer} did"),
                    proposal=made.brief,
                    proposer=proposer,
                )
            )
        elif state != ProposalState.PENDING:
            signed_file.refuse(
                ProblemError(
                    "ballot.cancels-too-late",
                    N_("its proposer can cancel {proposal} only before voting opens; now {state}"),
                    proposal=made.brief,
                    state=state_words(state),
                )
            )
        else:
            self._once(signed_file, signed, signed.message["proposalId"])

    def _once(self, signed_file: SignedFile, signed: Signed, what: int | bytes) -> None:
        """`what` is proposed, cancelled or said of a seat once, however many files say so."""
        key = signed.message.kind, what
        first = self._first.setdefault(key, signed_file)
        if first is not signed_file:
            signed_file.found_done(_("the same as {name}", name=first.name))

    def _holds(self, signed: Signed) -> bool:
        """Whether what somebody signed for is the case."""
        membership, message = self.context.rebuilt.membership, signed.message
        if message.kind == "Join":
            return bool(self.home(signed).call("isUsed", message["key"])) and self._is_in(signed)
        if message.kind == "Revoke":
            return bool(self.home(signed).call("isRevoked", message["key"], message["account"]))
        person = membership.member_at(signed.signer)
        if person is None:
            return False
        if message.kind == "Delegate":
            to = membership.member_at(message["delegatee"]) or person  # zero: to oneself
            return person.delegate == to.id
        return person.standing in _AFTERWARDS.get(message.kind, ())

    def _is_in(self, signed: Signed) -> bool:
        person = self.context.rebuilt.membership.member_at(signed.signer)
        return person is not None and person.standing.is_member

    def _spent(self, signed: Signed) -> int:
        """How many of the signer's acts the contract that takes it has taken."""
        return int(self.home(signed).call("nonces", signed.signer))


def _of_a_seat(signed_file: SignedFile) -> bool:
    """Whether it is a word on a seat; those have numbers of their own."""
    return signed_file.signed is not None and signed_file.signed.message.home == "succession"
