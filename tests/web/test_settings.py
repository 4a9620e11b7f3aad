"""Settings: the environment before the file, slips of the hand refused, secrets never shown, and each with its default."""

import datetime
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kpiflow.cli.main import app
from kpiflow.errors import InvalidInput
from kpiflow.web.api.limits import Allowed, allowed_of
from kpiflow.web.settings import loading
from kpiflow.web.settings.model import Settings, is_secret, variable
from kpiflow.workspace.api_tokens.making import Lasting
from kpiflow.workspace.sign_in import signed_in
from kpiflow.workspace.webhooks import terms


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder without settings, and an environment without them; what a file sets is taken back at the end."""
    for name in Settings.model_fields:
        for word in (variable(name), f"{variable(name)}_FILE"):
            monkeypatch.setenv(word, "")
            monkeypatch.delenv(word)
    monkeypatch.setattr(loading, "_from_file", {})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(*arguments: str) -> dict[str, tuple[str, str]]:
    """What `kpiflow settings` says: value and origin by name."""
    ran = CliRunner().invoke(app, [*arguments, "settings", "--format", "json"])
    assert ran.exit_code == 0, ran.output
    return {row["setting"]: (row["value"], row["from"]) for row in json.loads(ran.stdout)}


def test_the_environment_comes_before_the_file_and_the_file_before_the_default(alone, monkeypatch):
    (alone / "kpiflow.toml").write_text(
        'store = "kept.duckdb"\nsession_hours = 3\nhosts = ["a.example", "b.example"]\n[webhook]\ndays = 2.5\n'
    )
    monkeypatch.setenv("KPIFLOW_SESSION_HOURS", "4")
    found = shown()
    assert found["session_hours"] == ("4", "environment")
    assert found["webhook_days"] == ("2.5", "kpiflow.toml")
    assert found["hosts"] == ("a.example, b.example", "kpiflow.toml")
    assert found["port"] == ("8501", "default")
    assert terms.terms_of().tried_for == datetime.timedelta(days=2.5), "what reads the environment hears of the file"
    ran = CliRunner().invoke(app, ["journal"])
    assert "kept.duckdb" in str(ran.exception), "options take their default from the file"


def test_a_secret_is_read_from_its_own_file_and_shown_as_stars(alone, monkeypatch):
    (alone / "secret").write_text("sixteen letters or more\n")
    monkeypatch.setenv("KPIFLOW_METRICS_TOKEN_FILE", str(alone / "secret"))
    assert shown()["metrics_token"] == ("********", str(alone / "secret"))
    assert loading.in_force().metrics_token.get_secret_value() == "sixteen letters or more"
    loading._from_file.clear()
    monkeypatch.setenv("KPIFLOW_METRICS_TOKEN", "short")
    with pytest.raises(InvalidInput, match="KPIFLOW_METRICS_TOKEN cannot be taken") as refused:
        loading.in_force()
    assert "short" not in str(refused.value)
    assert [name for name in Settings.model_fields if is_secret(name)] == ["oidc_client_secret", "metrics_token"]


@pytest.mark.parametrize(
    ("file", "environment", "said"),
    [
        ("sesion_hours = 3", {}, "Did you mean 'session_hours'"),
        ("[webhook]\ndayz = 3", {}, "Did you mean 'webhook_days'"),
        ("quite = 'other'", {}, "lists them"),
        ("port = ", {}, "cannot be read"),
        ("", {"KPIFLOW_SESION_HOURS": "3"}, "Did you mean KPIFLOW_SESSION_HOURS"),
        ("", {"KPIFLOW_SETTINGS": "not-there.toml"}, "no settings file at not-there.toml"),
        ("", {"KPIFLOW_METRICS_TOKEN_FILE": "not-there"}, "cannot be read"),
        ("session_hours = -1", {}, "kpiflow.toml: session_hours cannot be taken"),
        ("", {"KPIFLOW_PORT": "many"}, "KPIFLOW_PORT cannot be taken"),
        (
            "",
            {"KPIFLOW_API_READS": "fast"},
            "KPIFLOW_API_READS cannot be taken: write requests a second and at once, such as 20/60",
        ),
        ("api_address = '5/0'", {}, "kpiflow.toml: api_address cannot be taken: write requests a second"),
    ],
)
def test_what_nobody_meant_is_refused_with_the_nearest_word(alone, monkeypatch, file, environment, said):
    (alone / "kpiflow.toml").write_text(file)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def read() -> None:
        loading.load()
        loading.in_force()

    with pytest.raises(InvalidInput, match=said):
        read()


def test_every_variable_that_the_code_names_is_a_setting():
    """One place says what can be set: a part that reads a variable of its own would be refused as a slip, or never found."""
    root = Path(loading.__file__).parents[3]
    code = "".join(
        file.read_text(encoding="utf-8") for part in ("kpiflow", "dashboards") for file in (root / part).rglob("*.py")
    )
    named = set(re.findall(r"\bKPIFLOW_[A-Z_]*[A-Z]\b", code)) - {"KPIFLOW_SETTINGS", "KPIFLOW_OIDC"}
    assert named <= {variable(name) for name in Settings.model_fields}


def test_names_of_others_are_left_alone(alone, monkeypatch):
    monkeypatch.setenv("KPIFLOW_PG_PASSWORD", "for a source of measurements")
    monkeypatch.setenv("KPIFLOW_CHROMIUM", "for the tests")
    loading.load()


@pytest.mark.parametrize(
    ("text", "taken"),
    [("0", True), ("0/5", True), ("50", True), (" 2.5/9 ", True), ("5 / 9", False), ("5/0", False), ("1e3", False)],
)
def test_a_rate_is_a_setting_where_the_api_can_read_it(alone, monkeypatch, text, taken):
    """What the settings let through and the limits then refuse would stop the server with another sentence; or the reverse."""
    monkeypatch.setenv("KPIFLOW_API_WRITES", text)
    for read in (loading.in_force, lambda: allowed_of({"KPIFLOW_API_WRITES": text})):
        if taken:
            read()
        else:
            with pytest.raises(InvalidInput, match="KPIFLOW_API_WRITES"):
                read()


def test_the_defaults_written_down_are_those_of_the_code(alone):
    """What each part holds to when nothing is set, read from that part itself."""
    told, hours = Settings(), datetime.timedelta(hours=1)
    usual, api = signed_in.Terms(), Allowed()
    assert (told.session_hours * hours, told.welcome_hours * hours) == (usual.lasting, usual.welcome)
    assert told.session_idle_minutes * hours / 60 == usual.idle
    assert (told.token_days, told.token_most_days) == (Lasting().usual, Lasting().most)
    written = {"KPIFLOW_API_READS": told.api_reads, "KPIFLOW_API_WRITES": told.api_writes, "KPIFLOW_API_ADDRESS": told.api_address,
               "KPIFLOW_API_BODY_MB": str(told.api_body_mb), "KPIFLOW_API_ROWS": str(told.api_rows)}  # fmt: skip
    assert allowed_of(written) == api
    assert (told.webhook_days, told.webhook_seconds) == (terms.Terms.tried_for.days, terms.Terms.timeout)
