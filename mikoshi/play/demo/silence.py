"""Acts 5 and 6: nine fall silent, and the quorum follows those who are awake."""

from __future__ import annotations

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.ballots.words import FOR
from mikoshi.play.demo.beginning import rounded, voices
from mikoshi.play.demo.players import Player, briefly
from mikoshi.play.demo.scene import Scene
from mikoshi.play.demo.season import Season, Told
from mikoshi.testing.community import person
from mikoshi.text.language import pick
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
    title = pick(f"Rent the meeting place ({attempt})", f"集会所を借りる({attempt})")
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
    told = season.propose(aoi, rent(aoi, pick("first try", "1回目")))
    vote(season, told, three)
    season.close_voting(told)
    turnout = season.dao.governor.call("proposalTurnout", told.draft.id)
    state = season.dao.governor.call("state", told.draft.id)
    scene = Scene(pick("Nine of twelve fall silent", "12人のうち9人が静かになる"))
    scene.row(pick("still here", "残る人"), briefly(three))
    scene.row(pick("silent", "静かな人"), briefly(silent(season)))
    scene.row(
        pick("proposal", "提案"),
        pick(
            f'"{told.draft.title}", by {aoi.brief}',
            f"「{told.draft.title}」({aoi.brief})",
        ),
    )
    scene.check(
        "too_few_for_the_old_quorum",
        state == _DEFEATED and turnout == len(three) < told.people_needed,
        pick(
            f"all {turnout} vote For, {told.people_needed} of {season.awake} are needed: defeated",
            f"{turnout}人全員が賛成。しかし定足数は{season.awake}人中{told.people_needed}人で、否決",
        ),
    )
    return scene


def lapse(season: Season) -> Scene:
    """After the whole silence anyone lets the silent lapse; two quorums beside each other."""
    silence, asleep = season.facts["silence"], silent(season)
    season.rpc.warp_to(season.facts["executed_at"] + silence)
    ids = [each.id for each in asleep]
    membership = season.dao_by(season.passer_by).membership
    hana = season.player(7)
    membership.send("lapse", [each.id for each in season.players], sender=season.passer_by.address)
    season.rpc.warp(1)
    members, awake = season.counted, season.awake
    settings, _ = season.dao.governor.call("settings")
    share, floor = settings["quorumBps"], settings["floorBps"]
    ordinary = -(-members * share // 10_000)
    base = season.dao.membership.call("voiceParams")["base"]
    mikoshi = season.dao.governor.call("quorum", season.now - 1) // base
    season.facts |= {"ordinary": ordinary, "mikoshi": mikoshi}
    scene = Scene(
        pick("The quorum follows those who are awake", "定足数は、起きている人についてくる"),
        ("", pick("an ordinary kit", "ふつうのキット"), "Mikoshi"),
    )
    percent = format_percent(share)
    scene.row(
        pick("who counts", "数える人"),
        pick(f"all {members} members", f"全{members}人"),
        pick(f"the {awake} who are awake", f"起きている{awake}人"),
    )
    scene.row(
        pick(f"quorum of {percent}", f"定足数 {percent}"),
        pick(f"{ordinary} people", f"{ordinary}人"),
        pick(
            f"{mikoshi} (at least {format_percent(floor)} of all {members})",
            f"{mikoshi}人(全{members}人の {format_percent(floor)} 以上)",
        ),
    )
    can = pick("can decide", "決められる"), pick("cannot decide anything", "何も決められない")
    scene.row(
        pick(f"the {awake} who stay", f"残った{awake}人"),
        can[0] if awake >= ordinary else can[1],
        can[0] if awake >= mikoshi else can[1],
    )
    states = [season.dao.membership.call("statusOf", number) for number in ids]
    scene.check(
        "silent_members_lapsed",
        states == [_DORMANT] * len(ids) and members == len(season.players),
        pick(
            f"silent for {format_duration(silence)}, {len(ids)} lapse: they stay members and keep"
            " what they earned",
            f"{format_duration(silence)}の沈黙で{len(ids)}人が休眠。会員のまま、得たものも残ります",
        ),
    )
    held = format_amount(season.rpc.balance(season.dao.treasury_address), "ETH")
    scene.check(
        "quorum_follows_the_awake",
        mikoshi <= awake < ordinary,
        pick(
            f"with the ordinary quorum {held} would be stuck until others return",
            f"ふつうの定足数では、だれかが戻るまで {held} を動かせません",
        ),
    )
    voice = season.dao.membership.call("getVotes", hana.address)
    merit = rounded(season.dao.membership.call("meritOf", hana.id))
    scene.note(
        pick(
            f"merit fades: {hana.brief} has {merit} left, and a voice of {voices(voice)}",
            f"貢献点は薄れます: {hana.brief} は {merit} 点、声は {voices(voice)}",
        )
    )
    return scene
