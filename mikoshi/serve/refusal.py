"""Why an act is not taken, as programs and people get it: a kind and lines, by language."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mikoshi.text.errors import MikoshiError, ProblemError
from mikoshi.text.json import Json
from mikoshi.text.language import LANGUAGES, N_, _, clauses, speaking

NEXT = N_("Read what it says, and sign anew where that helps; nothing was sent")


def said(error: MikoshiError) -> Json:
    """An error in the language spoken now."""
    return {"kind": error.kind, "lines": error.lines}


def refusal(problems: Sequence[ProblemError]) -> Json:
    """Why an act is refused, in the language spoken now."""
    what, why = _("It was not taken"), clauses(map(str, problems))
    return {"kind": problems[0].kind, "lines": [what, why, _(NEXT)]}


def kept(problems: Sequence[ProblemError]) -> str:
    """The same in every language, to be kept."""
    told = {}
    for language in LANGUAGES:
        with speaking(language):
            told[language] = refusal(problems)
    return json.dumps(told, ensure_ascii=False)


def recalled(kept: str, language: str) -> Json:
    """What was kept, in a language."""
    told = json.loads(kept)
    return told.get(language) or told["en"]
