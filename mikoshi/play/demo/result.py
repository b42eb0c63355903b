"""What the demo leaves behind for programs, all of it read from the chain."""

from __future__ import annotations

from mikoshi.play.demo.season import Season, Told
from mikoshi.replay.governor import ProposalState
from mikoshi.text.errors import CheckFailedError, Words
from mikoshi.text.json import Json
from mikoshi.text.language import N_, listed


def failure(result: Json) -> CheckFailedError:
    """The end of a demo in which something was not as it must be."""
    failed = [name for name, holds in result["checks"].items() if not holds]
    return CheckFailedError(
        "demo.failed",
        N_("{failed} of {checks} checks failed"),
        Words("not true at the end: {names}", names=listed(failed)),
        N_(
            "This is a defect of Mikoshi or of this computer's set-up: report it with "
            "the output of `make demo JSON=1`"
        ),
        failed=len(failed),
        checks=len(result["checks"]),
        names=failed,
    ).with_report(result)


def as_json(season: Season, seconds: float) -> Json:
    """The state at the end of the story.

    Votes in 1e-9 voices, ETH and tokens in their smallest unit, ids of proposals as text.
    """
    dao, facts = season.dao, season.facts
    return {
        "name": season.config.name,
        "chain_id": season.chain_id,
        "members": season.counted,
        "awake": season.awake,
        "proposals": [_proposal(season, told) for told in season.proposals],
        "treasury": {
            "before": facts["treasury_before"],
            "after": season.rpc.balance(dao.treasury_address),
        },
        "token_supply": dao.token.call("totalSupply"),
        "quorum": {"ordinary": facts["ordinary"], "mikoshi": facts["mikoshi"]},
        "units": {"votes": "1e-9 voice", "treasury": "wei", "token_supply": "1e-18 token"},
        "checks": season.checks,
        "seconds": round(seconds, 2),
    }


def _proposal(season: Season, told: Told) -> Json:
    governor, number = season.dao.governor, told.draft.id
    against, in_favour, abstain = governor.call("proposalVotes", number)
    state = ProposalState(governor.call("state", number))
    return {
        "id": str(number),
        "title": told.draft.title,
        "state": state.name.capitalize(),
        "for": in_favour,
        "against": against,
        "abstain": abstain,
        "people": governor.call("proposalTurnout", number),
        "people_needed": governor.call("proposalQuorum", number),
        "ballots_in_batch": told.ballots_in_batch,
    }
