"""All events of a DAO in a local SQLite file: read once, then only what is new."""

from mikoshi.index.command import follow, indexed
from mikoshi.index.index import Index, Updated

__all__ = ["Index", "Updated", "follow", "indexed"]
