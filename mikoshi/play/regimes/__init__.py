"""Simulated communities on a real node: some that end, as PM DAO did, and some that go on."""
