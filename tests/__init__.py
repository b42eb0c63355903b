"""Every test of Mikoshi, and what the tests share."""
