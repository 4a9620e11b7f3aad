"""Letters through the door: drawn up, signed by both sides, renewed by every change, and seen by nobody else."""

import csv
import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from kpiflow.core.goal import Stage
from kpiflow.core.letter import LetterState, Side
from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.incentives.components import COMPONENTS
from kpiflow.scoring.curves import CURVES
from kpiflow.storage.documents import save_definitions
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace, render
from kpiflow.workspace.commands import apply, export_config
from kpiflow.workspace.history import journal_rows
from kpiflow.workspace.letters import curves, steps
from kpiflow.workspace.letters.answers import LetterPage
from kpiflow.workspace.letters.difference import LETTER_WORDS, PROMISE_WORDS, REWARD_WORDS
from kpiflow.workspace.letters.duties import letter_duties
from kpiflow.workspace.letters.listing import Wanted

CONFIG = Path(__file__).parents[2] / "config"
EXECUTIVE, HEAD, STATION, DUTY = Asker("p0001"), Asker("p0002"), Asker("p0209"), Asker("p0101")
HR, AUDITOR, INSPECTOR, ADMIN = Asker("p0005"), Asker("p0006"), Asker("p0011"), Asker("p0007")
OUTSIDE_AUDITOR = Asker(account="audit@outside", roles=("auditor",))
EVERYBODY = {"executive": EXECUTIVE, "head": HEAD, "station": STATION, "duty": DUTY, "hr": HR, "auditor": AUDITOR,
             "inspector": INSPECTOR, "administrator": ADMIN, "outside": OUTSIDE_AUDITOR, "nobody": Asker()}  # fmt: skip

#: Letters, and who of them all may read each.
LETTERS = {
    ("person", "p0101"): {"executive", "head", "duty", "hr", "auditor", "outside"},
    ("person", "p0209"): {"executive", "head", "station", "hr", "auditor", "outside"},
    ("person", "p0002"): {"executive", "head", "hr", "auditor", "outside"},
    ("person", "p0003"): {"executive", "hr", "auditor", "outside"},
    ("unit", "EWR"): {"executive", "head", "hr", "auditor", "outside"},
    ("unit", "EWR-UA"): {"executive", "head", "station", "hr", "auditor", "outside"},
    ("unit", "JFK"): {"executive", "hr", "auditor", "outside"},
    ("unit", "NYC"): {"executive", "hr", "auditor", "outside"},
}


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the example company that a test may change."""
    path = tmp_path / "mine.duckdb"
    shutil.copy(demo_store, path)
    opened = Workspace.open(path, demo=True)
    yield opened
    opened.close()


def page(ws: Workspace, owner: str, asker: Asker = ADMINISTRATOR, **asked: object) -> LetterPage:
    kind = "person" if owner.startswith("p0") else "unit"
    return ws.letter(asker, kind, owner, "2013", **asked)


def change(ws: Workspace, goal: str, reason: str | None = "The roof is being mended", **fields: object) -> None:
    shown = ws.preview_change(ADMINISTRATOR, goal, fields, "2013")
    ws.make_change(ADMINISTRATOR, shown, who="p0001", reason=reason)


def sign(ws: Workspace, asker: Asker, owner: str) -> object:
    shown = page(ws, owner, asker)
    kind = "person" if owner.startswith("p0") else "unit"
    return ws.sign_letter(asker, kind, owner, "2013", shown.version.fingerprint)


# Who may see what


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("letter", LETTERS, ids=lambda one: one[1])
def test_a_letter_is_read_by_its_sides_those_above_hr_and_auditors_and_nobody_else(ws: Workspace, who, letter):
    kind, owner = letter
    asker = EVERYBODY[who]
    listed = ws.letters(asker, "2013", wanted=Wanted(limit=1000)).rows.filter(
        pl.col("owner") == owner, pl.col("owner_kind") == kind
    )
    assert (listed.height == 1) == (who in LETTERS[letter]), "the list shows what can be opened, and no more"
    if who in LETTERS[letter]:
        assert ws.letter(asker, kind, owner, "2013").letter is not None
        assert ws.letter_pdf(asker, kind, owner, "2013").content.startswith(b"%PDF")
        return
    with pytest.raises(Refused, match="A letter is read by"):
        ws.letter(asker, kind, owner, "2013")
    with pytest.raises(Refused):
        ws.letter_pdf(asker, kind, owner, "2013")


def test_counts_of_the_list_are_of_what_one_may_see(ws: Workspace):
    """86 owners have goals in the example; two take their station over in July and have no letter yet."""
    whole = ws.letters(ADMINISTRATOR, "2013")
    assert (whole.total, whole.rows.height) == (86, 25)
    assert sum(whole.counts.values()) == 86
    assert whole.counts[LetterState.NONE] == 2
    assert ws.letters(DUTY, "2013").total == 1
    assert ws.letters(INSPECTOR, "2013").total == 0


@pytest.mark.parametrize("who", ["station", "duty", "auditor", "inspector", "administrator", "outside", "nobody"])
def test_who_may_not_draw_up_is_refused(mine: Workspace, who):
    change(mine, "p0101-ontime", target=75)
    with pytest.raises(Refused):
        mine.draw_up_letter(EVERYBODY[who], "person", "p0228", "2013")


def test_a_head_draws_up_below_and_never_their_own(mine: Workspace):
    with pytest.raises(Refused, match="You answer for p0002 yourself"):
        mine.draw_up_letter(HEAD, "person", "p0002", "2013")
    with pytest.raises(Refused, match="outside what your role may"):
        mine.draw_up_letter(HEAD, "person", "p0228", "2013")
    drawn = mine.draw_up_letter(Asker("p0004"), "person", "p0228", "2013")
    assert drawn.version == 1
    assert page(mine, "p0228").state is LetterState.DRAWN_UP
    with pytest.raises(Refused, match="Nothing has changed"):
        mine.draw_up_letter(HR, "person", "p0228", "2013")


# Signing


@pytest.mark.parametrize("who", [who for who in EVERYBODY if who != "duty"])
def test_nobody_signs_for_the_owner(mine: Workspace, who):
    """p0101's letter waits for p0101; the head has signed already, and nobody else is on it."""
    fingerprint = page(mine, "p0101").version.fingerprint
    with pytest.raises(Refused):
        mine.sign_letter(EVERYBODY[who], "person", "p0101", "2013", fingerprint)
    with pytest.raises(Refused, match="signed in as themselves"):
        mine.sign_letter(ADMINISTRATOR, "person", "p0101", "2013", fingerprint)
    assert page(mine, "p0101").state is LetterState.SIGNED_BY_MANAGER


def test_the_last_signature_puts_the_letter_in_force_and_agreed_goals_in_action(mine: Workspace):
    goals = mine.company().goals
    agreed = pl.when(pl.col("owner") == "p0101").then(pl.lit("agreed")).otherwise(pl.col("stage").cast(pl.String))
    back = goals.with_columns(stage=agreed.cast(goals.schema["stage"]))
    save_definitions(mine.store, None, {"goals": back}, who="test", at=datetime.datetime.now(datetime.UTC))
    done = sign(mine, DUTY, "p0101")
    assert (done.side, done.state, done.activated) == (Side.OWNER, LetterState.IN_FORCE, 5)
    assert set(mine.company().goals.filter(pl.col("owner") == "p0101")["stage"]) == {Stage.ACTIVE.value}
    shown = page(mine, "p0101")
    assert shown.state is LetterState.IN_FORCE
    assert {one.fingerprint for one in shown.signed} == {shown.letter.fingerprint}
    assert not shown.stale, "putting goals in action is no change of the letter"
    line = journal_rows(mine, 5)
    assert ("sign_letter", "p0101 2013", "p0101") in [(one["action"], one["subject"], one["who"]) for one in line]
    with pytest.raises(Refused, match="signed this letter already"):
        sign(mine, DUTY, "p0101")


def test_what_changed_since_it_was_shown_is_not_signed(mine: Workspace):
    shown = page(mine, "p0101", DUTY)
    change(mine, "p0101-ontime", target=75)
    with pytest.raises(InvalidInput, match="version 2 took its place"):
        mine.sign_letter(DUTY, "person", "p0101", "2013", shown.version.fingerprint)
    assert page(mine, "p0101").state is LetterState.DRAWN_UP


def test_what_no_longer_fits_the_company_is_drawn_up_again_first(mine: Workspace):
    """A change that went past every hook: the letter says one thing, the plan another."""
    goals = mine.company().goals
    target = pl.when(pl.col("goal") == "p0101-ontime").then(70.0).otherwise("target")
    after = goals.with_columns(target=target)
    save_definitions(mine.store, None, {"goals": after}, who="test", at=datetime.datetime.now(datetime.UTC))
    assert page(mine, "p0101").stale
    with pytest.raises(InvalidInput, match="drawn up again"):
        sign(mine, DUTY, "p0101")
    mine.draw_up_letter(HEAD, "person", "p0101", "2013")
    assert sign(mine, DUTY, "p0101").state is LetterState.SIGNED_BY_OWNER


def test_the_enterprise_is_signed_by_whoever_leads_it_alone(ws: Workspace):
    shown = page(ws, "NYC")
    assert [one.side for one in shown.signed] == [Side.OWNER]
    assert shown.state is LetterState.IN_FORCE


def test_a_past_day_is_only_read(ws: Workspace):
    shown = page(ws, "p0101", DUTY, as_of=datetime.date(2013, 6, 1))
    assert not shown.sign.allowed
    assert not shown.draw_up.allowed


# Content


def test_a_letter_says_what_the_plan_says(ws: Workspace):
    with (CONFIG / "goals.csv").open(encoding="utf-8") as handle:
        rows = {row["goal"]: row for row in csv.DictReader(handle)}
    for owner in ("EWR", "p0002", "p0101"):
        promises = page(ws, owner).letter.promises
        mine = [row for row in rows.values() if row["owner"].split(":")[1] == owner]
        assert {one.goal for one in promises} == {row["goal"] for row in mine}
        for one in promises:
            for field in ("baseline", "threshold", "target", "stretch", "low", "high"):
                written = rows[one.goal][field]
                assert getattr(one, field) == (float(written) if written else None), f"{one.goal} {field}"


def test_shares_are_parts_of_the_owners_sheet(ws: Workspace):
    """EWR's weights are 30, 12, 10 … of 100."""
    shares = {one.goal: one.share for one in page(ws, "EWR").letter.promises}
    assert shares["ewr-ontime"] == pytest.approx(0.30)
    assert sum(shares.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        # The line 60 – 100 – 120 through threshold, target and stretch.
        ("ewr-ontime", "Threshold 66.68 % → 60 points, Target 76.68 % → 100 points, and Stretch 80.68 % → 120 points"),
        # 3 points off for each of the 8 percentage points below 80, 2 on for each of the 5 above.
        ("ewr-departure", "Threshold 72.00 % → 76 points, Target 80.00 % → 100 points, and Stretch 85.00 % → 110 points"),
        # 15 minutes exactly is still the tier "up to 15" by `tie: lower`.
        ("ewr-delay", "Threshold 15.0 min → 60 points, Target 10.0 min → 100 points, and Stretch 8.0 min → 120 points"),
        # 2 − 1.5 ÷ 1 = 50 %; 2 − 0.7 ÷ 1 = 130 %, capped at 120.
        ("ewr-complaints", ("Threshold 1.50 per 10,000 → 50 points, Target 1.00 per 10,000 → 100 points, and "
                            "Stretch 0.70 per 10,000 → 120 points")),
    ],
)  # fmt: skip
def test_a_letter_says_what_each_anchor_earns(ws: Workspace, goal, said):
    promise = next(one for one in page(ws, "EWR").letter.promises if one.goal == goal)
    assert [rule.says.en for rule in promise.rules if rule.about == "earns"] == [said]


def test_rewards_are_said_in_both_languages_without_anybodys_money(ws: Workspace):
    letter = page(ws, "p0002").letter
    assert [one.plan for one in letter.rewards] == ["service_bonus_2013"]
    rules = {line.label.en: line.says for line in letter.rewards[0].lines}
    assert rules["Target bonus for a full year"].en == "monthly salary × 12 × target share"
    assert rules["At most twice the target bonus"].zh == "不超过 2 × 全年目标奖金。"
    assert "50 % of Target bonus for a full year" in rules["Own score gate"].en
    assert "$500.00" in rules["Valid complaints about the person"].en
    assert "15800" not in letter.canonical(), "p0002 earns 15,800 a month: a fingerprint of money could be guessed"


def test_the_amount_is_shown_to_those_who_may_read_pay(mine: Workspace, tmp_path: Path):
    """15,800 × 12 × 20 % = 37,920."""
    assert [one.en for one in page(mine, "p0002", EXECUTIVE).amounts] == ["Target bonus for a full year: $37,920.00"]
    assert page(mine, "EWR", EXECUTIVE).amounts == (), "a unit's letter names nobody's money"
    list(export_config(mine, tmp_path / "config"))
    roles = tmp_path / "config" / "roles.yaml"
    roles.write_text(roles.read_text(encoding="utf-8").replace("pay: enterprise", "pay: self"), encoding="utf-8")
    apply(mine, tmp_path / "config", who="test", reason="Pay is read by nobody else")
    shown = page(mine, "p0002", EXECUTIVE)
    assert shown.amounts == ()
    assert shown.withheld
    assert b"37,920" not in mine.letter_pdf(EXECUTIVE, "person", "p0002", "2013").content
    assert page(mine, "p0002", HEAD).amounts


def test_every_kind_of_curve_and_component_has_words():
    assert set(curves._SAID) == set(CURVES)
    assert set(steps.RULES) == set(COMPONENTS)


def test_every_field_has_a_word_in_the_difference(ws: Workspace):
    letter = page(ws, "EWR").letter
    apart = {"rules", "easings", "goal"}
    assert set(PROMISE_WORDS) == set(type(letter.promises[0]).model_fields) - apart
    assert set(REWARD_WORDS) == set(type(letter.rewards[0]).model_fields) - {"plan", "lines"}
    assert set(LETTER_WORDS) == set(type(letter).model_fields) - {"promises", "rewards"}


# Renewal


def test_a_change_makes_a_new_version_of_the_letters_it_touches_and_of_no_other(mine: Workspace):
    before = {row["owner"]: row["version"] for row in every(mine)}
    assert mine.letters(ADMINISTRATOR, "2013").held == 0
    change(mine, "p0002-ontime", target=70)
    assert mine.letters(ADMINISTRATOR, "2013").held == 1, "the version signed before holds until the new one is signed"
    after = {row["owner"]: row["version"] for row in every(mine)}
    assert {owner for owner in after if after[owner] != before[owner]} == {"p0002"}
    shown = page(mine, "p0002")
    assert (shown.version.version, shown.state, shown.in_force) == (2, LetterState.DRAWN_UP, 1)
    assert [one.state for one in shown.versions] == [LetterState.DRAWN_UP, LetterState.IN_FORCE]
    assert not shown.stale
    assert page(mine, "p0002", version=1).letter.promises[0].target == 76.68, "the old version stays readable"


def every(ws: Workspace) -> list[dict[str, object]]:
    return ws.letters(ADMINISTRATOR, "2013", wanted=Wanted(limit=1000)).rows.to_dicts()


def test_an_easier_target_shows_the_original_and_the_reason(mine: Workspace):
    with pytest.raises(InvalidInput, match="Give a reason"):
        change(mine, "p0002-ontime", reason=None, target=70)
    assert page(mine, "p0002").version.version == 1, "what was refused made no version"
    change(mine, "p0002-ontime", target=70)
    shown = page(mine, "p0002")
    easing = next(one for one in shown.letter.promises if one.goal == "p0002-ontime").easings[0]
    assert (easing.field, easing.before, easing.after, easing.reason) == (
        "target",
        76.68,
        70.0,
        "The roof is being mended",
    )
    assert easing.who.en == "Ada Skylark"
    line = next(one for one in shown.changes if one.eased)
    assert (line.before.en, line.after.en, line.reason) == ("76.68 %", "70.00 %", "The roof is being mended")
    change(mine, "p0002-ontime", target=78)
    kept = next(one for one in page(mine, "p0002").letter.promises if one.goal == "p0002-ontime").easings
    assert [one.after for one in kept] == [70.0], "making it harder again forgets nothing"


def test_an_unsigned_letter_is_replaced_and_a_signed_one_waits_to_be_signed_again(mine: Workspace):
    change(mine, "p0002-ontime", target=70)
    change(mine, "p0002-ontime", target=71)
    shown = page(mine, "p0002")
    assert [one.version for one in shown.versions] == [3, 2, 1]
    assert [one.state for one in shown.versions] == [LetterState.DRAWN_UP, LetterState.SUPERSEDED, LetterState.IN_FORCE]
    sign(mine, EXECUTIVE, "p0002")
    assert page(mine, "p0002").in_force == 1
    sign(mine, HEAD, "p0002")
    assert [one.state for one in page(mine, "p0002").versions] == [
        LetterState.IN_FORCE, LetterState.SUPERSEDED, LetterState.SUPERSEDED,
    ]  # fmt: skip
    assert {(one.field.text) for one in page(mine, "p0002", version=3, against=1).changes} >= {"Target"}


def edited(mine: Workspace, tmp_path: Path, file: str, old: str, new: str) -> set[str]:
    """Apply the company with one text of one file changed; return the owners whose letters are renewed by it."""
    before = {row["owner"]: row["version"] for row in every(mine)}
    folder = tmp_path / "config"
    list(export_config(mine, folder, replace=True))
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} has no '{old}'"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    apply(mine, folder, who="p0005", reason="A test")
    return {str(row["owner"]) for row in every(mine) if row["version"] != before[row["owner"]]}


def test_a_plan_a_name_and_a_salary(mine: Workspace, tmp_path: Path):
    """A new rule of pay is in every letter it reaches, a new name in those it stands in, and money in none."""
    assert edited(mine, tmp_path, "people.csv", "Imani Plover", "Imani Plover-Teal") == {"p0101"}
    assert edited(mine, tmp_path, "people.csv", "15800", "16000") == set()
    renewed = edited(mine, tmp_path, "plans/service_bonus_2013.yaml", "2013-10-01", "2013-09-15")
    assert {"p0002", "p0101", "EWR"} <= renewed
    assert "NYC" not in renewed, "the plan pays no executive"
    line = next(one for one in page(mine, "p0101").changes if "Sep 15, 2013" in one.after.en)
    assert "Oct 1, 2013" in line.before.en


def test_a_curve_renews_the_letters_of_those_who_are_scored_by_it(mine: Workspace, tmp_path: Path):
    scored = mine.company().goals.filter(pl.col("curve") == "delay_tiers")["owner"].unique()
    renewed = edited(mine, tmp_path, "curves.yaml", "points: 85", "points: 80")
    drawn = {str(row["owner"]) for row in every(mine) if row["version"] is not None}
    assert renewed == set(scored) & drawn
    said = [one.after.en for one in page(mine, "EWR").changes if render(one.field) == "Points"]
    assert any("80 points" in text for text in said)


def test_a_change_that_fails_renews_nothing(mine: Workspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kpiflow.workspace.handing_down.making.record", _broken)
    with pytest.raises(RuntimeError):
        change(mine, "p0002-ontime", target=70)
    assert page(mine, "p0002").version.version == 1
    assert mine.company().goals.filter(pl.col("goal") == "p0002-ontime")["target"].item() == 76.68


def _broken(*_: object) -> int:
    raise RuntimeError


# Lists, days and duties


def test_days_before_the_signatures_show_them_missing(ws: Workspace):
    """Drawn up on 20 December 2012, signed by owners on the 21st and from above on the 27th."""
    day = datetime.date(2012, 12, 20)
    assert page(ws, "p0002", as_of=day).state is LetterState.DRAWN_UP
    assert page(ws, "p0002", as_of=day + datetime.timedelta(days=1)).state is LetterState.SIGNED_BY_OWNER
    assert page(ws, "p0002", as_of=datetime.date(2013, 1, 1)).state is LetterState.IN_FORCE
    assert page(ws, "p0002", as_of=datetime.date(2012, 12, 18)).letter is None
    assert ws.letters(ADMINISTRATOR, "2013", day).counts == {LetterState.NONE: 2, LetterState.DRAWN_UP: 84}


def test_the_list_is_paged_and_narrowed(ws: Workspace):
    pages = [ws.letters(ADMINISTRATOR, "2013", wanted=Wanted(offset=start, limit=40)).rows for start in (0, 40, 80)]
    owners = [owner for rows in pages for owner in rows.select("owner_kind", "owner").rows()]
    assert len(owners) == len(set(owners)) == 86
    waiting = ws.letters(HEAD, "2013", wanted=Wanted(mine=True))
    assert set(waiting.rows["owner"]) == {"EWR", "p0209"}
    named = ws.letters(ADMINISTRATOR, "2013", wanted=Wanted(word="plover"))
    assert "Imani Plover" in named.rows["label"].to_list()
    assert ws.letters(ADMINISTRATOR, "2013", wanted=Wanted(LetterState.NONE)).found == 2


@pytest.mark.parametrize(
    ("asker", "kinds"),
    [(EXECUTIVE, ["sign"]), (HEAD, ["sign"]), (STATION, []), (DUTY, ["sign"]), (HR, ["draw_up"]),
     (Asker("p0004"), ["draw_up"]), (AUDITOR, []), (INSPECTOR, []), (Asker(), []), (ADMINISTRATOR, [])],
    ids=["executive", "head", "station", "duty", "hr", "lga", "auditor", "inspector", "nobody", "machine"],
)  # fmt: skip
def test_each_desk_hears_what_letters_ask_of_it(ws: Workspace, asker, kinds):
    assert [duty.kind.value for duty in letter_duties(ws, asker)] == kinds


def test_words_that_are_not_there_are_named(ws: Workspace):
    with pytest.raises(NotFound, match="EWR"):
        ws.letter(ADMINISTRATOR, "unit", "EWRR", "2013")
    with pytest.raises(NotFound, match="version of this letter"):
        page(ws, "EWR", version=9)
    with pytest.raises(InvalidInput, match="no kind of owner"):
        ws.letter(ADMINISTRATOR, "team", "EWR", "2013")
    with pytest.raises(NotFound):
        ws.letter_pdf(ADMINISTRATOR, "unit", "EWR", "2013", language="fr")
