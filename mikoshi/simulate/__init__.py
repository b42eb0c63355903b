"""Proposals tried on a copy of the chain before anybody votes on them or sends them."""
