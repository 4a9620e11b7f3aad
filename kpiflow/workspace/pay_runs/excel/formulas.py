"""The register of components and how each is written as a formula; what cannot be is written as the constant it came to."""

from collections.abc import Callable, Mapping
from typing import Any

from kpiflow.incentives.components.accelerator import Accelerator
from kpiflow.incentives.components.adjustment import Adjustment
from kpiflow.incentives.components.basis import Basis
from kpiflow.incentives.components.bonus_bank import BonusBank
from kpiflow.incentives.components.cap import Cap
from kpiflow.incentives.components.clawback import Clawback
from kpiflow.incentives.components.component import Component
from kpiflow.incentives.components.draw import Draw
from kpiflow.incentives.components.eligibility import Eligibility
from kpiflow.incentives.components.exchange import Exchanged
from kpiflow.incentives.components.factor import Factor
from kpiflow.incentives.components.floor import Floor
from kpiflow.incentives.components.funding import Funding
from kpiflow.incentives.components.gate import Gate
from kpiflow.incentives.components.grade_curve import GradeCurve
from kpiflow.incentives.components.matrix import Matrix
from kpiflow.incentives.components.penalties import Penalties
from kpiflow.incentives.components.penalty import Penalty
from kpiflow.incentives.components.product import Product
from kpiflow.incentives.components.proration import Proration
from kpiflow.incentives.components.rates import Rates
from kpiflow.incentives.components.refundable_cap import RefundableCap
from kpiflow.incentives.components.rounding import RoundOff
from kpiflow.incentives.components.table import Table
from kpiflow.incentives.components.total import Total
from kpiflow.incentives.components.veto import Veto
from kpiflow.incentives.components.wage_recovery import WageRecovery
from kpiflow.incentives.components.weighted import Weighted
from kpiflow.workspace.pay_runs.excel import amounts, limits, lookups, special
from kpiflow.workspace.pay_runs.excel.cells import Cells, Formula

#: How each kind is written, alphabetically. A kind that is not here is a constant, and the workbook says so.
FORMULAS: Mapping[type[Component], Callable[[Any, Cells], Formula]] = {
    Accelerator: special.accelerator,
    Adjustment: special.adjustment,
    Basis: amounts.basis,
    BonusBank: special.bonus_bank,
    Cap: limits.cap,
    Clawback: special.clawback,
    Draw: special.draw,
    Eligibility: special.eligibility,
    Exchanged: amounts.exchange,
    Factor: lookups.factor,
    Floor: limits.cap,
    Funding: special.funding,
    Gate: limits.gate,
    GradeCurve: lookups.grade_curve,
    Matrix: lookups.matrix,
    Penalties: limits.penalties,
    Penalty: limits.penalty,
    Product: amounts.product,
    Proration: amounts.proration,
    Rates: lookups.rates,
    RefundableCap: special.refundable_cap,
    RoundOff: amounts.rounded,
    Table: lookups.table,
    Total: amounts.total,
    Veto: special.veto,
    WageRecovery: special.wage_recovery,
    Weighted: amounts.weighted,
}


def formula_of(step: Component, cells: Cells) -> Formula | None:
    """Return a component as formulas; None for a kind whose value stands as a constant."""
    write = FORMULAS.get(type(step))
    return None if write is None else write(step, cells)
