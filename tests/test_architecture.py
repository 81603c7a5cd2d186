"""The house rules of CONTRIBUTING.md, held by a test where a test can hold them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import PACKAGES

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "app").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))
DRAWERS = {"utils.py", "helpers.py", "common.py", "managers.py", "services.py", "misc.py"}
ROOMS = {
    "__init__", "models", "actions", "queries", "access", "events", "receivers", "states", "forms", "views", "cli",
}  # fmt: skip


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node


def length(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_short_and_so_are_its_functions(path: Path) -> None:
    assert path.read_text().count("\n") <= 300
    assert [f"{node.name}: {length(node)}" for node in functions(path) if length(node) > 40] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_is_short_and_has_no_inline_code(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 120
    if "email" not in path.parts:
        assert re.findall(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=", text) == []
    assert "|safe" not in text.replace(" ", "")


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_takes_no_method_of_a_dict_for_what_lies_in_it(path: Path) -> None:
    """`rules.keys` of a dict is its method, which is always true: a key was shown that way once."""
    assert re.findall(r"\w\.(?:keys|values|get|pop|copy|update|clear)\b(?!\()", path.read_text()) == []


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_a_stylesheet_is_short(path: Path) -> None:
    assert path.read_text().count("\n") <= 200


def test_there_is_no_drawer() -> None:
    assert [name_of(path) for path in MODULES if path.name in DRAWERS] == []


def test_every_module_says_what_it_is_about() -> None:
    # One-line `__init__`s of data folders apart, a module begins with a docstring.
    assert [name_of(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_public_functions_of_the_inner_rooms_have_contracts() -> None:
    rooms = [path for path in MODULES if path.stem in {"actions", "access"} or path.parent.name == "core"]
    missing = [
        f"{name_of(path)}: {node.name}"
        for path in rooms
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
        and node.name != "init_app"
    ]  # fmt: skip
    assert missing == []


def test_only_the_kernel_catches_everything() -> None:
    broad = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.ExceptHandler) or path.parent.name == "events":
                continue
            if isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None:
                continue  # it cleans up and passes on
            if node.type is None or (
                isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}
            ):
                broad.append(f"{name_of(path)}:{node.lineno}")
    assert broad == []


def test_only_core_db_commits() -> None:
    commits = [
        name_of(path) for path in MODULES if re.search(r"session\.commit\(|\.session\.begin\(", path.read_text())
    ]
    assert commits == ["app/core/db.py"]


WITHOUT_ACTOR = {
    "ActionFailed",  # nobody wants an error
    "CertificateIssued",  # stated by receivers: the actor is the one of the fact that they handle; so are the next five
    "CourseImportBegun",
    "CourseImportRefused",
    "NotificationCreated",
    "_updated",  # ProgressUpdated
    "UploadContinued",  # by the timer that looks after it
    "following",  # TaskContinued, TaskFinished
    "MediaForgotten",  # what nothing uses goes after a week, by itself
    "RegistrationRepeated",  # by a guest
    "SignInLimited",  # by a guest
}
"""What is stated without an actor, and why; of all else the log would say "Sistem" where a person acted."""


def test_a_fact_says_who_did_it() -> None:
    found = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != "emit":
                continue
            if "actor" not in {each.arg for each in node.keywords}:
                found.add(ast.unparse(node.args[0]).partition("(")[0])
    assert found == WITHOUT_ACTOR


def test_only_actions_and_the_kernel_state_facts() -> None:
    stating = {name_of(path) for path in MODULES if re.search(r"(?<![\w.])emit\(", path.read_text())}
    allowed = re.compile(r"app/(events/\w+|\w+/actions(/\w+)?)\.py")
    assert [name for name in stating if not allowed.fullmatch(name)] == []


def test_nothing_below_the_views_reads_the_request() -> None:
    inner = {"models", "actions", "queries", "receivers", "events", "states"}
    reading = re.compile(r"from (flask|app\.accounts\.access) import .*\b(request|session|current_user)\b")
    below = [path for path in MODULES if path.stem in inner and "views" not in path.parts]
    assert [name_of(path) for path in below if reading.search(path.read_text())] == []


def test_only_core_clock_reads_the_clock() -> None:
    readers = [
        name_of(path)
        for path in MODULES
        if re.search(r"datetime\.(now|utcnow|today)\(|date\.today\(", path.read_text())
    ]
    assert readers == ["app/core/clock.py"]


def test_every_package_is_joined() -> None:
    folders = {path.name for path in (ROOT / "app").iterdir() if (path / "__init__.py").exists()}
    assert folders == set(PACKAGES)


def test_imports_only_look_down() -> None:
    done = subprocess.run([Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
