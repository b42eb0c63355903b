"""A simulation as one HTML page that needs nothing else: no network, no script."""

from __future__ import annotations

from html import escape

from mikoshi.simulate.simulation import LEVELS, Simulation, Table
from mikoshi.text.console import visible
from mikoshi.text.language import current

_LONGEST_WORD = 24
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin: 1.5rem 0 .3rem }
.scroll { overflow-x: auto }
table { border-collapse: collapse; font-size: .9rem }
th, td { border-bottom: 1px solid #ccc; padding: .25rem .6rem; text-align: left;
  vertical-align: top }
.long { overflow-wrap: anywhere }
.right { text-align: right; white-space: nowrap }
.failure { border-left: .3rem solid #c00 } .warning { border-left: .3rem solid #c80 }
.info { border-left: .3rem solid #888 }
.failure, .warning, .info { margin: .4rem 0; padding: .1rem .6rem }
"""

_PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def html(sim: Simulation) -> str:
    """All of it; what others wrote stands there as text, whatever it says."""
    body = [f"<p>{_text(line)}</p>" for line in sim.summary]
    for level in LEVELS:
        body += [f'<p class="{level}">{_text(text)}</p>' for text in sim.of(level)]
    body += [_table(table) for table in sim.tables]
    title = _text(sim.subject.title)
    return _PAGE.format(lang=current(), title=title, style=_STYLE, body="\n".join(body))


def _table(table: Table) -> str:
    sides = [' class="right"' if column.startswith(">") else "" for column in table.columns]
    head = _row("th", table.columns, sides)
    rows = "\n".join(_row("td", row, sides) for row in table.rows)
    body = f'<div class="scroll"><table>\n{head}\n{rows}\n</table></div>'
    return f"<h2>{_text(table.title)}</h2>\n{body}"


def _row(tag: str, cells: tuple[str, ...], sides: list[str]) -> str:
    inner = (
        f"<{tag}{side or _long(cell)}>{_text(cell.lstrip('>') if tag == 'th' else cell)}</{tag}>"
        for cell, side in zip(cells, sides, strict=True)
    )
    return f"<tr>{''.join(inner)}</tr>"


def _long(cell: str) -> str:
    """Only what has no place to break at, such as bytes and addresses, may break anywhere."""
    return ' class="long"' if any(len(word) > _LONGEST_WORD for word in cell.split()) else ""


def _text(text: str) -> str:
    return escape(visible(text))
