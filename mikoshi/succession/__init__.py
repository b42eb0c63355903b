"""Seats given back: plans, what guardians and heirs ask for, and how it ends."""
