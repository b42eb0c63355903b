"""The audit kit: fixtures, models and state machines that run against a deployed DAO."""
