"""Acts 5 and 6: nine fall silent, and the quorum follows those who are awake."""

from __future__ import annotations

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.ballots.words import FOR
from mikoshi.play.demo.beginning import rounded, voices
from mikoshi.play.demo.players import Player, briefly
from mikoshi.play.demo.scene import Scene
from mikoshi.play.demo.season import Season, Told
from mikoshi.testing.community import person
from mikoshi.text.language import _
from mikoshi.text.units import DAY, format_amount, format_duration, format_percent

RENT = 3 * 10**17
"""What the meeting place costs, in wei."""

_LANDLORD = 2_000_000  # an outsider among the made-up people
_BEYOND = 40 * DAY  # how much longer than `dormantAfter` the silence lasts
_DEFEATED, _DORMANT = 3, 2


def staying(season: Season) -> list[Player]:
    """The three who go on."""
    return season.some(1, 7, 8)


def silent(season: Season) -> list[Player]:
    """The nine who do not."""
    return [each for each in season.players if each not in staying(season)]


def rent(proposer: Player, attempt: str) -> ProposalDraft:
    """The rent of the meeting place."""
    title = _("Rent the meeting place ({attempt})", attempt=attempt)
    return ProposalDraft.of(
        [(person(_LANDLORD).address, RENT, b"")], f"# {title}", proposer.address
    )


def vote(season: Season, told: Told, voters: list[Player]) -> None:
    """Signed For by `voters`, relayed in one transaction."""
    season.open_voting(told)
    season.cast(told, [season.ballot(each, told.draft, FOR) for each in voters])


def fall_silent(season: Season) -> Scene:
    """Half-way through the silence three are too few for the quorum of twelve."""
    three, aoi = staying(season), season.player(1)
    silence = season.dao.membership.call("settings")["dormantAfter"] + _BEYOND
    season.facts["silence"] = silence
    season.rpc.warp_to(season.facts["executed_at"] + silence // 2)
    told = season.propose(aoi, rent(aoi, _("first try")))
    vote(season, told, three)
    season.community.close_voting(told.draft)
    turnout = season.dao.governor.call("proposalTurnout", told.draft.id)
    state = season.dao.governor.call("state", told.draft.id)
    scene = Scene(_("Nine of twelve fall silent"))
    scene.row(_("still here"), briefly(three))
    scene.row(_("silent"), briefly(silent(season)))
    scene.row(
        _("proposal"),
        _('"{title}", by {brief}', title=told.draft.title, brief=aoi.brief),
    )
    scene.check(
        "too_few_for_the_old_quorum",
        state == _DEFEATED and turnout == len(three) < told.people_needed,
        _(
            "all {turnout} vote For, {people_needed} of {awake} are needed: defeated",
            turnout=turnout,
            people_needed=told.people_needed,
            awake=season.awake,
        ),
    )
    return scene


def lapse(season: Season) -> Scene:
    """After the whole silence anyone lets the silent lapse; two quorums beside each other."""
    silence, asleep = season.facts["silence"], silent(season)
    season.rpc.warp_to(season.facts["executed_at"] + silence)
    ids = [each.id for each in asleep]
    membership = season.by(season.passer_by).dao.membership
    hana = season.player(7)
    membership.send("lapse", [each.id for each in season.players], sender=season.passer_by.address)
    season.rpc.warp(1)
    members, awake = season.counted, season.awake
    settings, __ = season.dao.governor.call("settings")
    share, floor = settings["quorumBps"], settings["floorBps"]
    ordinary = -(-members * share // 10_000)
    base = season.dao.membership.call("voiceParams")["base"]
    mikoshi = season.dao.governor.call("quorum", season.now - 1) // base
    season.facts |= {"ordinary": ordinary, "mikoshi": mikoshi}
    scene = Scene(
        _("The quorum follows those who are awake"),
        ("", _("an ordinary kit"), "Mikoshi"),
    )
    percent = format_percent(share)
    scene.row(
        _("who counts"),
        _("all {members} members", members=members),
        _("the {awake} who are awake", awake=awake),
    )
    scene.row(
        _("quorum of {percent}", percent=percent),
        _("{ordinary} people", ordinary=ordinary),
        _(
            "{mikoshi} (at least {floor} of all {members})",
            mikoshi=mikoshi,
            floor=format_percent(floor),
            members=members,
        ),
    )
    can = _("can decide"), _("cannot decide anything")
    scene.row(
        _("the {awake} who stay", awake=awake),
        can[0] if awake >= ordinary else can[1],
        can[0] if awake >= mikoshi else can[1],
    )
    states = [season.dao.membership.call("statusOf", number) for number in ids]
    scene.check(
        "silent_members_lapsed",
        states == [_DORMANT] * len(ids) and members == len(season.players),
        _(
            "silent for {silence}, {count} lapse: they stay members and keep what they earned",
            silence=format_duration(silence),
            count=len(ids),
        ),
    )
    held = format_amount(season.rpc.balance(season.dao.treasury_address), "ETH")
    scene.check(
        "quorum_follows_the_awake",
        mikoshi <= awake < ordinary,
        _("with the ordinary quorum {held} would be stuck until others return", held=held),
    )
    voice = season.dao.membership.call("getVotes", hana.address)
    merit = rounded(season.dao.membership.call("meritOf", hana.id))
    scene.note(
        _(
            "merit fades: {brief} has {merit} left, and a voice of {voice}",
            brief=hana.brief,
            merit=merit,
            voice=voices(voice),
        )
    )
    return scene
