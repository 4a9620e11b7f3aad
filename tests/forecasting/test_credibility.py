"""Credibility on the data it is usually shown by: Hachemeister's bodily injury claims of five states in twelve quarters.

C. A. Hachemeister, "Credibility for regression models with application to trend", in Credibility: Theory and
Applications, Academic Press 1975, 129–163. The variance within states is published as 139,120,026, as in the handbook of the R
package actuar.
"""

import numpy as np
import pytest

from kpiflow.forecasting.credibility import _trust

#: Average claim of each state and quarter, and how many claims there were.
CLAIMS = np.array([
    [1738, 1642, 1794, 2051, 2079, 2234, 2032, 2035, 2115, 2262, 2267, 2517],
    [1364, 1408, 1597, 1444, 1342, 1675, 1470, 1448, 1464, 1831, 1612, 1471],
    [1759, 1685, 1479, 1763, 1674, 2103, 1502, 1622, 1828, 2155, 2233, 2059],
    [1223, 1146, 1010, 1257, 1426, 1532, 1953, 1123, 1343, 1243, 1762, 1306],
    [1456, 1499, 1609, 1741, 1482, 1572, 1606, 1735, 1607, 1573, 1613, 1690],
], dtype=float)  # fmt: skip
WEIGHTS = np.array([
    [7861, 9251, 8706, 8575, 7917, 8263, 9456, 8003, 7365, 7832, 7849, 9077],
    [1622, 1742, 1523, 1515, 1622, 1602, 1964, 1515, 1527, 1748, 1654, 1861],
    [1147, 1357, 1329, 1204, 998, 1077, 1277, 1218, 896, 1003, 1108, 1121],
    [407, 396, 348, 341, 315, 328, 352, 331, 287, 384, 321, 342],
    [2902, 3172, 3046, 3068, 2693, 2910, 3275, 2697, 2663, 3017, 3242, 3425],
], dtype=float)  # fmt: skip


def test_states_are_believed_as_bichsel_and_straub_estimate_it() -> None:
    """Their estimate answers itself: with Z = w ÷ (w + σ²/τ²), (I − 1) τ² is the sum of Z (X − m)², m being the mean by Z."""
    total = WEIGHTS.sum(axis=1)
    means = (CLAIMS * WEIGHTS).sum(axis=1) / total
    within = float((WEIGHTS * (CLAIMS - means[:, None]) ** 2).sum() / (5 * 11))
    assert within == pytest.approx(139_120_026, abs=0.5), "the published variance within states"
    trust, middle, between = _trust(means, total, np.full(5, within), np.ones(5, dtype=bool))
    assert trust == pytest.approx(total / (total + within / between))
    assert middle == pytest.approx(float((trust * means).sum() / trust.sum()))
    assert 4 * between == pytest.approx(float((trust * (means - middle) ** 2).sum()), rel=1e-6)
