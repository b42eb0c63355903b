"""What a client that knows only the standards concludes of a proposal (S1), as Tally does."""

from __future__ import annotations

from urllib.parse import parse_qs

from mikoshi.testing.machine_views import Views
from mikoshi.testing.model.proposal import ProposalState

_SUPPORTS = ("against", "for", "abstain")
_PASSED = (ProposalState.SUCCEEDED, ProposalState.QUEUED, ProposalState.EXPIRED)
_FAILED = (ProposalState.DEFEATED,)


def conclude(views: Views, proposal: int) -> bool | None:
    """Whether a proposal passed, from `COUNTING_MODE`, votes and quorum; None: it cannot know."""
    mode = parse_qs(views.read("governor", "COUNTING_MODE"))
    clock = views.read("governor", "clock")
    if mode["support"] != ["bravo"] or clock <= views.read(
        "governor", "proposalDeadline", proposal
    ):
        return None
    votes = dict(zip(_SUPPORTS, views.read("governor", "proposalVotes", proposal), strict=True))
    if votes["for"] <= votes["against"]:
        return False
    counted = mode["quorum"][0].split(",")
    if not set(counted) <= set(_SUPPORTS):
        return None  # the quorum is not of votes: `state` says whether it was reached
    snapshot = views.read("governor", "proposalSnapshot", proposal)
    reached = sum(votes[each] for each in counted)
    return bool(reached >= views.read("governor", "quorum", snapshot))


def check_conclusion(views: Views, proposal: int) -> None:
    """Raises AssertionError if `state` says otherwise."""
    concluded = conclude(views, proposal)
    state = views.read("governor", "state", proposal)
    contradicted = _FAILED if concluded else _PASSED
    assert concluded is None or state not in contradicted, (
        f"a client concludes of {proposal} that it {'passed' if concluded else 'failed'};"
        f" its state is {ProposalState(state)!r}"
    )
