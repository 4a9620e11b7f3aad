"""The kinds of incentive component, each in the file named after it; this tuple is the register.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from typing import Annotated

from pydantic import Field

from kpiflow.incentives.components.basis import Basis
from kpiflow.incentives.components.cap import Cap
from kpiflow.incentives.components.component import Component
from kpiflow.incentives.components.factor import Factor
from kpiflow.incentives.components.floor import Floor
from kpiflow.incentives.components.gate import Gate
from kpiflow.incentives.components.matrix import Matrix
from kpiflow.incentives.components.penalty import Penalty
from kpiflow.incentives.components.product import Product
from kpiflow.incentives.components.proration import Proration
from kpiflow.incentives.components.rates import Rates
from kpiflow.incentives.components.rounding import RoundOff
from kpiflow.incentives.components.table import Table
from kpiflow.incentives.components.total import Total
from kpiflow.incentives.components.weighted import Weighted

#: Alphabetical. A new kind is one file, one line here and in the union below, one case in the tests.
COMPONENTS: tuple[type[Component], ...] = (
    Basis, Cap, Factor, Floor, Gate, Matrix, Penalty, Product, Proration, Rates, RoundOff, Table, Total, Weighted,
)  # fmt: skip

#: One component of a plan, told apart by its `kind`.
AnyComponent = Annotated[
    Basis
    | Cap
    | Factor
    | Floor
    | Gate
    | Matrix
    | Penalty
    | Product
    | Proration
    | Rates
    | RoundOff
    | Table
    | Total
    | Weighted,
    Field(discriminator="kind"),
]

__all__ = ["COMPONENTS", "AnyComponent", "Component"]
