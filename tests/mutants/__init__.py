"""Mutants: the contracts, broken in one place each, and the test that notices.

`make mutants` compiles each mutant, checks that its code differs, and runs the test that it names
against a DAO made of it. The test must pass on the contracts as they are and fail on the mutant by
an assertion of its own: a crash, a time-out or a compile error proves nothing.
"""
