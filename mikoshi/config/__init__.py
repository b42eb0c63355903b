"""dao.toml: what a DAO shall be, checked before anything is done."""

from mikoshi.config.model import Config, Row

__all__ = ["Config", "Row"]
