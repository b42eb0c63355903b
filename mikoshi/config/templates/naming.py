"""What follows from the name of a DAO: its slug, its symbol, and what its token is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mikoshi.text.units import normalize

_SLUG, _SYMBOL, _NAME = 40, 6, 64
"""Lengths: of a slug and a symbol in characters, of a token's name in bytes."""

_LATIN = re.compile(r"[A-Za-z0-9]{1,15}")  # with a C behind it, a symbol for the token


def slug_of(name: str, output: Path) -> str:
    """From the name, or from the file's name where the name is not ASCII; empty from neither."""
    return _slug(name) or ("" if output.stem == "dao" else _slug(output.stem))


def named(
    name: str, slug: str, values: Mapping[str, Mapping[str, Any]], symbol: str = ""
) -> dict[str, dict[str, Any]]:
    """What of a template's `values` is another for a DAO called `name`.

    The symbol comes from the slug unless it is given, and both are left out where there is no slug.
    The token changes where it bears the template's name.
    """
    dao: dict[str, Any] = {"name": name}
    token: dict[str, Any] = {}
    if slug:
        dao |= {"slug": slug, "symbol": symbol or symbol_of(slug)}
    old, was = values["token"], values["dao"]["name"]
    if was in old["name"]:
        called = old["name"].replace(was, name)
        token["name"] = called if len(called.encode()) <= _NAME else name
        if slug:
            latin = dao["symbol"] if _LATIN.fullmatch(dao["symbol"]) else symbol_of(slug)
            token["symbol"] = f"{latin}C"
            token["cap_per_epoch"] = old["cap_per_epoch"].replace(old["symbol"], token["symbol"])
    return {"dao": dao, "token": token}


def _slug(text: str) -> str:
    """`tea-dao` for "Tea DAO"; empty unless the text is ASCII."""
    plain = normalize(text).lower()
    if not plain.isascii():
        return ""
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG].strip("-")


def symbol_of(slug: str) -> str:
    """`TEA` for tea-dao, `PMD` for pm-dao: the first word, and initials if that is short."""
    first, *others = slug.split("-")
    short = first if len(first) > 2 else first + "".join(word[0] for word in others)
    return short[:_SYMBOL].upper()
