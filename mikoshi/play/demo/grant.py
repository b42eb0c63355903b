"""Acts 3 and 4: a grant is proposed, ten ballots travel together, and nobody can hurry it."""

from __future__ import annotations

from mikoshi.ballots.batch import BallotOutcome, summary
from mikoshi.ballots.proposal import Call, ProposalDraft
from mikoshi.ballots.signed import Signed
from mikoshi.ballots.words import ABSTAIN, AGAINST, FOR, headline, support_word
from mikoshi.chain.contract import ContractRevertedError
from mikoshi.play.demo.beginning import rounded, voices
from mikoshi.play.demo.players import POINTS, TOKENS, Player, briefly
from mikoshi.play.demo.scene import Scene
from mikoshi.play.demo.season import Season, Told, shown
from mikoshi.text.language import _
from mikoshi.text.units import DAY, HOUR, MINUTE
from mikoshi.words.refusals import refusal

GRANT = 10**18
"""The grant, in wei."""

HASTE = 41 * HOUR + 12 * MINUTE
"""How much too early the execution is tried, in seconds."""

_UNIT = 10**18
_EXECUTED = 7


def ballots(season: Season) -> Scene:
    """A proposal made without ETH, and ten signed ballots in one transaction."""
    season.rpc.warp(DAY)
    hana, tomo = season.some(7, 12)
    draft = _grant(season, hana, tomo)
    told = season.propose_signed(tomo, draft)
    symbol = season.config.token.symbol
    scene = Scene(
        _("A grant, and ten ballots in one transaction"),
        (
            _("ballot"),
            _("signed by"),
            _(">ballots"),
            _(">people"),
            _(">voice"),
        ),
    )
    season.open_voting(told)
    signed = [season.mail(each) for each in _ten(season, draft)]
    outcomes, receipt = season.cast(told, signed)
    against, in_favour, abstain = season.dao.governor.call("proposalVotes", draft.id)
    tallies = {FOR: in_favour, AGAINST: against, ABSTAIN: abstain}
    for support, tally in tallies.items():
        voters = [each for each in signed if each.message["support"] == support]
        people = sum(_people(season, each, draft.id) for each in voters)
        names = briefly([season.player(each.member) for each in voters])
        scene.row(support_word(support), names, str(len(voters)), str(people), voices(tally))
    scene.note(
        _(
            '{brief} proposed "{title}": 1 ETH, {tokens} {symbol} and {points} merit',
            brief=tomo.brief,
            title=draft.title,
            tokens=TOKENS,
            symbol=symbol,
            points=POINTS,
        )
    )
    example = next(each for each in signed if each.member == hana.id)
    words = headline(example.message, draft)
    scene.note(_("{brief} signed: {words}", brief=hana.brief, words=words))
    scene.note(_rules(season, told))
    scene.check(
        "proposed_without_eth",
        season.rpc.balance(tomo.address) == 0
        and season.dao.governor.call("proposalProposer", draft.id) == tomo.address,
        _(
            "{brief} owns no ETH: signed, and sent by {relayer}",
            brief=tomo.brief,
            relayer=shown(season.relayer),
        ),
    )
    gas = receipt.gas // len(outcomes)
    scene.check(
        "ten_ballots_in_one_transaction",
        told.ballots_in_batch == len(signed) == 10 and _votes(outcomes) == tallies.keys(),
        _(
            "1 transaction, {summary}; {gas:,} gas each, signing is free",
            summary=summary(outcomes),
            gas=gas,
        ),
    )
    return scene


def _grant(season: Season, hana: Player, proposer: Player) -> ProposalDraft:
    dao = season.dao
    title = _("Thank Hana for the onboarding guide")
    calls: list[Call] = [
        (hana.address, GRANT, b""),
        (dao.token, 0, dao.token.data("mint", hana.address, TOKENS * _UNIT, 0)),
        (dao.membership, 0, dao.membership.data("credit", hana.id, POINTS * _UNIT, 0, bytes(32))),
    ]
    return ProposalDraft.of(calls, f"# {title}", proposer.address)


def _ten(season: Season, draft: ProposalDraft) -> list[Signed]:
    """Everyone who has not lent their voice signs."""
    supports = {3: AGAINST, 9: ABSTAIN} | dict.fromkeys((1, 4, 5, 6, 7, 8, 10, 12), FOR)
    return [
        season.ballot(season.player(number), draft, support)
        for number, support in sorted(supports.items())
    ]


def _people(season: Season, ballot: Signed, proposal: int) -> int:
    """Members that a ballot speaks for."""
    snapshot = season.dao.governor.call("proposalSnapshot", proposal)
    return int(season.read("getPastMembers", ballot.signer, snapshot))


def _votes(outcomes: list[BallotOutcome]) -> set[int]:
    return {each.ballot.message["support"] for each in outcomes if each.counted}


def _rules(season: Season, told: Told) -> str:
    turnout = season.dao.governor.call("proposalTurnout", told.draft.id)
    cap = season.dao.governor.call("proposalWeight", told.draft.id, 2**128 - 1)
    return _(
        "{people_needed} of {awake} people needed, {turnout} took part; no ballot "
        "weighs more than {cap}",
        people_needed=told.people_needed,
        awake=season.awake,
        turnout=turnout,
        cap=voices(cap),
    )


def execute(season: Season) -> Scene:
    """Too early: refused in words. After the delay: anyone may."""
    told, (ken, hana) = season.proposals[0], season.some(2, 7)
    scene = Scene(
        _("Nobody hurries it, anyone completes it"),
        (hana.full, _(">before"), _(">after")),
    )
    season.community.close_voting(told.draft)
    eta = season.dao.governor.call("proposalEta", told.draft.id)
    season.rpc.warp_to(eta - HASTE)
    asked, refused = season.when(), ""
    nonce = season.rpc.nonce(ken.address)
    try:
        season.execute(told, season.sender(ken))
    except ContractRevertedError as error:
        known = refusal(error, season.now)
        refused = known.what if known else ""
    unsent = season.rpc.nonce(ken.address) == nonce
    before = _holdings(season, hana)
    season.community.ripen(told.draft)
    season.execute(told, season.passer_by)
    after = _holdings(season, hana)
    for (who, old), new in zip(before.items(), after.values(), strict=True):
        scene.row(who, old, new)
    scene.check(
        "early_execution_refused",
        bool(refused) and unsent,
        _('{asked}: {brief} tries. "{refused}"', asked=asked, brief=ken.brief, refused=refused),
    )
    token = season.dao.token.call("balanceOf", hana.address)
    merit = _credited(season, hana)
    scene.check(
        "grant_executed",
        season.dao.governor.call("state", told.draft.id) == _EXECUTED
        and (token, merit) == (TOKENS * _UNIT, POINTS * _UNIT)
        and season.rpc.balance(season.dao.treasury_address)
        == season.facts["treasury_before"] - GRANT,
        _("after the delay {passer_by}, no member, executes it", passer_by=shown(season.passer_by)),
    )
    season.facts["executed_at"] = season.now
    return scene


def _credited(season: Season, player: Player) -> int:
    """Merit credited in the member's latest epoch; 1 point = 1e18."""
    _, _, milli = season.read("storedMeritOf", player.id)
    return int(milli) * _UNIT // 1000


def _holdings(season: Season, player: Player) -> dict[str, str]:
    """What the grant changes, in words."""
    dao, symbol = season.dao, season.config.token.symbol
    return {
        "ETH": rounded(season.rpc.balance(player.address)),
        symbol: rounded(dao.token.call("balanceOf", player.address)),
        _("merit"): rounded(dao.membership.call("meritOf", player.id)),
        _("voice"): voices(dao.membership.call("getVotes", player.address)),
        _("treasury (ETH)"): rounded(season.rpc.balance(dao.treasury_address)),
    }
