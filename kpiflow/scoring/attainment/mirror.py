"""Mirror: what the actual exceeds the target by is taken off 100 %, the second convention where lower is better."""

from fractions import Fraction
from typing import ClassVar

import polars as pl

from kpiflow.language import Message, msg
from kpiflow.scoring.attainment.convention import divided, divided_exact
from kpiflow.scoring.given import Given


class Mirror:
    """Lower is better: 2 − A/T. A=120, T=100 gives 80 %; A=0 gives 200 %. Source: SAP SSM "Reduction"."""

    name: ClassVar[str] = "mirror"
    formula: ClassVar[Message] = msg("2 − actual ÷ target")
    needs: ClassVar[tuple[str, ...]] = ("target",)

    @staticmethod
    def measure(given: Given[pl.Expr]) -> pl.Expr:
        """Return attainment for whole columns."""
        return 2 - divided(given.actual, given.anchors["target"])

    @staticmethod
    def exact(given: Given[Fraction | None]) -> Fraction | None:
        """Return attainment of one goal in exact fractions."""
        share = divided_exact(given.actual, given.anchor("target"))
        return None if share is None else 2 - share

    @staticmethod
    def answer(share: Fraction, given: Given[Fraction | None]) -> Fraction | None:
        """Return the actual at which attainment would be `share`, or None where no single actual says it."""
        target = given.anchor("target")
        return None if target is None else target * (2 - share)
