"""Proposals: typed actions in a file, the calls that follow, and calls back in words."""
