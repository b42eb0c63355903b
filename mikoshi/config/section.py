"""A table of dao.toml."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict

from mikoshi.config.kinds import Kind, Label


class Setting(NamedTuple):
    """A line of a table: its name, how it is read and shown, what it is called, its default."""

    name: str
    kind: Kind
    label: Label
    default: Any


class Section(BaseModel):
    """A table; `about` says what it is for. A name that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: ClassVar[Label]

    @classmethod
    def settings(cls) -> list[Setting]:
        """Its settings in order; lists of tables are not among them."""
        settings = []
        for name, info in cls.model_fields.items():
            kinds = [item for item in info.metadata if isinstance(item, Kind)]
            labels = [item for item in info.metadata if isinstance(item, Label)]
            if kinds and labels:
                default = None if info.is_required() else info.default
                settings.append(Setting(name, kinds[0], labels[0], default))
        return settings
