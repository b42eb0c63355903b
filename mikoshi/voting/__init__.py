"""Voting and what belongs to it: voice in numbers, ballots, relaying, delegation, dormancy."""
