"""The register of components and how each is written as a formula."""

from collections.abc import Callable, Mapping
from typing import Any

from kpiflow.incentives.components.accelerator import Accelerator
from kpiflow.incentives.components.adjustment import Adjustment
from kpiflow.incentives.components.adjustment_factor import AdjustmentFactor
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
from kpiflow.incentives.components.fold import Fold
from kpiflow.incentives.components.funding import Funding
from kpiflow.incentives.components.gate import Gate
from kpiflow.incentives.components.grade_curve import GradeCurve
from kpiflow.incentives.components.matrix import Matrix
from kpiflow.incentives.components.penalties import Penalties
from kpiflow.incentives.components.penalty import Penalty
from kpiflow.incentives.components.pool import Pool
from kpiflow.incentives.components.product import Product
from kpiflow.incentives.components.proration import Proration
from kpiflow.incentives.components.quotient import Quotient
from kpiflow.incentives.components.rates import Rates
from kpiflow.incentives.components.refundable_cap import RefundableCap
from kpiflow.incentives.components.rounding import RoundOff
from kpiflow.incentives.components.table import Table
from kpiflow.incentives.components.total import Total
from kpiflow.incentives.components.veto import Veto
from kpiflow.incentives.components.wage_recovery import WageRecovery
from kpiflow.incentives.components.weighted import Weighted
from kpiflow.workspace.pay_runs.excel import amounts, limits, lookups, shared, special
from kpiflow.workspace.pay_runs.excel.cells import Cells, Formula

#: How each kind is written, alphabetically.
FORMULAS: Mapping[type[Component], Callable[[Any, Cells], Formula]] = {
    Accelerator: special.accelerator,
    Adjustment: special.adjustment,
    AdjustmentFactor: shared.adjustment_factor,
    Basis: amounts.basis,
    BonusBank: special.bonus_bank,
    Cap: limits.cap,
    Clawback: special.clawback,
    Draw: special.draw,
    Eligibility: special.eligibility,
    Exchanged: amounts.exchange,
    Factor: lookups.factor,
    Floor: limits.cap,
    Fold: amounts.fold,
    Funding: special.funding,
    Gate: limits.gate,
    GradeCurve: lookups.grade_curve,
    Matrix: lookups.matrix,
    Penalties: limits.penalties,
    Penalty: limits.penalty,
    Pool: shared.pool,
    Product: amounts.product,
    Proration: amounts.proration,
    Quotient: amounts.quotient,
    Rates: lookups.rates,
    RefundableCap: special.refundable_cap,
    RoundOff: amounts.rounded,
    Table: lookups.table,
    Total: amounts.total,
    Veto: special.veto,
    WageRecovery: special.wage_recovery,
    Weighted: amounts.weighted,
}


def formula_of(step: Component, cells: Cells) -> Formula:
    """Return a component as formulas."""
    return FORMULAS[type(step)](step, cells)
