"""Ratio: the actual as a share of the target (比率法), for metrics where higher is better."""

from fractions import Fraction
from typing import ClassVar

import polars as pl

from kpiflow.language import Message, msg
from kpiflow.scoring.attainment.convention import divided, divided_exact
from kpiflow.scoring.given import Given


class Ratio:
    """Higher is better; undefined for a target of 0. Source: SAP SSM "Achievement", A/T×100."""

    name: ClassVar[str] = "ratio"
    formula: ClassVar[Message] = msg("actual ÷ target")
    needs: ClassVar[tuple[str, ...]] = ("target",)

    @staticmethod
    def measure(given: Given[pl.Expr]) -> pl.Expr:
        """Return attainment for whole columns."""
        return divided(given.actual, given.anchors["target"])

    @staticmethod
    def exact(given: Given[Fraction | None]) -> Fraction | None:
        """Return attainment of one goal in exact fractions."""
        return divided_exact(given.actual, given.anchor("target"))

    @staticmethod
    def answer(share: Fraction, given: Given[Fraction | None]) -> Fraction | None:
        """Return the actual at which attainment would be `share`, or None where no single actual says it."""
        target = given.anchor("target")
        return None if target is None else share * target
