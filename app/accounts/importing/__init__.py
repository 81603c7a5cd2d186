"""A table of people: what its columns mean (`columns`), what its rows say (`rows`), what they would change (`judging`).

Nothing here changes a row: `actions.importing` does, with the judgement of the moment.
"""

from app.accounts.importing.columns import FIELDS, SAMPLE, columns_of
from app.accounts.importing.judging import Judgement, check_sheet, judge, judge_stored
from app.accounts.importing.people import People, people_of
from app.accounts.importing.rows import Wanted, read_row

__all__ = [
    "FIELDS",
    "SAMPLE",
    "Judgement",
    "People",
    "Wanted",
    "check_sheet",
    "columns_of",
    "judge",
    "judge_stored",
    "people_of",
    "read_row",
]
