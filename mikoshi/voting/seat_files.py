"""Signed words on seats among what is relayed: judged one by one, and gathered into requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mikoshi.ballots.messages import REQUESTS
from mikoshi.succession.gathering import INHERIT, RECOVER, Gathering, by_heir, requests_in
from mikoshi.succession.judging import done_by, problem_of
from mikoshi.text.errors import Plural, ProblemError, Words
from mikoshi.text.language import N_, _
from mikoshi.text.units import format_when
from mikoshi.voting.signed_file import Fate, SignedFile

if TYPE_CHECKING:
    from mikoshi.context.context import Context


def validate_word(context: Context, signed_file: SignedFile) -> None:
    """Refuse a word that cannot be taken, or find that what it asks for is done."""
    rebuilt, now, signed = context.rebuilt, context.now, signed_file.content
    if note := done_by(rebuilt, signed.message, now):
        signed_file.found_done(note)
    elif problem := problem_of(rebuilt, signed, now):
        signed_file.refuse(problem)


def requests_of(
    context: Context, signed_files: Sequence[SignedFile]
) -> Iterator[tuple[Gathering, list[SignedFile]]]:
    """Each complete request, with its files; those of others are refused."""
    ready = [
        each
        for each in signed_files
        if each.fate is Fate.READY and each.content.message.kind in REQUESTS
    ]
    files = {id(each.content): each for each in ready}
    for (request, _contract), words in requests_in(each.content for each in ready).items():
        found = Gathering.of(context.rebuilt, request, by_heir=False)
        found.by_heir = by_heir(words, found.plan)
        used = []
        for signed in words:
            signed_file = files[id(signed)]
            if signed.message.kind == (RECOVER if found.by_heir else INHERIT):
                signed_file.found_done(_("not needed: others ask for the same"))
            elif before := found.add(signed):
                signed_file.found_done(_("the same as {name}", name=files[id(before)].name))
            else:
                used.append(signed_file)
        if found.complete:
            yield found, used
        else:
            for signed_file in used:
                signed_file.refuse(incomplete(context, found))


def incomplete(context: Context, found: Gathering) -> ProblemError:
    """Whose words a request still lacks."""
    lacking: list[Words] = []
    if found.by_heir and found.asking is None:
        lacking.append(Words("the heir's word"))
    if found.lacking:
        lacking.append(
            Plural(
                "{count} guardian's word",
                "{count} guardians' words",
                found.lacking,
                count=found.lacking,
            )
        )
    if found.taking is None:
        lacking.append(Words("the word of the new wallet"))
    return ProblemError(
        "seat.incomplete",
        N_(
            "the request for the seat of #{member} is not complete: {lacking}; put all its lines "
            "together, {until}"
        ),
        member=found.person.id,
        lacking=lacking,
        until=_("until {moment}", moment=format_when(found.request.deadline, context.now)),
    )
