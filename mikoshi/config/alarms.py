"""The thresholds of the report's alarms in dao.toml. They are no part of what is on the chain."""

from __future__ import annotations

from typing import Annotated

from mikoshi.config.kinds import Label
from mikoshi.config.numbers import Duration, Number, Percent
from mikoshi.config.section import Section
from mikoshi.text.units import DAY, YEAR


class AlarmsSection(Section):
    """When `ape run report` rings an alarm."""

    about = Label(
        "When `ape run report` rings an alarm; change it whenever you like",
        "`ape run report` が警報を鳴らす基準(いつでも変えられます)",
    )

    dying: Annotated[
        int,
        Number(1, 3),
        Label(
            "Signs that together mean a dying community: staying, participation, quiet_proposals",
            "「存続の危機」とみなす兆候の数(staying, participation, quiet_proposals のうち)",
            "one bad figure is bad luck, several are a pattern",
            "1つなら偶然でも、重なれば傾向です",
        ),
    ] = 2
    staying: Annotated[
        int,
        Percent(0, 10_000),
        Label(
            "Fewest newcomers of more than 90 days who still act within 30 days",
            "加入から90日を過ぎた新メンバーのうち、30日間に活動した人の割合の下限",
        ),
    ] = 3_000
    participation: Annotated[
        int,
        Percent(0, 10_000),
        Label(
            "Fewest members who act within 30 days",
            "30日間に活動したメンバーの割合の下限",
        ),
    ] = 4_500
    quiet_proposals: Annotated[
        int,
        Duration(DAY, 2 * YEAR),
        Label("Longest time without a proposal", "提案のない期間の上限"),
    ] = 60 * DAY
    newcomers: Annotated[
        int,
        Number(1, 1_000),
        Label(
            "Fewest newcomers to judge by; with fewer the report says: too few data",
            "判断に必要な新メンバーの人数の下限(足りなければ「データ不足」)",
            "one person more or less must not make an alarm",
            "1人の違いで警報が鳴ってはなりません",
        ),
    ] = 4
    retention_30: Annotated[
        int,
        Percent(0, 10_000),
        Label(
            "Fewest newcomers who act again in the second month after they came",
            "加入30日後からの30日間にも活動した新メンバーの割合の下限",
        ),
    ] = 4_000
    retention_90: Annotated[
        int,
        Percent(0, 10_000),
        Label(
            "Fewest newcomers who act again in the fourth month after they came",
            "加入90日後からの30日間にも活動した新メンバーの割合の下限",
        ),
    ] = 3_000
    first_act: Annotated[
        int,
        Duration(DAY, YEAR),
        Label(
            "Longest time in which half of the newcomers find their first act",
            "新メンバーの半数が最初の活動をするまでの期間の上限",
        ),
    ] = 30 * DAY
    turnout_fall: Annotated[
        int,
        Percent(500, 10_000),
        Label(
            "Largest fall of the turnout from one 90 days to the next",
            "投票率が90日前までの90日間と比べて下がる割合の上限",
        ),
    ] = 5_000
    quorum_margin: Annotated[
        int,
        Percent(10_000, 50_000),
        Label(
            "Fewest people who still act, measured by those that a quorum needs",
            "活動を続けている人数の、定足数に対する割合の下限",
            "below 100 % nothing can be decided any more",
            "100 % を下回ると何も決められません",
        ),
    ] = 12_000
    busiest: Annotated[
        int,
        Percent(0, 10_000),
        Label(
            "Largest share of all acts that one person does",
            "1人が全活動に占める割合の上限",
        ),
    ] = 4_000
    bus_factor: Annotated[
        int,
        Number(1, 1_000),
        Label(
            "Fewest people who together do more than half of the acts",
            "全活動の過半を担う最少人数の下限",
        ),
    ] = 2
    quiet_rewards: Annotated[
        int,
        Duration(DAY, 2 * YEAR),
        Label("Longest time without a reward", "報酬のない期間の上限"),
    ] = 60 * DAY
    runway: Annotated[
        int,
        Duration(0, 5 * YEAR),
        Label(
            "Shortest time that the treasury's money lasts at the present pace",
            "今の支出が続いた場合に資金がもつ期間の下限",
        ),
    ] = 180 * DAY
