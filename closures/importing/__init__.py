"""Spreadsheet → checked rows → preview → saved in one transaction.

columns.py knows what a sheet may say, reading.py makes rows of cells out of any file, rows.py understands the cells,
checking.py holds the rows against each other and the register, saving.py saves them all or none.
"""

from .columns import template_csv, template_xlsx
from .reading import Refused
from .saving import (
    AT_ONCE,
    ask_to_save,
    check,
    check_in_job,
    discard,
    discard_old,
    is_small,
    receive,
    save,
    save_in_job,
    try_again,
)

__all__ = [
    "AT_ONCE",
    "Refused",
    "ask_to_save",
    "check",
    "check_in_job",
    "discard",
    "discard_old",
    "is_small",
    "receive",
    "save",
    "save_in_job",
    "template_csv",
    "template_xlsx",
    "try_again",
]
