"""Proposals tried on a copy of the chain before anybody votes on them or sends them."""

from mikoshi.simulate.run import simulate
from mikoshi.simulate.simulation import Finding, Simulation

__all__ = ["Finding", "Simulation", "simulate"]
