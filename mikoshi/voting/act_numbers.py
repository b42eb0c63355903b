"""The order of signed acts: the acts of a signer are numbered, and each number is taken once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from mikoshi.ballots.signed import Signed
from mikoshi.text.errors import ProblemError
from mikoshi.text.language import N_, _
from mikoshi.voting.signed_file import Fate, SignedFile

MOST = 20
"""Acts of one signer that one run pays for: whoever has nothing to pay may sign without end."""


def in_order(
    signed_files: Sequence[SignedFile],
    spent: Callable[[Signed], int],
    holds: Callable[[Signed], bool],
) -> None:
    """Refuse numbered acts that are not their signer's next, and find what is done already.

    `spent` says how many of a signer's acts the contract has taken, and `holds` whether what was
    signed for is the case.
    """
    acts: dict[tuple[str, str], list[tuple[int, SignedFile]]] = defaultdict(list)
    for signed_file in signed_files:
        if signed_file.fate is Fate.READY and "nonce" in signed_file.content.message.values:
            signed = signed_file.content
            key = (signed.message.contract, signed.signer)
            acts[key].append((signed.message["nonce"], signed_file))
    for numbered in acts.values():
        first = spent(numbered[0][1].content)
        taken: dict[int, SignedFile] = {}
        for nonce, signed_file in sorted(numbered, key=lambda each: each[0]):
            following = first + len(taken)
            if nonce < first:
                _used(signed_file, nonce, done=holds(signed_file.content))
            elif nonce < following:
                _same_number(signed_file, taken[nonce], nonce)
            elif len(taken) == MOST:
                signed_file.refuse(
                    ProblemError(
                        "ballot.too-many-acts",
                        N_("it is one of more than {most} acts of its signer; run again for more"),
                        most=MOST,
                    )
                )
            elif nonce > following:
                signed_file.refuse(
                    ProblemError(
                        "ballot.out-of-order",
                        N_("it is no. {nonce} of its signer's acts, and no. {next} comes first"),
                        nonce=nonce,
                        next=following,
                    )
                )
            else:
                taken[nonce] = signed_file


def _used(signed_file: SignedFile, nonce: int, *, done: bool) -> None:
    """An act whose number was used: by itself if what it wanted is `done`."""
    if done:
        signed_file.found_done(_("it is so already"))
    else:
        signed_file.refuse(
            ProblemError(
                "ballot.number-used",
                N_("no. {nonce} of its signer's acts was used: by another one, or it was undone"),
                nonce=nonce,
            )
        )


def _same_number(signed_file: SignedFile, first: SignedFile, nonce: int) -> None:
    if signed_file.content.message == first.content.message:
        repeats(signed_file, first)
    else:
        signed_file.refuse(
            ProblemError(
                "ballot.same-number",
                N_("{name} has the same number {nonce}: once that is taken, sign this anew"),
                name=first.name,
                nonce=nonce,
            )
        )


def repeats(signed_file: SignedFile, first: SignedFile) -> None:
    """A file that says once more, or otherwise, what the file `first` does."""
    if signed_file.content.message.values == first.content.message.values:
        signed_file.found_done(_("the same as {name}", name=first.name))
    else:
        signed_file.refuse(
            ProblemError("ballot.after-another", N_("{name} comes before it"), name=first.name)
        )
