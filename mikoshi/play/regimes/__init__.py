"""Simulated communities on a real node: one that collapses as PM DAO did, one that recovers."""
