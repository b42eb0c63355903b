"""Whether a DAO on a chain is what its record and its dao.toml say: code, wiring, roles, state."""

from mikoshi.check.check import check
from mikoshi.check.report import Difference, Report, Section

__all__ = ["Difference", "Report", "Section", "check"]
