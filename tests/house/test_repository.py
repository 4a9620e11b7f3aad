"""The project as a stranger finds it: a short front page, a readable top folder, nothing of one machine in it."""

import re
import shutil
import subprocess
import tomllib

import pytest

from tests.house.reading import ROOT, files

#: Written in pieces where needed, so that this file does not find itself.
FOREIGN = {
    "a path of one machine": re.compile(r"(?<![\w.*-])/(?:home|root|Users|work|tmp|opt|mnt|srv)/\w"),
    "a package registry": re.compile(
        r"pypi\.org|pythonhosted\.|registry\.npmjs|conda\.anaconda|mirrors\.\w+\.\w+|tuna\.tsinghua"
    ),
    "a tool of one workplace": re.compile(r"\.librar[y]\b|bash_job[s]"),
}
TOP = {
    ".ci", ".github", ".gitignore", ".streamlit", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "bench",
    "config", "dashboards", "data", "docs", "kpiflow", "pyproject.toml", "requirements-dev.lock", "requirements.lock", "tests",
}  # fmt: skip


def texts() -> dict[str, str]:
    """Every file that is text, by path."""
    found = {}
    for name in files():
        content = (ROOT / name).read_bytes()
        if b"\0" not in content[:4096]:
            found[name] = content.decode("utf-8", errors="replace")
    return found


def test_the_front_page_is_short():
    count = (ROOT / "README.md").read_text(encoding="utf-8").count("\n")
    assert 20 <= count <= 150, (
        f"README.md has {count} lines; at most 150. Move what is not for the first visit to docs/."
    )


def test_nothing_of_one_machine_is_in_the_project():
    wrong = [
        f"{name}:{text[: match.start()].count(chr(10)) + 1}: {what}: {match.group()}"
        for name, text in texts().items()
        for what, pattern in FOREIGN.items()
        for match in pattern.finditer(text)
    ]
    assert not wrong, (
        "Use paths relative to the project, and tmp_path in tests; name no host packages come from.\n"
        + "\n".join(wrong)
    )


def test_the_top_folder_holds_what_was_agreed():
    found = {name.split("/")[0] for name in files()}
    assert found <= TOP, (
        f"Put {sorted(found - TOP)} into a folder that is there, or agree on it in docs/architecture.md first."
    )


def test_both_locks_pin_with_hashes_and_agree():
    """What is tested is what runs: every line of the first lock stands in the second as well."""
    pins = {}
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
        bare = [block.split()[0] for block in blocks if "--hash=sha256:" not in block]
        assert not bare, f"{name}: no hash for {bare}; run 'make lock'."
        pins[name] = {block.split(" \\")[0] for block in blocks}
    missing = pins["requirements.lock"] - pins["requirements-dev.lock"]
    assert not missing, f"requirements-dev.lock lacks {sorted(missing)}; run 'make lock'."


def test_every_dependency_is_locked_and_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    groups = project["dependency-groups"]
    for needed in (*project["project"]["dependencies"], *groups["build"], *groups["dev"]):
        name = re.match(r"[\w.-]+", needed)[0]
        canonical = re.sub(r"[._]", "-", name)
        assert re.search(rf"^{re.escape(canonical)}==", lock, re.MULTILINE), f"{name} is not locked; run 'make lock'."
        assert re.search(rf"`{re.escape(name)}(\[\w+\])?`", page), (
            f"Say in docs/architecture.md why `{name}` is needed."
        )


def test_make_understands_its_own_file():
    """A line that lost its beginning makes every command fail; nothing is run here."""
    if shutil.which("make") is None:
        pytest.skip("there is no make on this machine")
    done = subprocess.run(
        ["make", "--dry-run", "--always-make", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for tool in ("ruff format --check", "ruff check", "lint-imports", "mypy", "docs.generate --check", "audit.py"):
        assert tool in done.stdout, f"'make check' does not run {tool}."


def test_make_is_where_the_commands_are():
    """Each command the front page names exists."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("setup", "demo", "test", "check", "bench"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"Makefile has no '{target}'."
    for document in ("README.md", "CONTRIBUTING.md"):
        for target in re.findall(r"`make (\w+)", (ROOT / document).read_text(encoding="utf-8")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), (
                f"{document} names 'make {target}', which is not there."
            )


def test_the_changelog_speaks_of_this_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), (
        f"CHANGELOG.md has no '## {version}'."
    )
