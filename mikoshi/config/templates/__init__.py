"""Kinds of communities to begin with: `ape run init --template salon`."""
