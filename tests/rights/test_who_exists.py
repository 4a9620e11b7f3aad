"""What refusals give away: an answer about somebody out of reach is the same whether they are there or not."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kpiflow.errors import KPIFlowError, NotFound, Refused
from kpiflow.workspace import Asker, Workspace
from kpiflow.workspace.todo import todo

DUTY, HEAD, PERIOD = Asker("p0101"), Asker("p0003"), "2013"

#: Somebody out of reach of both, and an id of the same form that is nobody's.
THERE, NOT_THERE = "p0102", "p0192"

Ask = Callable[[Workspace, Asker, str], object]

#: Every question that names a person.
QUESTIONS: dict[str, Ask] = {
    "progress": lambda ws, a, who: ws.progress(a, who, PERIOD),
    "staff_desk": lambda ws, a, who: ws.staff_desk(a, who, PERIOD),
    "outcomes": lambda ws, a, who: ws.outcomes(a, who, PERIOD),
    "what_if": lambda ws, a, who: ws.what_if(a, who, PERIOD, {}),
    "score_why": lambda ws, a, who: ws.score_why(a, who, PERIOD),
    "letter": lambda ws, a, who: ws.letter(a, "person", who, PERIOD),
    "letter_pdf": lambda ws, a, who: ws.letter_pdf(a, "person", who, PERIOD),
    "sign_letter": lambda ws, a, who: ws.sign_letter(a, "person", who, PERIOD, "0"),
    "draw_up_letter": lambda ws, a, who: ws.draw_up_letter(a, "person", who, PERIOD),
    "ask": lambda ws, a, who: ws.ask(a, f"{a.person}-{'ontime' if a is DUTY else 'delay'}", "Why?", person=who),
}


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the example company that a test may change."""
    opened = Workspace.open(Path(shutil.copy(demo_store, tmp_path / "mine.duckdb")), demo=True)
    yield opened
    opened.close()


@pytest.mark.parametrize("asker", [DUTY, HEAD], ids=["staff", "head"])
@pytest.mark.parametrize("asked", QUESTIONS)
def test_an_answer_about_somebody_out_of_reach_does_not_say_whether_they_are_there(
    mine: Workspace, asked: str, asker: Asker
) -> None:
    said = []
    for person in (THERE, NOT_THERE):
        with pytest.raises(KPIFlowError) as refusal:
            QUESTIONS[asked](mine, asker, person)
        said.append((type(refusal.value), str(refusal.value).replace(person, "…")))
    assert said[0] == said[1]
    assert "p02" not in said[0][1], "no other id is suggested"


def test_a_question_is_put_only_to_somebody_who_may_read_the_goal(mine: Workspace) -> None:
    with pytest.raises(NotFound):
        mine.ask(DUTY, "p0101-ontime", "What do you think of my figures?", person="p0102")
    assert not any("figures" in str(duty.said) for duty in todo(mine, Asker("p0102")))
    assert mine.ask(DUTY, "p0101-ontime", "What do you think of my figures?", person="p0002") > 0


def test_numbers_of_questions_do_not_say_whose_goals_they_are_about(mine: Workspace) -> None:
    asked = [mine.ask(Asker("p0002"), "p0102-ontime", "Why?"), mine.ask(Asker("p0003"), "p0111-ontime", "Why?")]
    nowhere = max(asked) + 1_000
    said = set()
    for number in (*asked, nowhere):
        with pytest.raises(NotFound) as refusal:
            mine.answer(DUTY, number, "Because.")
        said.add(str(refusal.value).replace(str(number), "N"))
    assert len(said) == 1, "hidden or not there: one answer"


def test_a_question_on_a_goal_one_reads_waits_for_whoever_owns_it(mine: Workspace) -> None:
    number = mine.ask(Asker("p0002"), "ewr-ontime", "Why?")
    with pytest.raises(Refused, match="waits for somebody else"):
        mine.answer(DUTY, number, "Because.")
