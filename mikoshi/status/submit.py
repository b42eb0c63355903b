"""Making a proposal: what is signed, the questions before, the record, and once only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mikoshi.ballots.messages import Message, governor_message
from mikoshi.context.context import Context
from mikoshi.context.sending import (
    announced,
    carry_out,
    offer,
    place,
    place_json,
    say_done_before,
)
from mikoshi.proposals.composed import Composed
from mikoshi.proposals.later import later, later_json
from mikoshi.proposals.show import composed_json, show_composed, show_later
from mikoshi.replay.logs import Log
from mikoshi.simulate.failure import simulation_failed
from mikoshi.simulate.run import simulate
from mikoshi.status.proposal_status import ProposalStatus
from mikoshi.status.record import Record, Records
from mikoshi.status.submission import Submission, is_made, prepare, require_possible
from mikoshi.text.errors import ProblemError, Words
from mikoshi.text.json import entries_of
from mikoshi.text.language import _
from mikoshi.text.paths import shown
from mikoshi.text.units import DAY, format_time, format_when
from mikoshi.voting.signing_options import SigningOptions, write_signed_act
from mikoshi.words import heads, state_word

_EVENT = "ProposalCreated"
_USUAL_END = 7 * DAY  # for a signature that somebody else is to send


def propose(
    context: Context,
    composed: Composed,
    records: Records,
    signing: SigningOptions,
    name: str,
    *,
    force: bool,
) -> dict[str, Any]:
    """Show what a file means, rehearse it, and propose it or put it on paper; what programs get.

    `name` is the file's as it is typed; with `force` also where the rehearsal fails. What was
    proposed already is left alone. Raises NotNowError, BadInputError, ChainError, CheckFailedError
    and what the chain raises.
    """
    submission = prepare(context, composed, signing.wallet(context))
    result = composed_json(composed, context.book) | terms_json(context, submission)
    show_composed(context.session.out, composed, context.book)
    if submission.existing:
        return result | found(context, submission, records)
    person = require_possible(context, submission)
    full = context.session.command(f"proposal simulate {name}")
    result |= rehearse(context, submission, full, force=force)
    show_terms(context, submission)
    if not signing.wanted:
        return result | submit(context, submission, records)
    message = propose_message(context, submission, signing.until)
    command = context.session.command(f"proposal submit {name}")
    return result | write_signed_act(context, signing, message, person, command, submission.draft)


def show_terms(context: Context, submission: Submission) -> None:
    """Who proposes, who has to agree, and when: if it is made now."""
    status, now = submission.status, context.now
    made = status.proposal
    opens, closes = format_when(made.snapshot, now), format_time(made.deadline, now)
    rows = [
        (_("proposed by"), submission.shown),
        (
            _("needs"),
            _(
                "{needed} of {awake}, For and Abstain together, and more voice For than Against",
                needed=status.needed,
                awake=heads(submission.awake),
            ),
        ),
        (
            _("voting"),
            _("opens {opens}, closes {closes}", opens=opens, closes=closes),
        ),
    ]
    if not made.advisory:
        eta, end = format_time(made.eta, now), format_time(made.expiry, now)
        rows.append(
            (
                _("execution"),
                _("from {eta} until {end}", eta=eta, end=end),
            )
        )
    rows.append(("id", str(submission.draft.id)))
    context.session.out.table(("", ""), rows)
    show_later(context.session.out, _later(context, submission))


def terms_json(context: Context, submission: Submission) -> dict[str, Any]:
    """The same for programs; times in Unix seconds."""
    return {
        **entries_of(submission, "id=draft.id:str proposer description=draft.description"),
        "people": entries_of(submission, "needed=status.needed awake"),
        **entries_of(submission.status.proposal, "opens=snapshot closes=deadline eta expiry"),
        "later": later_json(_later(context, submission)),
    }


def _later(context: Context, submission: Submission) -> list[tuple[int, ProblemError]]:
    eta = submission.status.proposal.eta
    return later(submission.composed.steps, context.book, context.rebuilt, eta)


def rehearse(
    context: Context, submission: Submission, command: str, *, force: bool
) -> dict[str, Any]:
    """Simulate a proposal and say how that went; what programs get.

    `command` simulates it at length. Raises CheckFailedError where that fails, unless it is
    to be sent by `force`, and what `simulate` raises.
    """
    composed, out = submission.composed, context.session.out
    if not composed.binding:
        return {"simulation": None}
    sim = simulate(
        context.session.rpc, context.manifest, context.book, composed, rebuilt=context.rebuilt
    )
    out.say(_("simulated on a copy of the chain: {outcome}", outcome=sim.headline))
    for line in sim.summary[1:]:
        out.say(f"  {line}")
    for text in sim.of("warning"):
        out.warn(text)
    for text in sim.of("failure"):
        out.bad(text)
    if sim.failed and not force:
        hint = Words(
            "Correct the file; {command} shows all of it, and --force proposes it all "
            "the same. Nothing was sent",
            command=command,
        )
        raise simulation_failed(sim, hint)
    return {"simulation": sim.as_json()}


def submit(context: Context, submission: Submission, records: Records) -> dict[str, Any]:
    """Ask, send a proposal once and keep its record; what programs get.

    Raises NotNowError, BadInputError, ChainError and what the chain raises.
    """
    if not offer(context, submission.act, _("Sign and send?")):
        return {"sent": False, "number": None, "record": None} | place_json(None)
    number = submission.draft.id
    records.save(_record(submission, records))  # the bytes must outlive whatever happens now
    after, log, sent = carry_out(
        context, submission.act, number, _EVENT, lambda: is_made(context, number)
    )
    return {"sent": sent} | _keep(after, submission, records, log, sent)


def found(context: Context, submission: Submission, records: Records) -> dict[str, Any]:
    """Say that the very same proposal is there already, and complete its record."""
    log = announced(context, submission.draft.id, _EVENT)
    if log is None:
        raise AssertionError("what was proposed was announced")
    return {"sent": False} | _keep(context, submission, records, log, False)


def _record(submission: Submission, records: Records) -> Record:
    draft, source = submission.draft, submission.composed.source.name
    return records.find(draft.id) or Record(draft, submission.proposer, source)


def _keep(
    context: Context, submission: Submission, records: Records, log: Log, sent: bool
) -> dict[str, Any]:
    """Write down where on the chain it is, and say so."""
    record = _record(submission, records)
    path = records.save(replace(record, transaction=log.transaction, block=log.block))
    out, proposed = context.session.out, context.find(str(submission.draft.id))
    where, brief = place(log, context.now), proposed.brief
    if sent:
        out.good(_("proposed {proposal}{where}", proposal=brief, where=where))
    else:
        say_done_before(
            context,
            _("{proposal} is there already{where}; nothing was sent", proposal=brief, where=where),
            _("{proposal} is there already{where}", proposal=brief, where=where),
        )
    out.good(_("wrote {path}", path=shown(path)))
    status = ProposalStatus.of(proposed, context.rebuilt.governor, context.now)
    if not status.live:
        state = state_word(status.state)
        out.warn(
            _("it is {state} and stays so: another title or text makes a new proposal", state=state)
        )
    out.next_step("", context.session.command(f"status {proposed.number}"))
    return {"number": proposed.number, "record": str(path)} | place_json(log)


def propose_message(context: Context, submission: Submission, until: str | None) -> Message:
    """What the proposer signs, so that anybody may send it until the moment `until`.

    A week from now, unless said otherwise. Raises BadInputError.
    """
    return governor_message(
        "Propose",
        context.session.chain_id,
        context.dao.governor_address,
        proposalId=submission.draft.id,
        proposer=submission.proposer,
        deadline=context.end(until, context.now + _USUAL_END),
    )
