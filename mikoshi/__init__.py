"""Mikoshi: a kit for communities that govern themselves on an Ethereum chain."""

from importlib import import_module

__version__ = "0.2.0"


def __getattr__(name: str) -> object:
    """`DAO`, once somebody asks for it: it brings Ape, which takes two seconds to start."""
    if name == "DAO":
        return import_module("mikoshi.scripting.dao").DAO
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
