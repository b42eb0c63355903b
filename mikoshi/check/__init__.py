"""Whether a DAO on a chain is what its record and its dao.toml say: code, wiring, roles, state."""

from mikoshi.check.check import check
from mikoshi.check.report import Difference, Report, Section
from mikoshi.check.roles import accept_voted_roles

__all__ = ["Difference", "Report", "Section", "accept_voted_roles", "check"]
