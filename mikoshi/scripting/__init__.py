"""A DAO in people's own scripts and tests, and in the console of Ape: `from mikoshi import DAO`."""
