"""The ten-component plan in OpenFisca-core, in a process and an environment of its own: `openfisca_pay.py GIVEN FOUND COUNT`.

Reads the people from one file of arrays, writes the ten values of everybody to another, and prints the seconds of each
run. Knows nothing of KPIFlow, and KPIFlow nothing of it.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import YEAR
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = "2025"

Array = np.ndarray

#: Everybody, of whom a formula asks a variable in a period.
Asked = Callable[[str, Any], Array]

Person = build_entity(key="person", plural="people", label="Somebody who is paid", is_person=True)


def cents(amount: Array) -> Array:
    """Round money to cents."""
    return np.floor(amount * 100 + 0.5) / 100


def basis(person: Asked, period: Any) -> Array:
    """A year's salary times the target share."""
    return cents(person("salary_month", period) * 12 * person("bonus_share", period))


def business(person: Asked, period: Any) -> Array:
    """A line through three points, nothing below the first."""
    attained = person("attained", period)
    return np.interp(attained, [0.9, 1.0, 1.2], [0.5, 1.0, 2.0]) * (attained >= np.float32(0.9))


def department(person: Asked, period: Any) -> Array:
    """Steps."""
    score = person("department_score", period)
    return np.select([score >= 95, score >= 80, score >= 60], [1.1, 0.9, 0.6], 0.0)


def personal(person: Asked, period: Any) -> Array:
    """A table by grade."""
    return np.array([1.2, 1.1, 1.0, 0.6, 0.0])[person("grade", period)]


def employed(person: Asked, period: Any) -> Array:
    """Days by days."""
    return person("days_employed", period) / person("days_in_period", period)


def gross(person: Asked, period: Any) -> Array:
    """All of them multiplied."""
    factors = [person(name, period) for name in ("business", "department", "personal", "employed")]
    return cents(person("basis", period) * factors[0] * factors[1] * factors[2] * factors[3])


def own_gate(person: Asked, period: Any) -> Array:
    """At most half of the basis below a score of 80."""
    amount = person("gross", period)
    return np.where(person("score", period) >= 80, amount, np.minimum(amount, cents(person("basis", period) * 0.5)))


def ceiling(person: Asked, period: Any) -> Array:
    """At most twice the basis."""
    return np.minimum(person("own_gate", period), person("basis", period) * 2)


def penalty(person: Asked, period: Any) -> Array:
    """So much off per complaint."""
    return np.maximum(person("ceiling", period) - np.minimum(person("complaints", period) * 150, 1000), 0)


def final(person: Asked, period: Any) -> Array:
    """What is left, and the allowance."""
    return person("penalty", period) + person("allowance", period)


INPUTS = {
    "salary_month": float, "bonus_share": float, "score": float, "attained": float, "department_score": float,
    "complaints": float, "allowance": float, "days_employed": int, "days_in_period": int, "grade": int,
}  # fmt: skip
FORMULAS = (basis, business, department, personal, employed, gross, own_gate, ceiling, penalty, final)


def system() -> TaxBenefitSystem:
    """Return the inputs and formulas as OpenFisca's variables."""
    made = TaxBenefitSystem([Person])
    same = {"entity": Person, "definition_period": YEAR}
    for name, kind in INPUTS.items():
        made.add_variable(type(name, (Variable,), {**same, "value_type": kind}))
    for formula in FORMULAS:
        # A class body would make it a method of the class; OpenFisca calls it as a plain function.
        made.add_variable(type(formula.__name__, (Variable,), {**same, "value_type": float, "formula": formula}))
    return made


def simulation(made: TaxBenefitSystem, given: dict[str, np.ndarray]) -> Simulation:
    """Return everybody with their inputs, nothing worked out yet."""
    found = SimulationBuilder().build_default_simulation(made, len(given["score"]))
    for name, values in given.items():
        found.set_input(name, PERIOD, values)
    return found


def main() -> None:
    """Work it out again and again; laying out the inputs is not counted."""
    asked, answer, count = sys.argv[1:]
    with np.load(asked) as arrays:
        given = {name: arrays[name] for name in INPUTS}
    made, times = system(), []
    for _ in range(int(count) + 1):
        people = simulation(made, given)
        began = time.perf_counter()
        people.calculate("final", PERIOD)
        times.append(time.perf_counter() - began)
    np.savez(answer, **{one.__name__: people.calculate(one.__name__, PERIOD) for one in FORMULAS})
    print(json.dumps(times[1:]))


if __name__ == "__main__":
    main()
