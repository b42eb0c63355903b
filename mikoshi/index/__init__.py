"""All events of a DAO in a local SQLite file: read once, then only what is new."""

from mikoshi.index.command import indexed, updated
from mikoshi.index.index import Index, Updated

__all__ = ["Index", "Updated", "indexed", "updated"]
