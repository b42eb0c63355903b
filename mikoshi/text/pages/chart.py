"""Where the lines and bars of a chart are: bars, stacked bars and lines, each with its title."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mikoshi.text.document import Chart

WIDTH, HEIGHT = 360, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 356, 10, 148
_TICKS = 4
_COLORS = 6


@dataclass(frozen=True)
class Tick:
    """A line across at `y`, and its number."""

    y: float
    label: str


@dataclass(frozen=True)
class AxisLabel:
    """The name of the first or the last place."""

    x: float
    anchor: str
    text: str


@dataclass(frozen=True)
class Mark:
    """A bar, or a point where it has neither width nor height."""

    color: int
    x: float
    y: float
    title: str
    width: float = 0
    height: float = 0


@dataclass(frozen=True)
class Drawing:
    """A chart on a plane of WIDTH and HEIGHT; `paths` are the points of lines, with their color."""

    width: int
    height: int
    left: int
    right: int
    ticks: Sequence[Tick]
    labels: Sequence[AxisLabel]
    bars: Sequence[Mark]
    points: Sequence[Mark]
    paths: Sequence[tuple[int, str]]
    legend: Sequence[tuple[int, str]]


def drawing(chart: Chart) -> Drawing | None:
    """The drawing of a chart; None without numbers."""
    if not chart.labels or not chart.series:
        return None
    top = 1.0 if chart.percent else _round_up(_highest(chart))
    points = _points(chart, top) if chart.lines else []
    return Drawing(
        WIDTH,
        HEIGHT,
        _LEFT,
        _RIGHT,
        [_tick(chart, top, number) for number in range(_TICKS + 1)],
        _labels(chart),
        [] if chart.lines else _bars(chart, top),
        [mark for series in points for mark in series],
        [(series[0].color, " ".join(f"{each.x},{each.y}" for each in series)) for series in points],
        [(number % _COLORS, name) for number, name in enumerate(chart.series)],
    )


def _highest(chart: Chart) -> float:
    columns = list(zip(*chart.series.values(), strict=True))
    heights = [sum(column) if chart.stacked else max(column) for column in columns]
    return max(heights, default=0)


def _round_up(value: float) -> float:
    """The next 1, 2 or 5 times a power of ten, 4 at least, so that the ticks are whole."""
    if value <= _TICKS:
        return _TICKS
    step = 10.0 ** math.floor(math.log10(value / _TICKS))
    return next(_TICKS * step * times for times in (1, 2, 5, 10) if _TICKS * step * times >= value)


def _x(place: float, count: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * place / count, 2)


def _y(value: float, top: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * min(value, top) / top, 2)


def _tick(chart: Chart, top: float, number: int) -> Tick:
    value = top * number / _TICKS
    return Tick(_y(value, top), f"{value:.0%}" if chart.percent else f"{value:,.0f}")


def _labels(chart: Chart) -> list[AxisLabel]:
    first = AxisLabel(_LEFT, "start", chart.labels[0])
    last = AxisLabel(_RIGHT, "end", chart.labels[-1])
    return [first, last] if len(chart.labels) > 1 else [first]


def _points(chart: Chart, top: float) -> list[list[Mark]]:
    count = max(1, len(chart.labels) - 1)
    return [
        [
            Mark(number % _COLORS, _x(place, count), _y(value, top), _title(chart, name, place))
            for place, value in enumerate(values)
        ]
        for number, (name, values) in enumerate(chart.series.items())
    ]


def _bars(chart: Chart, top: float) -> list[Mark]:
    count, bars = len(chart.labels), []
    slot, lanes = (_RIGHT - _LEFT) / count, 1 if chart.stacked else len(chart.series)
    width = round(min(24, slot * 0.8 / lanes), 2)
    for place in range(count):
        middle, base = _x(place + 0.5, count), 0.0
        for number, (name, values) in enumerate(chart.series.items()):
            lane, value = 0 if chart.stacked else number, values[place]
            x = round(middle + (lane - lanes / 2) * width, 2)
            y, bottom = _y(base + value, top), _y(base, top)
            if chart.stacked:
                base += value
            if value:
                title, height = _title(chart, name, place), round(bottom - y, 2)
                bars.append(Mark(number % _COLORS, x, y, title, width, height))
    return bars


def _title(chart: Chart, name: str, place: int) -> str:
    return f"{name}, {chart.labels[place]}: {chart.shown(chart.series[name][place])}"
