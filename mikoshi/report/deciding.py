"""The figures about deciding: the quorum's distance, here and in an ordinary kit."""

from __future__ import annotations

from mikoshi.replay.facts import MONTH, QUARTER, Facts
from mikoshi.report import words
from mikoshi.report.carrying import behind
from mikoshi.report.figure import Figure, Source, Table
from mikoshi.report.months import day
from mikoshi.report.names import Names
from mikoshi.report.turnout import Reach, reach
from mikoshi.text.language import pick
from mikoshi.text.units import format_amount, format_percent

_WIZARD = 400
"""The quorum that OpenZeppelin's contracts wizard offers, in bps of the total supply."""


def deciding(facts: Facts, names: Names) -> list[Figure]:
    """Whether those who still act can decide anything."""
    if not facts.members():
        return []
    found = reach(facts)
    return [_distance(facts, found), _silent(facts, found, names), _ordinary(facts, found)]


def _too_early(facts: Facts, found: Reach) -> str:
    """What is said of a DAO whose people have had no time to act; "" of any other."""
    if found.passes or facts.age >= MONTH:
        return ""
    return pick(
        "too early to say: founded less than 30 days ago", "まだわかりません(設立から30日未満)"
    )


def _distance(facts: Facts, found: Reach) -> Figure:
    governor = facts.rebuilt.governor
    rules = governor.settings[governor.version]
    quorum, floor = (format_percent(rules[name]) for name in ("quorumBps", "floorBps"))
    return Figure(
        "quorum",
        pick("Distance to the quorum", "定足数までの距離"),
        pick(
            f"{found.needed} of {found.awake} awake are needed; those who still act speak for"
            f" {found.spoken}",
            f"起きている{found.awake}人中{found.needed}人が必要。いま活動している人の声は"
            f"{found.spoken}人分",
        ),
        pick(
            f"People that a proposal made now would need: max(⌈{quorum} of the awake⌉, ⌈{floor} of"
            " the counted⌉, 1). Against it: the members spoken for (themselves and who delegated to"
            " them) by the active members with an act in the last 90 days.",
            f"いま提案した場合の定足数: max(⌈起きている人の {quorum}⌉, ⌈数える人の {floor}⌉, 1)。"
            "それに対し、この90日間に活動した活動中メンバーが代弁できる人数(本人と委任した人)。",
        ),
        {
            "needed": found.needed,
            "spoken": found.spoken,
            "awake": found.awake,
            "counted": found.counted,
        },
        "people",
        behind(facts.since(QUARTER)),
    )


def _silent(facts: Facts, found: Reach, names: Names) -> Figure:
    last = facts.rebuilt.membership.members
    ids = [human.id for human in found.lapsable]
    if found.passes:
        passes = pick("yes, a proposal can still pass", "はい、まだ可決できます")
    elif found.still:
        passes = pick(
            "no: nothing can be decided until somebody returns, delegates or lapses",
            "いいえ。だれかが戻るか、委任するか、休眠しないと何も決められません",
        )
    else:
        passes = pick(
            "no: nothing can be decided until somebody returns",
            "いいえ。だれかが戻らないと何も決められません",
        )
    lapses = pick(
        f"{words.people(len(ids))} could be let lapse, and {found.needed_after} would do",
        f"{len(ids)}人を休眠にでき、そうすれば{found.needed_after}人で足ります",
    )
    return Figure(
        "silent",
        pick("If the silent stay silent", "静かな人が静かなままなら"),
        _too_early(facts, found)
        or (pick(f"{passes}; {lapses}", f"{passes}。{lapses}") if ids and found.still else passes),
        pick(
            "Whether everyone who acted in the last 90 days, voting For, reaches the quorum without"
            " anybody else. Anyone may let an active member lapse who has not acted for as long as"
            " the settings say and 30 days more; they stay members and leave the quorum's count."
            " Listed are those for whom nobody speaks who still acts.",
            "この90日間に活動した全員が賛成したとき、ほかの人なしで定足数に届くか。設定の期間に"
            "30日を足した間活動していないメンバーは、だれでも休眠にできます(会員のまま、定足数の"
            "計算から外れます)。一覧は、いま活動している人が声を代弁していない人です。",
        ),
        {"passes": found.passes, "lapsable": ids, "needed_after": found.needed_after},
        "",
        behind(facts.since(QUARTER)),
        table=Table(
            [pick("could lapse", "休眠にできる人"), pick("last act", "最後の活動")],
            [[names.full(number), day(last[number].last_act)] for number in ids],
            [{"member": number, "last_act": last[number].last_act} for number in ids],
        ),
    )


def _ordinary(facts: Facts, found: Reach) -> Figure:
    """What those who still act could decide elsewhere."""
    governor, token = facts.rebuilt.governor, facts.rebuilt.token
    own = governor.settings[governor.version]["quorumBps"]
    held = sum(token.balances.get(human.wallet, 0) for human in found.still)
    tickets, people = len(facts.members()), len(found.still)
    rows, data = [], []

    def add(kit: str, needed: int, has: int, shown: tuple[str, str], passes: bool) -> None:
        rows.append([kit, *shown, words.yes(passes)])
        data.append({"kit": kit, "needed": str(needed), "has": str(has), "passes": passes})

    for bps in dict.fromkeys((_WIZARD, own)):
        needed = -(-token.supply * bps // 10_000)
        amounts = tuple(format_amount(each, "", digits=5).strip() for each in (needed, held))
        add(
            pick(
                f"votes by token, quorum {format_percent(bps)} of all tokens",
                f"トークンの量で投票、定足数は全トークンの {format_percent(bps)}",
            ),
            needed,
            held,
            (amounts[0], amounts[1]),
            bool(token.supply) and held >= needed,
        )
    needed = -(-tickets * own // 10_000)
    add(
        pick(
            f"one ticket one vote, quorum {format_percent(own)} of all tickets",
            f"会員証1枚が1票、定足数は全会員証の {format_percent(own)}",
        ),
        needed,
        people,
        (words.people(needed), words.people(people)),
        people >= needed,
    )
    add(
        "Mikoshi",
        found.needed,
        found.spoken,
        (words.people(found.needed), words.people(found.spoken)),
        found.passes,
    )
    able = sum(row["passes"] is True for row in data[:-1])
    return Figure(
        "ordinary_kit",
        pick("In an ordinary kit", "ふつうのキットなら"),
        _too_early(facts, found)
        or pick(
            f"a proposal could pass in {able} of {len(data) - 1} ordinary kits",
            f"{len(data) - 1}種類のうち{able}種類で可決できます",
        ),
        pick(
            "An ordinary kit is a Governor with a quorum that is a fixed share of everything ever"
            " issued and not burned, whoever holds it: the dormant, those who left, the treasury."
            " Shown are the 4 % that OpenZeppelin's contracts wizard offers and this DAO's own"
            " share, by tokens and by tickets. Against each: what the people hold who acted in the"
            " last 90 days, all of them voting.",
            "ふつうのキットとは、発行済みの総量の一定割合を定足数とする Governor のことです。休眠や"
            "退会をした人、トレジャリーの分も分母に入ります。OpenZeppelin の wizard の初期値 4 % と"
            "、このDAOの割合を、トークンと会員証について示します。比べるのは、この90日間に活動した人の"
            "保有量(全員が投票したとして)です。",
        ),
        {"able": able, "kits": len(data) - 1},
        "kits",
        (
            Source.of("Transfer", facts.events(facts.dao.token_address, "Transfer")),
            *behind(facts.since(QUARTER)),
        ),
        table=Table(
            [
                pick("kit", "キット"),
                pick(">quorum", ">定足数"),
                pick(">those who act have", ">活動中の人の分"),
                pick("can decide", "決められる"),
            ],
            rows,
            data,
        ),
    )
