"""The store and what is written beside it: no text becomes SQL, no file is read by other logins, no secret is in words."""

import ast
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kpiflow.errors import KPIFlowError
from kpiflow.storage import Store
from kpiflow.storage.accounts import read_account
from kpiflow.web.settings import Provider
from kpiflow.web.site import Site
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.scores.wanted import Page, Wanted
from kpiflow.workspace.sign_in import accounts
from tests.rights.test_walk import CALLS, ENTRY, GOALS, NothingToTry, people_in, subjects_for
from tests.security.regexes import nested
from tests.web.conftest import PASSWORD

ROOT = Path(__file__).parents[2]

#: What would end a text in SQL, a name in SQL or a path, and go on.
INJECTED = (
    "x' OR '1'='1", "x'; DROP TABLE journal; --", 'x"; DELETE FROM account; --', "x') UNION SELECT password FROM account --",
    "$name", "?", "x\x00y", "\\", "%", "_", "../../etc/passwd", "read_text('/etc/passwd')", "\U0001f600" * 40, "x" * 20_000,
)  # fmt: skip


@pytest.fixture(scope="module")
def example(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A copy of the example company to attack."""
    path = tmp_path_factory.mktemp("injected") / "mine.duckdb"
    shutil.copy(demo_store, path)
    with closing(Workspace.open(path, demo=True)) as opened:
        yield opened


def counted(ws: Workspace) -> dict[str, int]:
    """How many rows each table has."""
    with ws.store.read() as cursor:
        tables = [row[0] for row in cursor.sql("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {one: cursor.sql(f'SELECT count(*) FROM "{one}"').fetchall()[0][0] for one in tables}


class Attacked:
    """Somebody or something whose id is an attack."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind, self.owner = kind, text

    def __str__(self) -> str:
        return self.owner


def test_no_text_that_is_asked_with_becomes_sql(example):
    """Each question and change of the door, with each attack for its goal, person or unit: answered or refused, never run."""
    before, wrong = counted(example), []
    for name, call in CALLS.items():
        if ENTRY[name].about == "company":
            continue
        for text in INJECTED:
            try:
                call(example, ADMINISTRATOR, Attacked("person", text), text)
            except (KPIFlowError, NothingToTry):
                continue
            except Exception as other:  # noqa: BLE001 — told below
                wrong.append(f"{name} with {text[:30]!r}: {type(other).__name__}: {str(other)[:120]}")
    after = counted(example)
    assert not wrong, "\n".join(wrong[:12])
    assert {table for table in before if after[table] < before[table]} == set()
    assert {"journal", "account"} <= set(after)


@pytest.mark.parametrize("text", INJECTED)
def test_no_period_day_filter_or_search_becomes_sql(example, text):
    before = counted(example)
    for ask in (
        lambda: example.overview(ADMINISTRATOR, text),
        lambda: example.scores(ADMINISTRATOR, "2013", wanted=Wanted(text=text), page=Page()),
        lambda: example.goal_choices(ADMINISTRATOR, "2013", text),
        lambda: example.closings(Asker(text, account=text, roles=(text,))),
        lambda: example.pay_statement(ADMINISTRATOR, text, text),
        lambda: example.score_why(ADMINISTRATOR, text, text),
    ):
        try:
            ask()
        except (KPIFlowError, TypeError):
            continue
    assert counted(example) == before


def test_sql_is_never_put_together_with_format_or_percent():
    """Values go in as parameters. The one `.format` is psycopg's own, which quotes what it is given."""
    doors = []
    for path in sorted((ROOT / "kpiflow").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                first = ast.unparse(node.args[0])
                put = isinstance(node.args[0], ast.BinOp) or (
                    isinstance(node.args[0], ast.Call) and ".format(" in first
                )
                if node.func.attr in ("execute", "executemany", "sql") and put and "sql.SQL(" not in first:
                    doors.append(f"{path.name}:{node.lineno}: {first[:80]}")
    assert not doors, doors


def modes(folder: Path) -> dict[str, str]:
    """Which files others may read."""
    return {
        one.name: oct(one.stat().st_mode)
        for one in folder.rglob("*")
        if one.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    }


def test_a_store_is_read_by_its_own_login_alone(tmp_path):
    Store.create(tmp_path / "a.duckdb").close()
    assert not modes(tmp_path)


def test_nothing_the_command_writes_is_read_by_other_logins(tmp_path):
    """Stores, their logs, backups and rows set aside: all of them hold what people earn."""
    bad = tmp_path / "bad.csv"
    bad.write_text("metric,unit,day,value\nnothing,nowhere,never,none\n", encoding="utf-8")
    bad.chmod(0o600)
    tmp_path.chmod(0o700)

    def command(*given: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "kpiflow", *given], cwd=tmp_path, capture_output=True, check=False, timeout=120
        )

    command("init", "--config", str(ROOT / "config"), "--store", "s.duckdb")
    command("load", "bad.csv", "--store", "s.duckdb", "--rejects", "rejects")
    command("backup", "copy.duckdb", "--store", "s.duckdb")
    made = {one.name for one in tmp_path.rglob("*")}
    assert {"s.duckdb", "copy.duckdb", "rejects"} <= made
    assert not modes(tmp_path)


def literals() -> Iterator[tuple[str, str]]:
    """Every regular expression of the program, with where it stands."""
    for folder in ("kpiflow", "dashboards"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and ast.unparse(node.func.value) == "re"
                ):
                    first = node.args[0] if node.args else None
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", first.value


#: Nested, and still quick: blanks and marks have no sign in common, so a text is divided over them in one way.
QUICK = (r"(?:\s*(?:[*†‡§¶※#]|",)


def test_no_regular_expression_takes_time_without_end():
    found = list(literals())
    assert len(found) > 20
    wrong = [f"{place}: {pattern}" for place, pattern in found if nested(pattern) and not pattern.startswith(QUICK)]
    assert not wrong, wrong


@pytest.mark.parametrize(
    ("pattern", "bad"), [(r"(a+)+$", True), (r"(\w+\s?)*$", True), (r"(-\w+)*", False), (r"\w+@\w+", False)]
)
def test_the_look_at_regular_expressions_sees_what_it_should(pattern, bad):
    assert nested(pattern) == bad


def test_what_one_person_was_shown_is_not_kept_for_the_next(demo_store, tmp_path):
    """Each question of the door, asked by somebody who may see all and then by others, against a workspace asked by them alone."""
    shared, alone = (shutil.copy(demo_store, tmp_path / f"{name}.duckdb") for name in ("shared", "alone"))
    wrong = []
    with closing(Workspace.open(shared, demo=True)) as warm, closing(Workspace.open(alone, demo=True)) as fresh:
        for name, call in CALLS.items():
            if ENTRY[name].writes:
                continue
            subject = subjects_for(name)[-1]
            goal = GOALS.get(subject, "")
            said = [answer_of(call, warm, Asker(person), subject, goal) for person in ("p0001", "p0101")]
            expected = answer_of(call, fresh, Asker("p0101"), subject, goal)
            if people_in(said[1]) != people_in(expected) or type(said[1]) is not type(expected):
                wrong.append(f"{name}: {type(said[1]).__name__}, alone {type(expected).__name__}")
    assert not wrong, wrong


def answer_of(call, ws, asker, subject, goal):
    """An answer, or the refusal."""
    try:
        return call(ws, asker, subject, goal)
    except (KPIFlowError, NothingToTry) as refusal:
        return refusal


def test_no_secret_is_in_what_represents_a_thing(ws):
    """What ends in a log by accident is what `repr` says."""
    site = Site(ws, lambda asker: "x", provider=Provider("https://id.example.com", "us", "hush-hush"))
    assert "hush-hush" not in repr(site)
    assert site.secret.hex() not in repr(site)
    assert repr(site.secret) not in repr(site)
    kept = read_account(ws.store, "ann")
    assert "argon2" not in repr(kept), "a hash in a log is a password to be tried at leisure"


def test_neither_password_nor_token_is_in_the_store_or_its_journal(ws, reader):
    one = reader()
    one.sign_in()
    one.sign_in(password="wrong wrong wrong")
    accounts.add(ws, ADMINISTRATOR, "bob", person="p0002")
    link = accounts.invite(ws, ADMINISTRATOR, "bob").path.partition("=")[2]
    with ws.store.read() as cursor:
        cursor.execute("CHECKPOINT")
        said = str(cursor.sql("SELECT * FROM journal").fetchall())
    kept = ws.store.path.read_bytes()
    for secret in (PASSWORD, "wrong wrong wrong", one.token, link):
        assert secret.encode() not in kept
        assert secret not in said
