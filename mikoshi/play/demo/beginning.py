"""Acts 1 and 2: twelve people found the DAO, and two of them lend their voice."""

from __future__ import annotations

from mikoshi.deploy.journal import Journal
from mikoshi.deploy.perform import perform
from mikoshi.deploy.plan import make_plan
from mikoshi.play.demo.players import Player, briefly
from mikoshi.play.demo.scene import Scene
from mikoshi.play.demo.season import Season, shown
from mikoshi.text.language import _
from mikoshi.text.people import ZERO_ADDRESS, short
from mikoshi.text.units import DAY, format_amount

VOICE, VOICE_DECIMALS = 10**9, 9
GIFT = 3 * 10**18
"""What the treasury begins with, in wei."""

_FOUNDER_MONEY, _POCKET_MONEY = 10**18, 10**17


def voices(raw: int) -> str:
    """`1.65`: 1 voice = 1e9."""
    return rounded(raw, VOICE_DECIMALS)


def rounded(raw: int, decimals: int = 18) -> str:
    """`42.86`: a number to be read, to two decimals."""
    return format_amount(round(raw * 100, -decimals) // 100, "", decimals).strip()


def found(season: Season) -> Scene:
    """From dao.toml to a DAO, by the code behind `ape run deploy`."""
    name, config = season.config.name, season.config
    founder = season.player(1)
    without = season.penniless
    for player in season.players:
        if player not in without:
            gift = _FOUNDER_MONEY if player is founder else _POCKET_MONEY
            season.sponsor.send(player.address, value=gift)
    before = season.purse(without)
    sender = season.sender(founder)
    purse = season.rpc.balance(founder.address)
    journal = Journal(season.chain_id, config.slug, season.folder)
    plan = make_plan(config, season.rpc, journal, sender, live=False)
    season.manifest = perform(plan, sender, journal)
    cost = purse - season.rpc.balance(founder.address)
    season.sponsor.send(season.dao.treasury_address, value=GIFT)
    season.facts["treasury_before"] = season.rpc.balance(season.dao.treasury_address)
    season.facts["penniless_before"] = before

    scene = Scene(_("Twelve people found {name}", name=name))
    shared, price = len(sender.sent) - 1, format_amount(cost, "ETH", digits=3)
    scene.row(
        _("created"),
        _(
            "from {name}: 1 transaction, and {shared} for shared code; {price}",
            name=config.source.name,
            shared=shared,
            price=price,
        ),
    )
    scene.row(_("sent by"), founder.full)
    voice = season.dao.membership.call("getVotes", founder.address)
    scene.row(
        _("members"),
        _("{awake}, with {voice} voice each", awake=season.awake, voice=voices(voice)),
    )
    held = format_amount(season.facts["treasury_before"], "ETH")
    scene.row(
        _("treasury"),
        _(
            "{treasury_address} holds {held}, from {sponsor}",
            treasury_address=short(season.dao.treasury_address),
            held=held,
            sponsor=shown(season.sponsor),
        ),
    )
    scene.row(_("own no ETH"), briefly(without))
    scene.check(
        "twelve_members",
        season.awake == season.counted == len(season.players),
        _("all twelve are members from the first moment"),
    )
    scene.check(
        "founder_holds_no_role",
        not _has_role(season, founder.address) and _has_role(season, season.dao.treasury_address),
        _(
            "the treasury is its own only admin; {brief}, who sent it, holds no role",
            brief=founder.brief,
        ),
    )
    scene.check(
        "five_own_no_eth_before",
        before == 0,
        _("five members own 0 ETH, and will take part"),
    )
    return scene


def _has_role(season: Season, account: str) -> bool:
    return bool(season.dao.treasury.call("hasRole", bytes(32), account))


def lend(season: Season) -> Scene:
    """Delegation, by a transaction and by a signature."""
    scene = Scene(
        _("Two lend their voice"),
        (
            _("member"),
            _("lends to"),
            _("how"),
        ),
    )
    season.rpc.warp(DAY)
    emi, ken, nao, sakura = season.some(6, 2, 11, 4)
    own = season.by(season.sender(ken)).dao.membership
    own.send("delegate", emi.address, sender=ken.address)
    season.relay(season.community.sign(nao.id, "Delegate", delegatee=sakura.address))
    ways = {
        ken: (emi, _("own transaction")),
        nao: (sakura, _("signed, relayed")),
    }
    for member, (delegate, way) in ways.items():
        people = season.dao.membership.call("getVotes", delegate.address) // VOICE
        scene.row(
            member.full,
            _("{brief}, now for {people}", brief=delegate.brief, people=people),
            way,
        )
    scene.check(
        "voices_lent",
        all(_delegate_of(season, who) == to.address for who, (to, __) in ways.items()),
        _("each can take the voice back at any time"),
    )
    return scene


def _delegate_of(season: Season, player: Player) -> str:
    return str(season.dao.membership.call("delegates", player.address) or ZERO_ADDRESS)
