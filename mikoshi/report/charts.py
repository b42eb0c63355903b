"""Charts as SVG inside the page: bars, stacked bars and lines, each number with its title."""

from __future__ import annotations

import math

from mikoshi.report.figure import Chart
from mikoshi.report.markup import text

_WIDTH, _HEIGHT = 360, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 356, 10, 148
_TICKS = 4


def draw(chart: Chart) -> str:
    """The chart with its title and a legend, as HTML; empty without numbers."""
    if not chart.labels or not chart.series:
        return ""
    top = _round_up(_highest(chart)) if not chart.percent else 1.0
    marks = _lines(chart, top) if chart.lines else _bars(chart, top)
    svg = (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{text(chart.title)}">'
        f"{_axes(chart, top)}{marks}</svg>"
    )
    legend = "".join(
        f'<span><i class="s{number % 6}"></i>{text(name)}</span>'
        for number, name in enumerate(chart.series)
    )
    caption = f"<figcaption>{text(chart.title)}<br/>{legend}</figcaption>"
    return f"<figure>{svg}{caption}</figure>"


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


def _axes(chart: Chart, top: float) -> str:
    parts = []
    for tick in range(_TICKS + 1):
        value = top * tick / _TICKS
        label = f"{value:.0%}" if chart.percent else f"{value:,.0f}"
        y = _y(value, top)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="{_LEFT - 4}" y="{y + 3}" text-anchor="end">{label}</text>')
    last = len(chart.labels) - 1
    anchors = {0: (_LEFT, "start"), last: (_RIGHT, "end")} if last else {0: (_LEFT, "start")}
    for place, (x, anchor) in anchors.items():
        label = text(chart.labels[place])
        parts.append(f'<text x="{x}" y="{_HEIGHT - 6}" text-anchor="{anchor}">{label}</text>')
    return "".join(parts)


def _lines(chart: Chart, top: float) -> str:
    parts, count = [], max(1, len(chart.labels) - 1)
    for number, (name, values) in enumerate(chart.series.items()):
        points = [(_x(place, count), _y(value, top)) for place, value in enumerate(values)]
        path = " ".join(f"{x},{y}" for x, y in points)
        parts.append(f'<polyline class="s{number % 6}" points="{path}"/>')
        for (x, y), label, value in zip(points, chart.labels, values, strict=True):
            told = _title(name, label, value, chart)
            parts.append(f'<circle class="s{number % 6}" cx="{x}" cy="{y}" r="2">{told}</circle>')
    return "".join(parts)


def _bars(chart: Chart, top: float) -> str:
    count, series = len(chart.labels), list(chart.series.items())
    slot = (_RIGHT - _LEFT) / count
    lanes = 1 if chart.stacked else len(series)
    width = round(min(24, slot * 0.8 / lanes), 2)
    parts = []
    for place, label in enumerate(chart.labels):
        middle, base = _x(place + 0.5, count), 0.0
        for number, (name, values) in enumerate(series):
            lane = 0 if chart.stacked else number
            x = round(middle + (lane - lanes / 2) * width, 2)
            y, bottom = _y(base + values[place], top), _y(base, top)
            if chart.stacked:
                base += values[place]
            if values[place]:
                told = _title(name, label, values[place], chart)
                parts.append(
                    f'<rect class="s{number % 6}" x="{x}" y="{y}" width="{width}"'
                    f' height="{round(bottom - y, 2)}">{told}</rect>'
                )
    return "".join(parts)


def _title(name: str, label: str, value: float, chart: Chart) -> str:
    number = f"{value:.1%}" if chart.percent else f"{value:,.4g}"
    return f"<title>{text(f'{name}, {label}: {number}')}</title>"
