"""Baseline progress: how much of the way from the baseline to the target is done, up or down."""

from fractions import Fraction
from typing import ClassVar

import polars as pl

from kpiflow.language import Message, msg
from kpiflow.scoring.attainment.convention import divided, divided_exact
from kpiflow.scoring.given import Given


class Baseline:
    """Works for increase, decrease and negative values; undefined when baseline equals target. Source: ServiceNow goals."""

    name: ClassVar[str] = "baseline"
    formula: ClassVar[Message] = msg("(actual − baseline) ÷ (target − baseline)")
    needs: ClassVar[tuple[str, ...]] = ("baseline", "target")

    @staticmethod
    def measure(given: Given[pl.Expr]) -> pl.Expr:
        """Return attainment for whole columns."""
        baseline = given.anchors["baseline"]
        return divided(given.actual - baseline, given.anchors["target"] - baseline)

    @staticmethod
    def exact(given: Given[Fraction | None]) -> Fraction | None:
        """Return attainment of one goal in exact fractions."""
        baseline, target = given.anchor("baseline"), given.anchor("target")
        if given.actual is None or baseline is None or target is None:
            return None
        return divided_exact(given.actual - baseline, target - baseline)

    @staticmethod
    def answer(share: Fraction, given: Given[Fraction | None]) -> Fraction | None:
        """Return the actual at which attainment would be `share`, or None where no single actual says it."""
        baseline, target = given.anchor("baseline"), given.anchor("target")
        return None if baseline is None or target is None else baseline + share * (target - baseline)
