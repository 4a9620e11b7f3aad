"""What law lets an employer take from wages, as presets that a plan may name; none applies unless it is named.

They are no legal advice: each quotes where it is from, and whether that was read in the law itself or about it.
Floor 4: knows errors and language. Reads no clock, file or database.
"""

from dataclasses import dataclass
from decimal import Decimal

from kpiflow.language import Message, msg


@dataclass(frozen=True)
class LegalCap:
    """How much of a month's wage may be taken for a loss: a share, what must remain, and a share for all deductions."""

    name: str
    place: Message
    share: Decimal
    keeps_minimum: bool
    all_deductions: Decimal | None
    one_off: bool
    rule: Message
    source: str


#: By the name a plan writes.
LEGAL_CAPS: dict[str, LegalCap] = {
    cap.name: cap
    for cap in (
        LegalCap(
            "CN-20", msg("China"), Decimal("0.2"), keeps_minimum=True, all_deductions=None, one_off=False,
            rule=msg(
                "for a loss the person caused, at most 20 % of the month's wage; at least the local minimum wage remains"
            ),
            source="工资支付暂行规定（劳部发〔1994〕489号）第十六条",
        ),
        LegalCap(
            "CN-SZ-30", msg("Shenzhen"), Decimal("0.3"), keeps_minimum=True, all_deductions=None, one_off=True,
            rule=msg(
                "economic sanctions at most 30 % of the month's wage, none twice for one matter, at least the minimum wage "
                "remains; whether it is still in force was not verified"
            ),
            source="深圳经济特区和谐劳动关系促进条例（2008）第十六条",
        ),
        LegalCap(
            "CN-GD-20", msg("Guangdong"), Decimal("0.2"), keeps_minimum=True, all_deductions=None, one_off=False,
            rule=msg(
                "as in China, with the reason and the amount given in writing beforehand; fines in company rules are themselves "
                "punished since 2013-05-01"
            ),
            source="广东省工资支付条例；工资支付暂行规定第十六条",
        ),
        LegalCap(
            "SG-25", msg("Singapore"), Decimal("0.25"), keeps_minimum=False, all_deductions=Decimal("0.5"), one_off=True,
            rule=msg(
                "for damage or loss, after an inquiry, once, at most 25 % of one month's salary; all deductions together at most "
                "50 % in a period"
            ),
            source="Employment Act, Ministry of Manpower: salary deductions (mom.gov.sg)",
        ),
    )
}  # fmt: skip
