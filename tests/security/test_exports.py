"""T-CSV-01: no table that this site hands out holds a formula, whoever wrote the words in it."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from http import HTTPStatus
from itertools import cycle
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from app.core.sheets.download import TYPES
from tests.security.texts import fill
from tests.security.walk import visits
from tests.security.world import World

pytestmark = pytest.mark.pages

FIRSTS = "=+-@＝＋－＠"
NUMBER = re.compile(r"-?\d+([.,]\d+)?")
EXAMPLES = {"admin.people_import_sample", "assessments.questions_sample"}
"""Tables of our own words."""


def cells_of(answer: TestResponse) -> list[str]:
    """The cells of the table that a spreadsheet program shows as text. Raises AssertionError for a formula in it."""
    if answer.mimetype == TYPES["csv"]:
        cells = [
            each for row in csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";") for each in row
        ]
        calculated = [each for each in cells if each.startswith(tuple(FIRSTS)) and not NUMBER.fullmatch(each)]
    else:
        sheets = load_workbook(io.BytesIO(answer.data)).worksheets
        found = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
        cells = [str(cell.value) for cell in found if cell.data_type == "s"]
        calculated = [cell.value for cell in found if cell.data_type not in {"s", "n"}]
        calculated += [name for name in ZipFile(io.BytesIO(answer.data)).namelist() if "externalLink" in name]
    assert calculated == []
    return cells


def tables(world: World) -> Iterator[tuple[str, TestResponse]]:
    """Every table that an admin gets, with its endpoint. What shows a page somewhere is no table elsewhere."""
    pages = set()
    for visit in visits(world):
        if visit.method == "GET" and visit.endpoint not in pages:
            answer = world.ask("admin", "GET", visit.path)
            if answer.mimetype in {TYPES["csv"], TYPES["xlsx"]}:
                yield visit.endpoint, answer
            elif answer.status_code == HTTPStatus.OK and answer.mimetype == "text/html":
                pages.add(visit.endpoint)


def test_t_csv_01_no_cell_of_any_export_is_a_formula(world: World) -> None:
    firsts = cycle(FIRSTS)
    for markdown in (False, True):
        fill(lambda _name: f'{next(firsts)}HYPERLINK("x")', markdown=markdown)
    found: dict[str, str] = defaultdict(str)
    for endpoint, answer in tables(world):
        found[endpoint] += "\n".join(cells_of(answer))
    harmless = {endpoint for endpoint, cells in found.items() if "HYPERLINK" not in cells}
    assert harmless == EXAMPLES, "an example of our own words, or a table for whose words the world has no rows"
