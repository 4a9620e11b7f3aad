"""Goals added and closed at a terminal, and targets spread over the months; shown first, written with --make."""

import json
from pathlib import Path

from tests.cli.test_cascade_commands import asked, folder, journal

__all__ = ["folder"]


def test_another_phasing_shows_its_months_and_needs_a_reason(folder: Path) -> None:
    words = ("change", "nyc-flights", "--phasing", "even", "--period", "2013")
    shown = json.loads(asked(folder, *words, "--format", "json").stdout)
    assert [one["period"] for one in shown["months"] if one["eased"]] == ["2013-08", "2013-09", "2013-10", "2013-11"]
    assert shown["made"] is None
    assert "reason" in asked(folder, *words, "--make", code=1).stderr
    made = json.loads(asked(folder, *words, "--make", "--reason", "No season any more", "--format", "json").stdout)
    assert made["made"] is not None
    assert (
        "PERIOD=AMOUNT"
        in asked(folder, "change", "nyc-flights", "--period-target", "2013-01", "--period", "2013", code=1).stderr
    )


def test_a_goal_is_added_and_closed(folder: Path) -> None:
    words = ("goal", "add", "NYC", "departure_d0_rate", "--parent", "nyc-service", "--target", "60%", "--weight", "15")
    before = journal(folder)
    assert "Nothing was written" in asked(folder, *words, "--period", "2013").stderr
    assert journal(folder) == before
    added = json.loads(asked(folder, *words, "--period", "2013", "--make", "--format", "json").stdout)
    close = ("goal", "close", added["goal"], "--period", "2013")
    assert "reason" in asked(folder, *close, "--make", code=1).stderr
    asked(folder, *close, "--make", "--reason", "Tried out")
    assert [line["action"] for line in journal(folder) if line["subject"] == added["goal"]] == [
        "close_goal",
        "add_goal",
    ]
