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
from mikoshi.text.language import pick
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
        pick("A grant, and ten ballots in one transaction", "助成の提案と、まとめて届く10票"),
        (
            pick("ballot", "票"),
            pick("signed by", "署名した人"),
            pick(">ballots", ">票数"),
            pick(">people", ">人数"),
            pick(">voice", ">声"),
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
        pick(
            f'{tomo.brief} proposed "{draft.title}": 1 ETH, {TOKENS} {symbol} and {POINTS} merit',
            f"{tomo.brief} の提案「{draft.title}」: 1 ETH、{TOKENS} {symbol}、貢献点 {POINTS}",
        )
    )
    example = next(each for each in signed if each.member == hana.id)
    words = headline(example.message, draft)
    scene.note(pick(f"{hana.brief} signed: {words}", f"{hana.brief} が署名した文: {words}"))
    scene.note(_rules(season, told))
    scene.check(
        "proposed_without_eth",
        season.rpc.balance(tomo.address) == 0
        and season.dao.governor.call("proposalProposer", draft.id) == tomo.address,
        pick(
            f"{tomo.brief} owns no ETH: signed, and sent by {shown(season.relayer)}",
            f"{tomo.brief} はETHを持たず、署名だけ({shown(season.relayer)} が送信)",
        ),
    )
    gas = receipt.gas // len(outcomes)
    scene.check(
        "ten_ballots_in_one_transaction",
        told.ballots_in_batch == len(signed) == 10 and _votes(outcomes) == tallies.keys(),
        pick(
            f"1 transaction, {summary(outcomes)}; {gas:,} gas each, signing is free",
            f"取引1回で{summary(outcomes)}。1票あたり {gas:,} ガス、署名は無料",
        ),
    )
    return scene


def _grant(season: Season, hana: Player, proposer: Player) -> ProposalDraft:
    dao = season.dao
    title = pick("Thank Hana for the onboarding guide", "花さんのオンボーディングガイドに感謝を")
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
    return int(season.dao.membership.call("getPastMembers", ballot.signer, snapshot))


def _votes(outcomes: list[BallotOutcome]) -> set[int]:
    return {each.ballot.message["support"] for each in outcomes if each.counted}


def _rules(season: Season, told: Told) -> str:
    turnout = season.dao.governor.call("proposalTurnout", told.draft.id)
    cap = season.dao.governor.call("proposalWeight", told.draft.id, 2**128 - 1)
    return pick(
        f"{told.people_needed} of {season.awake} people needed, {turnout} took part; no ballot"
        f" weighs more than {voices(cap)}",
        f"定足数は{season.awake}人中{told.people_needed}人、参加は{turnout}人分。"
        f"1票の重さは {voices(cap)} まで",
    )


def execute(season: Season) -> Scene:
    """Too early: refused in words. After the delay: anyone may."""
    told, (ken, hana) = season.proposals[0], season.some(2, 7)
    scene = Scene(
        pick("Nobody hurries it, anyone completes it", "急がせず、だれでも完了できる"),
        (hana.full, pick(">before", ">実行前"), pick(">after", ">実行後")),
    )
    season.close_voting(told)
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
    season.ripen(told)
    season.execute(told, season.passer_by)
    after = _holdings(season, hana)
    for (who, old), new in zip(before.items(), after.values(), strict=True):
        scene.row(who, old, new)
    scene.check(
        "early_execution_refused",
        bool(refused) and unsent,
        pick(
            f'{asked}: {ken.brief} tries. "{refused}"',
            f"{asked}: {ken.brief} が試すと「{refused}」",
        ),
    )
    token = season.dao.token.call("balanceOf", hana.address)
    merit = _credited(season, hana)
    scene.check(
        "grant_executed",
        season.dao.governor.call("state", told.draft.id) == _EXECUTED
        and (token, merit) == (TOKENS * _UNIT, POINTS * _UNIT)
        and season.rpc.balance(season.dao.treasury_address)
        == season.facts["treasury_before"] - GRANT,
        pick(
            f"after the delay {shown(season.passer_by)}, no member, executes it",
            f"待機期間のあと、メンバーでない {shown(season.passer_by)} が実行",
        ),
    )
    season.facts["executed_at"] = season.now
    return scene


def _credited(season: Season, player: Player) -> int:
    """Merit credited in the member's latest epoch; 1 point = 1e18."""
    _, _, milli = season.dao.membership.call("storedMeritOf", player.id)
    return int(milli) * _UNIT // 1000


def _holdings(season: Season, player: Player) -> dict[str, str]:
    """What the grant changes, in words."""
    dao, symbol = season.dao, season.config.token.symbol
    ether = pick("{} (ETH)", "{}(ETH)").format
    return {
        "ETH": rounded(season.rpc.balance(player.address)),
        symbol: rounded(dao.token.call("balanceOf", player.address)),
        pick("merit", "貢献点"): rounded(dao.membership.call("meritOf", player.id)),
        pick("voice", "声"): voices(dao.membership.call("getVotes", player.address)),
        ether(pick("treasury", "トレジャリー")): rounded(season.rpc.balance(dao.treasury_address)),
    }
