"""The settings of the Governor in dao.toml; the limits are those that the contract enforces."""

from __future__ import annotations

from typing import Annotated

from mikoshi.config.kinds import Label
from mikoshi.config.numbers import Duration, Number, Percent
from mikoshi.config.section import Section
from mikoshi.text.units import DAY, HOUR


class GovernanceSection(Section):
    """How members decide."""

    about = Label("How members decide", "決め方")

    voting_delay: Annotated[
        int,
        Duration(DAY, 14 * DAY),
        Label(
            "From a proposal to the start of voting",
            "提案から投票開始まで",
            "everyone needs time to notice a proposal, and nobody can wait for ever",
            "全員が提案に気づく時間が必要で、長すぎても決められません",
        ),
    ] = 2 * DAY
    voting_period: Annotated[
        int,
        Duration(2 * DAY, 14 * DAY),
        Label(
            "How long voting lasts",
            "投票期間",
            "people vote beside their work and life",
            "みんな仕事や生活のあいだに投票します",
        ),
    ] = 5 * DAY
    late_extension: Annotated[
        int,
        Duration(HOUR, 7 * DAY, HOUR),
        Label(
            "Voting goes on this long after a late ballot reached the quorum",
            "締切間際に定足数に達したときの延長",
            "a last-minute ballot must leave time for an answer",
            "直前の投票に、ほかの人が応じる時間が必要です",
        ),
    ] = DAY
    execution_delay: Annotated[
        int,
        Duration(DAY, 30 * DAY),
        Label(
            "From the end of voting to execution",
            "投票終了から実行できるまで",
            "members and guardian need time to react to what was decided",
            "決まったことに対応する時間が必要です",
        ),
    ] = 2 * DAY
    expiry: Annotated[
        int,
        Duration(7 * DAY, 90 * DAY),
        Label(
            "How long a decision can be executed",
            "実行できる期間",
            "a decision of long ago must not surprise anyone",
            "忘れられた決定が突然実行されてはなりません",
        ),
    ] = 14 * DAY
    quorum: Annotated[
        int,
        Percent(500, 6_000),
        Label(
            "Share of awake members that must take part",
            "投票に必要な人数(起きているメンバーに対する割合)",
            "below it a handful decides for all, above it nothing is ever decided",
            "低すぎると数人で決まり、高すぎると何も決まりません",
        ),
    ] = 3_000
    floor: Annotated[
        int,
        Percent(100, 2_500),
        Label(
            "Share of all members, dormant ones too, that must take part",
            "投票に必要な人数(休眠を含む全メンバーに対する割合)",
            "it protects those who sleep, and must stay reachable for those who do not",
            "休眠中の人を守りつつ、起きている人だけで届く必要があります",
        ),
    ] = 500
    voice_cap: Annotated[
        int,
        Percent(100, 5_000),
        Label(
            "Largest weight of one ballot, as a share of the awake voice",
            "1票の重さの上限(起きている声の合計に対する割合)",
            "nobody decides alone; it is never less than the base voice, which everyone keeps",
            "1人では決められないようにします(全員が持つ声より低くはなりません)",
        ),
    ] = 1_000
    threshold: Annotated[
        int,
        Percent(0, 10_000),
        Label(
            "Voice needed to propose, as a share of the base voice",
            "提案に必要な声(全員が持つ声に対する割合)",
            "every member must be able to propose",
            "メンバーなら誰でも提案できなければなりません",
        ),
    ] = 10_000
    live_proposals: Annotated[
        int,
        Number(1, 10),
        Label(
            "Proposals of one member that may be open at once",
            "1人が同時に出せる提案の数",
            "nobody may flood the others with proposals",
            "提案の乱発を防ぎます",
        ),
    ] = 3
