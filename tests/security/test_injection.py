"""What people type into addresses stays a value: no SQL, no second value, no syntax."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.pages import PASSWORD
from tests.security.attacks import INSIDES, SQL, twin, words
from tests.security.markup import difference
from tests.security.parameters import Read, parameters
from tests.security.rows import all_rows, changes
from tests.security.texts import PAYLOADS
from tests.security.walk import routes
from tests.security.world import World, email_of

APP = Path(__file__).resolve().parents[2] / "app"
SORTING = {"urut", "sort", "arah"}
KNOWN = {
    ("accounts.login", "next"),
    ("courses.catalogue", "q"),
    ("courses.catalogue", "urut"),
    ("courses.media", "unduh"),
    ("certificates.check", "kode"),
    ("notifications.index", "halaman"),
    ("admin.events", "orang"),
    ("admin.audit_export", "tingkat"),
    ("progress.lesson", "putar"),
}


@pytest.fixture(scope="module")
def read(world: World) -> list[Read]:
    return parameters(world)


def test_the_parameters_are_found(read: list[Read]) -> None:
    assert {(each.visit.endpoint, each.name) for each in read} >= KNOWN


def test_every_parameter_that_the_code_names_is_found(read: list[Read]) -> None:
    """A parameter that a view reads, but that no walk has heard of, would go untested."""
    asked = re.compile(
        r"""(?:(?<!kw)args\.get\(|query\.get\(|args\[)["'](\w+)["']|["'](\w+)["'] (?:not )?in request\.args"""
    )
    named = {a or b for path in APP.rglob("*.py") for a, b in asked.findall(path.read_text())}
    assert named - {each.name for each in read} == set(), (
        "let a row of objects.py or bodies.py lead to where it is read"
    )


@pytest.mark.parametrize("payload", SQL, ids=range(len(SQL)))
def test_t_sql_01_no_parameter_of_an_address_reaches_the_database_as_language(
    world: World, read: list[Read], payload: str
) -> None:
    before, broken = all_rows(), []
    for each in read:
        if each.visit.method == "GET":
            answer = world.ask(each.actor, "GET", each.visit.path, query_string={each.name: payload})
            if answer.status_code >= 500 or INSIDES.search(words(answer).replace(payload, "")):
                broken.append((each.visit.path, each.name, answer.status))
    assert broken == []
    assert changes(before, all_rows()) == []


@pytest.mark.parametrize("payload", [each for each in SQL if len(each) < 100 and "\x00" not in each], ids=str)
def test_t_sql_01_no_part_of_a_path_does(world: World, payload: str) -> None:
    broken = []
    for (endpoint, method), rule in routes(world.app).items():
        for name, converter in rule._converters.items():
            if type(converter).__name__ == "UnicodeConverter" and "/" not in payload:
                place = next(iter(world.places[frozenset(rule.arguments)].values()))
                path = world.path(endpoint, method, {**place, name: payload})
                for actor in ("guest", "enrolled", "admin"):
                    answer = world.ask(actor, method, path)
                    broken += [(path, answer.status)] if answer.status_code >= 500 else []
    assert broken == []


def test_t_sql_01_no_statement_is_put_together() -> None:
    """What `text(…)` and `execute(…)` are given is no f-string, no sum, no `%` and no `.format(…)`."""
    made = [
        f"{path.relative_to(APP)}: {ast.unparse(call)}"
        for path in sorted(APP.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and call.args and ast.unparse(call.func).split(".")[-1] in {"text", "execute"}
        if isinstance(call.args[0], ast.JoinedStr | ast.BinOp) or ".format(" in ast.unparse(call.args[0])
    ]
    assert made == ["core/db.py: connection.execute(f'PRAGMA {pragma}')"], "bind it: text('… = :name')"


def test_t_sql_01_quotes_do_not_sign_anybody_in(world: World) -> None:
    for login in (
        "' OR '1'='1",
        f"{email_of('admin')}' --",
        f"{email_of('admin')}%",
        "%@contoh.test",
        "_dmin@contoh.test",
    ):
        answer = world.ask("guest", "POST", "/masuk", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 422, login
    world.reset()


@pytest.mark.parametrize(
    "word", ["zxqv", "%", "_", "' OR '1'='1", "%%%", "te%ka", "t_rbuka", '"', "\\", "*", "terbuk*"]
)
def test_t_sql_02_a_search_takes_signs_for_signs(world: World, word: str) -> None:
    page = world.ask("admin", "GET", "/kursus", query_string={"q": word}).text
    assert "/kursus/terbuka" not in page
    assert "/kursus/terbuka" in world.ask("admin", "GET", "/kursus", query_string={"q": "TERBUKA"}).text


@pytest.mark.parametrize("payload", ["password_hash", "title; DROP TABLE users", "(SELECT 1)", "-1", "judul desc", "1"])
def test_t_sql_01_an_order_that_is_not_offered_is_the_usual_one(world: World, read: list[Read], payload: str) -> None:
    orders = [each for each in read if each.name in SORTING]
    assert orders
    for each in orders:
        usual = world.ask(each.actor, "GET", each.visit.path)
        other = world.ask(each.actor, "GET", each.visit.path, query_string={each.name: payload})
        assert _links(words(other)) == _links(words(usual)), each


def _links(page: str) -> list[str]:
    """What is listed, in its order; addresses without their query."""
    return re.findall(r'href="(/[^"?]+)', page.split("<main", 1)[-1])


@pytest.mark.pages
def test_t_hpp_01_of_a_parameter_that_comes_twice_the_first_counts(world: World, read: list[Read]) -> None:
    different = []
    for each in read:
        if each.visit.method != "GET" or each.visit.endpoint.endswith("xlsx"):
            continue  # a workbook holds the moment at which it was made
        answers = [
            world.ask(each.actor, "GET", each.visit.path, query_string={each.name: value})
            for value in ("2", ["2", "1"], ["2", "x", "pemula"])
        ]
        # A form that is sent to where it stands has the whole query in its address.
        if len({(answer.status, len(re.sub(r' action="[^"]*"', "", words(answer)))) for answer in answers}) > 1:
            different.append((each.visit.path, each.name))
    assert different == []


def test_t_hpp_01_no_view_mixes_address_and_form() -> None:
    mixing = [
        str(path) for path in APP.rglob("*.py") if re.search(r"request\.values|CombinedMultiDict", path.read_text())
    ]
    assert mixing == []


@pytest.mark.pages
@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_t_xss_02_no_parameter_comes_back_as_markup(world: World, read: list[Read], payload: str) -> None:
    """Every parameter gets a third of the payloads, the next one the next third."""
    wrong = {}
    for each in read[PAYLOADS.index(payload) % 3 :: 3]:
        if each.visit.method == "GET":
            plain, evil = (
                world.ask(each.actor, "GET", each.visit.path, query_string={each.name: value})
                for value in (twin(payload), payload)
            )
            if evil.mimetype == "text/html" and (found := difference(words(plain), words(evil))):
                wrong[each.visit.path, each.name] = found
    assert wrong == {}
