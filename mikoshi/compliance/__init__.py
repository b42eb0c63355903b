"""The switches of a DAO that need a lawyer's eye, in plain words. Information, no legal advice."""

from mikoshi.compliance.facts import Facts
from mikoshi.compliance.review import PRESETS, SWITCHES, review

__all__ = ["PRESETS", "SWITCHES", "Facts", "review"]
