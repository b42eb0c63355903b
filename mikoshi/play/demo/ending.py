"""Acts 7 and 8: the three decide, people come and go, and everything is checked."""

from __future__ import annotations

from mikoshi.ballots.batch import BallotResult, Batch, preview
from mikoshi.ballots.words import AGAINST
from mikoshi.chain.contract import ContractRevertedError
from mikoshi.check.check import check
from mikoshi.deploy.target import founding
from mikoshi.play.demo.players import Player, briefly
from mikoshi.play.demo.scene import Scene
from mikoshi.play.demo.season import Season, Told, shown
from mikoshi.play.demo.silence import RENT, rent, staying, vote
from mikoshi.text.language import _
from mikoshi.text.units import format_amount
from mikoshi.words.refusals import find_vote, refusal

_ACTIVE, _DORMANT, _EXITED = 1, 2, 3
_EXECUTED = 7


def decide(season: Season) -> Scene:
    """Three pass a proposal; one leaves and returns, one wakes, no ticket votes twice."""
    aoi, ren, mio = season.some(1, 8, 9)
    three = staying(season)
    told = season.propose(aoi, rent(aoi, _("second try")))
    vote(season, told, three)
    scene = Scene(_("Three decide, one returns, one wakes"))
    turnout = season.dao.governor.call("proposalTurnout", told.draft.id)
    scene.row(
        briefly(three),
        _(
            'vote For "{title}": {turnout} people, {people_needed} needed',
            title=told.draft.title,
            turnout=turnout,
            people_needed=told.people_needed,
        ),
    )
    _leave_and_return(season, scene, ren)
    _vote_again(season, scene, told, ren)
    _wake(season, scene, mio)
    season.community.close_voting(told.draft)
    season.community.ripen(told.draft)
    before = season.rpc.balance(season.dao.treasury_address)
    season.execute(told, season.passer_by)
    paid = before - season.rpc.balance(season.dao.treasury_address)
    amount, executor = format_amount(paid, "ETH"), shown(season.passer_by)
    scene.check(
        "three_passed_a_proposal",
        season.dao.governor.call("state", told.draft.id) == _EXECUTED and paid == RENT,
        _("{executor} executes it: the treasury pays {amount}", executor=executor, amount=amount),
    )
    return scene


def _leave_and_return(season: Season, scene: Scene, ren: Player) -> None:
    membership = season.dao.membership
    ticket = season.read("ticketOf", ren.id)
    season.relay(season.community.sign(ren.id, "Exit"))
    left = membership.call("statusOf", ren.id), membership.call("balanceOf", ren.address)
    charter = membership.call("charterHash")
    season.relay(season.community.sign(ren.id, "Rejoin", charterHash=charter))
    number = membership.call("memberIdOf", ren.address)
    same = season.read("ticketOf", number) == ticket
    scene.row(
        ren.full,
        _("leaves, and returns as #{number}: two signatures, relayed", number=number),
    )
    scene.check(
        "returned_with_the_same_number",
        left == (_EXITED, 0)
        and number == ren.id
        and same
        and membership.call("statusOf", ren.id) == _DORMANT,
        _(
            "same person, same number, same ticket, a newcomer for a season: #{number}",
            number=number,
        ),
    )


def _vote_again(season: Season, scene: Scene, told: Told, ren: Player) -> None:
    """The returned ticket tries a second ballot: alone, and in a batch."""
    governor, draft = season.dao.governor, told.draft
    tally = governor.call("proposalVotes", draft.id)
    refused = ""
    try:
        season.relay(season.community.sign(ren.id, "Ballot", draft, support=AGAINST))
    except ContractRevertedError as error:
        earlier = find_vote(season.rpc, governor, draft.id, ren.address)
        known = refusal(error, season.now, who=ren.brief, vote=earlier)
        refused = known.what if known else ""
    (outcome,) = preview(governor, Batch(draft.id, (season.ballot(ren, draft, AGAINST),)))
    scene.check(
        "second_vote_refused",
        bool(refused)
        and outcome.result is BallotResult.ALREADY_CAST
        and governor.call("proposalVotes", draft.id) == tally,
        _('back, and voting again? "{refused}"', refused=refused),
    )


def _wake(season: Season, scene: Scene, mio: Player) -> None:
    membership, before = season.dao.membership, season.awake
    slept = membership.call("statusOf", mio.id) == _DORMANT
    season.relay(season.community.sign(mio.id, "Wake", charterHash=bytes(32)))
    scene.row(
        mio.full,
        _("wakes by a signature: {awake} are awake", awake=season.awake),
    )
    scene.check(
        "one_woke",
        slept and membership.call("statusOf", mio.id) == _ACTIVE and season.awake == before + 1,
        _("waking is free and immediate: the voice is back for the next proposal"),
    )


def audit(season: Season) -> Scene:
    """`ape run check`: the chain beside the record, dao.toml and the replayed events."""
    assert season.manifest is not None
    wanted, __ = founding(season.config.params(season.manifest.t0))
    season.report = report = check(season.rpc, season.manifest, wanted)
    scene = Scene(
        _("Everything is checked"),
        (_("check"), "", _("compared")),
    )
    meanings = {
        "wiring": _("the four parts, each knowing the others"),
        "code": _("the code on the chain, byte by byte"),
        "roles": _("who may do what"),
        "parameters": _("every setting, beside dao.toml"),
        "replay": _("the state, rebuilt from events"),
    }
    for section in report.sections:
        summary = f" ({section.summary})" if section.summary else ""
        mark = "✓" if section.passed else "✗"
        scene.row(section.title, mark, meanings.get(section.name, section.name) + summary)
    for difference in report.differences:
        scene.note(str(difference.words))
    scene.check("check_passes", report.passed, _("ape run check: passed"))
    after = season.purse(season.penniless)
    sent = sum(season.rpc.nonce(each.address) for each in season.penniless)
    scene.check(
        "five_own_no_eth_after",
        after == sent == season.facts["penniless_before"] == 0,
        _("five members still own 0 ETH: they proposed, voted, left, returned by signature"),
    )
    return scene
