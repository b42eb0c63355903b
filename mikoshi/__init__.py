"""Mikoshi: a kit for communities that govern themselves on an Ethereum chain."""

__version__ = "0.2.0"
