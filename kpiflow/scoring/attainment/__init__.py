"""Where the actual lies against the target: one convention per file, each goal says which is used.

Floor 4, part of scoring. Reads no clock, file or database.
"""

from kpiflow.core.metric import Direction
from kpiflow.scoring.attainment.band import Band
from kpiflow.scoring.attainment.baseline import Baseline
from kpiflow.scoring.attainment.closeness import Closeness
from kpiflow.scoring.attainment.convention import Convention
from kpiflow.scoring.attainment.inverse import Inverse
from kpiflow.scoring.attainment.mirror import Mirror
from kpiflow.scoring.attainment.ratio import Ratio
from kpiflow.scoring.attainment.reached import Reached
from kpiflow.scoring.attainment.share_in_band import ShareInBand

#: Every convention a goal may name, in alphabetical order.
ATTAINMENTS: tuple[type[Convention], ...] = (Band, Baseline, Closeness, Inverse, Mirror, Ratio, Reached, ShareInBand)

CONVENTIONS: dict[str, type[Convention]] = {convention.name: convention for convention in ATTAINMENTS}

#: The convention of a goal that names none, by the metric's direction; shown beside every number it makes.
DEFAULTS: dict[Direction, str] = {Direction.HIGHER: "ratio", Direction.LOWER: "mirror", Direction.WITHIN: "band"}
