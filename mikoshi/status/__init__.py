"""The course of a proposal: submitted, voted on, executed or cancelled."""
