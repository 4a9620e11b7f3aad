"""The kinds of incentive component, each in the file named after it; this tuple is the register.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from typing import Annotated

from pydantic import Field

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

#: Alphabetical. A new kind is one file, one line here and in the union below, one case in the tests.
COMPONENTS: tuple[type[Component], ...] = (
    Accelerator, Adjustment, AdjustmentFactor, Basis, BonusBank, Cap, Clawback, Draw, Eligibility, Exchanged,
    Factor, Floor, Fold, Funding, Gate, GradeCurve, Matrix, Penalties, Penalty, Pool, Product, Proration,
    Quotient, Rates, RefundableCap, RoundOff, Table, Total, Veto, WageRecovery, Weighted,
)  # fmt: skip

#: One component of a plan, told apart by its `kind`.
AnyComponent = Annotated[
    Accelerator
    | Adjustment
    | AdjustmentFactor
    | Basis
    | BonusBank
    | Cap
    | Clawback
    | Draw
    | Eligibility
    | Exchanged
    | Factor
    | Floor
    | Fold
    | Funding
    | Gate
    | GradeCurve
    | Matrix
    | Penalties
    | Penalty
    | Pool
    | Product
    | Proration
    | Quotient
    | Rates
    | RefundableCap
    | RoundOff
    | Table
    | Total
    | Veto
    | WageRecovery
    | Weighted,
    Field(discriminator="kind"),
]

__all__ = ["COMPONENTS", "AnyComponent", "Component"]
