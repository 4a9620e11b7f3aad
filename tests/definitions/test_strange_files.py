"""Whatever lies in the folder, reading it ends in problems with a path and a line, never in a traceback."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpiflow.definitions.reading import read_company
from kpiflow.errors import ConfigurationError
from tests.definitions.companies import base, lines, read, written

#: A page of aliases that stands for ten to the ninth values, plain and as goals with children.
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 9)
)
GOAL_BOMB = "".join(
    f"  - &g{level} {{goal: G{level}, label: x, owner: ALL, children: [{', '.join([f'*g{level - 1}'] * 10) if level else ''}]}}\n"
    for level in range(9)
)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    reading = read_company(tmp_path / "nowhere")
    assert reading.company is None
    assert "There is no folder" in str(reading.problems[0])


def test_an_empty_folder(tmp_path: Path) -> None:
    assert lines(read_company(tmp_path), tmp_path) == [
        "calendar.yaml:1: error: There is no calendar.yaml. Every company needs one.",
        "company.yaml:1: error: There is no company.yaml. Every company needs one.",
        "metrics.yaml:1: error: There is no metrics.yaml. Every company needs one.",
    ]


def test_all_errors_come_in_one_exception(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="3 errors") as caught:
        read_company(tmp_path).required()
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("name", ["goals.csv", "goals.yaml", "company.yaml", "plans/x.yaml"])
@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a text file"),
        ("标签: 准点率\n".encode("gb18030"), "not UTF-8"),
        (b"", "The file is empty"),
    ],
)
def test_files_that_are_no_text(tmp_path: Path, name: str, raw: bytes, says: str) -> None:
    written(tmp_path, base() | {name: ""})
    (tmp_path / name).write_bytes(raw)
    assert [
        line
        for line in lines(read_company(tmp_path), tmp_path)
        if line.startswith(f"{name}:1: error:") and says in line
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("metrics.yaml", "- just\n- a list\n"),
        ("metrics.yaml", "metrics: soon\n"),
        ("metrics.yaml", "metrics: [1, two, null]\n"),
        (
            "metrics.yaml",
            "metrics:\n  - {metric: [a], label: {b: c}, definition: 1, measure: percent, direction: higher}\n",
        ),
        ("curves.yaml", "curves:\n  - {curve: c, label: L, kind: linear, through: [[.nan, 0], [1, .inf]]}\n"),
        ("curves.yaml", "curves:\n  - {curve: c, label: L, kind: tiers, tiers: [1, 2]}\n"),
        ("curves.yaml", "curves:\n  - {curve: c, label: L}\n"),
        ("goals.yaml", "goals: {G1: {label: x}}\n"),
        ("goals.yaml", "goals:\n  - {goal: [1], label: {a: b}, owner: ALL}\n"),
        ("goals.yaml", "goals:\n  - {goal: G, label: x, owner: EWR, metric: flights, target: .nan}\n"),
        ("goals.yaml", "goals:\n  - {goal: G, label: x, owner: EWR, metric: flights, target: 1e400}\n"),
        ("goals.yaml", "goals:\n  - &a {goal: G, label: x, owner: EWR, children: [*a]}\n"),
        ("goals.yaml", "goals: " + "[" * 3000 + "]" * 3000),
        ("metrics.yaml", BOMB + "metrics: *a8\n"),
        ("curves.yaml", "curves:\n  - {curve: c, label: L, kind: linear, through: [" + "*a8" + "]}\n" + BOMB),
        ("goals.yaml", "goals:\n" + GOAL_BOMB),
        ("goals.yaml", 'goals:\n  - {goal: "G\\0", label: x, owner: EWR, metric: flights, target: 3}\n'),
        ("goals.yaml", 'goals:\n  - {goal: G, label: "a\\ud800", owner: EWR, metric: flights, target: 3}\n'),
        ("metrics.yaml", 'metrics:\n  - {metric: flights, label: "\\e[31mred", definition: d, measure: count}\n'),
        ("goals.csv", 'goal,label,owner\n"G1,never closed\n'),
        ("goals.csv", "goal;label;owner\nG1;x;EWR\n"),
        ("calendar.yaml", "cycles:\n  - {cycle: last, starts: 9999-06-01}\n"),
        ("calendar.yaml", "cycles:\n  - {cycle: a, starts: 2026-13-45}\n"),
        ("calendar.yaml", "cycles: []\n"),
        ("company.yaml", "42\n"),
        ("plans/p.yaml", "plan: p\nlabel: P\ncomponents: none\n"),
    ],
)
def test_values_of_every_wrong_shape(tmp_path: Path, name: str, text: str) -> None:
    reading = read(tmp_path, {name: text})
    assert reading.company is None
    assert any(line.startswith(f"{name}:") and ": error: " in line for line in lines(reading, tmp_path))


def test_the_end_of_time_as_the_end_of_an_assignment(tmp_path: Path) -> None:
    reading = read(tmp_path, {"assignments.csv": "person,unit,role,starts,ends\np1,EWR,head,2020-01-01,9999-12-31\n"})
    assert reading.problems == ()


def test_numbers_where_ids_belong_are_taken_as_written(tmp_path: Path) -> None:
    units = "units:\n  - {unit: ALL, label: 2026}\n"
    units += "  - {unit: 007, label: Bond, parent: ALL}\n"
    units += "  - {unit: EWR, label: N, parent: ALL}\n  - {unit: UA, label: U, parent: EWR}\n"
    files = base() | {
        "units.yaml": units,
        "goals.yaml": "goals:\n  - {goal: 1, label: 2, owner: 007, metric: flights, target: 3}\n",
    }
    del files["units.csv"]
    reading = read_company(written(tmp_path, files))
    assert lines(reading, tmp_path) == []
    assert reading.required().goals["owner"].to_list() == ["007"]


@given(
    st.sampled_from(
        ["company.yaml", "metrics.yaml", "goals.yaml", "goals.csv", "people.csv", "curves.yaml", "plans/p.yaml"]
    ),
    st.text(max_size=80),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_at_all_is_a_traceback(tmp_path: Path, name: str, text: str) -> None:
    reading = read(tmp_path, {name: text.encode("utf-8", "replace").decode()})
    assert all(problem.line >= 0 and str(problem.message) for problem in reading.problems)


@given(st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_cut_off_anywhere_is_no_traceback(tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(base())))
    text = base()[name]
    reading = read(tmp_path, {name: text[: data.draw(st.integers(0, len(text)))]})
    assert all(problem.line >= 0 and str(problem.message) for problem in reading.problems)
