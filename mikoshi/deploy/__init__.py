"""Bringing a DAO onto a chain: a plan first, then as few transactions as it takes, each once."""
