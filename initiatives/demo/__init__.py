"""The demo data of this room: strategies and initiatives as the papers have them, and an invented follow-up.

What is known comes from the papers, in words of our own; what they leave open is left open here too ("ikke oplyst").
"""

from datetime import date

from . import followup, strategies, table


def load(*, today: date) -> None:
    principles = strategies.load()
    initiatives = table.load(principles)
    followup.load(initiatives, today=today)
