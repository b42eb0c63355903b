"""Simulated communities on a real node: one that collapses as PM DAO did, one that recovers."""

from mikoshi.regimes.history import History, Month, run
from mikoshi.regimes.regime import COLLAPSE, MONTHS, RECOVERY, REGIMES, Regime

__all__ = ["COLLAPSE", "MONTHS", "RECOVERY", "REGIMES", "History", "Month", "Regime", "run"]
