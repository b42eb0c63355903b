"""A whole DAO in plain Python, written from the design and the interfaces.

It shares no code with the contracts or with the rest of mikoshi: the state machine runs both and
compares them.
"""
