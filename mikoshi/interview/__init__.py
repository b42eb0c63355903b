"""A short interview that writes a dao.toml for who knows communities and no blockchain."""

from mikoshi.interview.answers import Answers, read_answers
from mikoshi.interview.draft import Draft, make_draft
from mikoshi.interview.questions import QUESTIONS

__all__ = ["QUESTIONS", "Answers", "Draft", "make_draft", "read_answers"]
