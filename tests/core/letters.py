"""A letter with something in every field, for tests that change them one by one."""

import datetime

from kpiflow.core.goal import OwnerKind
from kpiflow.core.letter import Easing, Letter, Party, Promise, Reward, RewardLine, Rule, Wording


def said(text: str) -> Wording:
    return Wording(en=text, zh=f"{text}（中）")


def whole_letter() -> Letter:
    """Every optional field is filled, so that none escapes."""
    easing = Easing(
        day=datetime.date(2013, 3, 1), who=said("Ada"), field="target", before=80.0, after=78.0, reason="roof"
    )
    promise = Promise(
        goal="ontime", label=said("On time"), parent=said("Reliability"), kind="kpi", commitment="committed",
        weight=60.0, share=0.6, metric="ontime_rate", metric_version=2, metric_label=said("Rate"), measure="percent",
        currency="USD", direction="higher", baseline=70.0, threshold=72.0, target=78.0, stretch=82.0, low=1.0, high=2.0,
        periods=(("2013-01", 77.0), ("2013-02", 78.5)), terms="0123456789ab",
        rules=(Rule(about="definition", says=said("counted")), Rule(about="curve", says=said("60, 100, 120"))),
        easings=(easing,),
    )  # fmt: skip
    other = promise.model_copy(update={"goal": "complaints", "label": said("Complaints"), "easings": ()})
    reward = Reward(
        plan="bonus", version="1+abc", label=said("Bonus"), every="year", starts=datetime.date(2013, 1, 1),
        ends=datetime.date(2013, 12, 31), currency="USD",
        lines=(RewardLine(label=said("Basis"), kind="basis", says=said("salary × 12")),),
    )  # fmt: skip
    party = Party(person="p0002", name=said("Bruno"), role=said("Head"), unit=said("Newark"))
    return Letter(
        owner_kind=OwnerKind.PERSON, owner="p0002", owner_label=said("Bruno"), company=said("NYC"), cycle="2013",
        starts=datetime.date(2013, 1, 1), ends=datetime.date(2013, 12, 31), signer=party,
        manager=party.model_copy(update={"person": "p0001", "name": said("Ada")}),
        promises=(promise, other), rewards=(reward,),
    )  # fmt: skip
