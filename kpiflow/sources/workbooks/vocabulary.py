"""The words of headings, and of rows that are totals or notes, in the languages sheets are written in.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import re
from enum import StrEnum

from kpiflow.sources.workbooks.mapping import Role
from kpiflow.sources.workbooks.names import key
from kpiflow.sources.workbooks.numerals import both_languages, plain, remembered, simplified


class Aside(StrEnum):
    """Why a column is not read, by its heading."""

    TOTAL = "total"
    COMPARED = "compared"  # worked out from the others: variance, completion, rank
    NOTE = "note"
    NUMBER = "number"  # counts the rows


#: What columns are called, for each role.
HEADINGS: dict[Role | Aside, tuple[str, ...]] = {
    Role.UNIT: (
        "unit", "units", "department", "departments", "dept", "division", "team", "station", "branch", "office",
        "region", "site",
        "location", "business unit", "org", "organisation", "organization", "section", "cost center", "store", "plant",
        "area", "workshop", "ward", "warehouse",
        "车间", "门店", "店铺", "分店", "基地", "院区", "病区", "产线", "仓库", "网点", "街道",
        "单位", "部门", "部门名称", "单位名称", "科室", "中心", "分公司", "公司", "机构", "组织", "站点", "航站", "班组",
        "责任部门", "责任单位", "所属部门", "区域",
        "abteilung", "bereich", "standort", "einheit", "filiale", "service", "département", "unité", "site",
        "departamento", "unidad",
    ),
    Role.PERSON: (
        "person", "people", "name", "full name", "employee", "staff", "owner", "responsible", "agent", "姓名", "人员",
        "员工", "责任人",
        "负责人", "被考核人", "工号", "mitarbeiter", "nom", "collaborateur", "nombre", "persona",
    ),
    Role.METRIC: (
        "metric", "metrics", "kpi", "kpis", "indicator", "indicators", "key figure", "measure name", "kpi name", "指标",
        "指标名称", "考核指标",
        "考核项目", "指标项", "项目", "关键指标", "kennzahl", "kennzahlen", "indicateur", "indicador",
    ),
    Role.DAY: (
        "day", "date", "month", "period", "quarter", "week", "year", "reporting month", "as of", "日期", "月份", "时间",
        "期间", "季度", "周",
        "年月", "统计月份", "统计日期", "月度", "年份", "年度", "年", "月", "日", "旬", "jahr", "tag", "jour", "día",
        "quartal", "woche", "année", "año", "datum", "monat", "zeitraum", "mois", "période", "fecha", "mes", "periodo",
    ),
    Role.VALUE: (
        "value", "actual", "actuals", "result", "results", "achieved", "achievement", "amount", "realised", "数值",
        "实际", "实际值", "实际完成",
        "完成值", "完成", "实绩", "完成情况", "结果", "值", "本月实际", "当月实际", "本月", "当月", "本期", "本季", "本季度",
        "本月数", "本期数", "当月值", "本月值", "this month", "current month", "current", "ist", "ist-wert", "istwert", "wert",
        "réel", "réalisé", "valeur", "valor", "real",
    ),
    Role.TARGET: (
        "target", "targets", "plan", "planned", "budget", "goal", "目标", "目标值", "计划", "计划值", "预算", "指标值",
        "本月目标", "soll", "soll-wert",
        "sollwert", "ziel", "planwert", "objectif", "cible", "prévu", "objetivo", "meta", "threshold", "stretch",
        "门槛值", "挑战值", "基准值", "baseline",
    ),
    Role.NUMERATOR: ("numerator", "hits", "分子", "zähler", "numérateur", "numerador"),
    Role.DENOMINATOR: ("denominator", "base", "分母", "基数", "nenner", "dénominateur", "denominador"),
    Role.ENTRY: ("entry", "条目"),
    Role.KIND: (
        "scenario", "plan/actual", "actual/plan", "target/actual", "actual/target", "actual/budget", "budget/actual",
        "soll/ist", "plan/ist", "计划/实际", "目标/实际", "szenario", "scénario", "escenario",
    ),
    Role.MEASURE: ("uom", "unit of measure", "measure", "measured in", "计量单位", "度量单位", "einheit",
        "unité de mesure", "currency", "scale", "数量级",
        "currency code", "ccy", "币种", "货币", "货币单位", "währung", "devise", "moneda"),
    Aside.TOTAL: (
        "total", "totals", "sum", "subtotal", "grand total", "average", "avg", "mean", "ytd", "year to date",
        "cumulative", "full year",
        "合计", "小计", "总计", "共计", "总和", "平均", "均值", "平均值", "累计", "本年累计", "全年", "年累计",
        "年度合计", "月均", "汇总",
        "summe", "gesamt", "zwischensumme", "durchschnitt", "kumuliert", "total général", "moyenne", "cumul", "suma",
        "promedio", "acumulado",
    ),
    Aside.COMPARED: (
        "variance", "difference", "diff", "delta", "gap", "vs plan", "vs target", "completion", "completion rate",
        "attainment", "% of target",
        "yoy", "mom", "rank", "ranking", "score", "points", "weight", "status", "trend", "差异", "差额", "偏差",
        "完成率", "达成率", "完成比例", "同比",
        "环比", "去年同期", "上年同期", "同期", "去年", "上年", "上月", "上期", "增长率", "增长", "增幅", "增减",
        "增减率", "预测", "预计", "forecast", "outlook", "py", "ly", "prior year", "last year", "previous year",
        "prior month", "last month",
        "previous month", "change", "growth", "vorjahr", "vj", "vormonat", "prognose", "veränderung", "n-1", "année précédente",
        "prévision", "排名", "名次", "得分", "评分", "权重", "状态", "abweichung", "rang", "gewicht", "écart", "poids",
        "variación", "peso",
    ),
    Aside.NOTE: (
        "note", "notes", "remark", "remarks", "comment", "comments", "备注", "说明", "注", "原因", "数据来源",
        "计算公式", "评分标准", "bemerkung",
        "bemerkungen", "kommentar", "remarque", "commentaire", "observaciones", "source", "definition", "formula",
        "description",
    ),
    Aside.NUMBER: ("no", "nr", "#", "serial", "s/n", "序号", "编号", "lfd nr", "n°"),
}  # fmt: skip

_BY_KEY: dict[str, tuple[Role | Aside, ...]] = {}
for _role, _words in HEADINGS.items():
    for _word in _words:
        _BY_KEY[key(_word)] = (*_BY_KEY.get(key(_word), ()), _role)

#: Roles that may stand before or after a period or a name in one heading, as in `Jan actual` and `1月目标`.
_BESIDE = (Role.VALUE, Role.TARGET, Role.NUMERATOR, Role.DENOMINATOR, Aside.TOTAL, Aside.COMPARED)

#: Words for what adds up from the beginning of the year, and words of comparison that judge what is measured now.
RUNNING: tuple[str, ...] = (
    "ytd", "year to date", "year-to-date", "cumulative", "cumulated", "累计", "本年累计", "年累计", "全年", "full year",
    "kumuliert", "kumulierte", "cumul", "cumulé", "acumulado",
)  # fmt: skip
JUDGING = ("score", "points", "weight", "status", "得分", "评分", "权重", "状态", "gewicht", "poids", "peso")


def _order(pair: tuple[str, Role | Aside]) -> tuple[int, int]:
    """Return what decides where a heading says two things: `本月计划` is planned, `上年实际` of last year, `累计完成` adds up."""
    word, role = pair
    if role is Aside.TOTAL and word in RUNNING:
        return 0, -len(word)
    return {Aside.COMPARED: 1 + 2 * (word in JUDGING), Role.TARGET: 2}.get(role, 3), -len(word)


_WORDS_BESIDE = sorted(((word, role) for role in _BESIDE for word in HEADINGS[role] if len(word) > 1), key=_order)

_TOTAL = "|".join(map(re.escape, sorted(HEADINGS[Aside.TOTAL], key=len, reverse=True)))
_TOTALS = re.compile(
    rf"(?:{_TOTAL}|overall|in total|all units|company total|以上|总数)(?:\s*[:(（].*|\s*[:：])?"
    r"|(?:grand\s+|sub-?)?total\b.*|.*\b(?:total|subtotal|average)|.*(?:合计|小计|总计|平均)"
)
_NOTES = re.compile(
    r"\s*(?:[*※†#]+\s*\S"
    r"|(?:notes?|remarks?|sources?|legend|prepared by|approved by|signed|generated|printed|footnote|disclaimer)\b"
    r"|(?:注|备注|说明|数据来源|来源|制表|制表人|填表人|审核|审批|编制|单位负责人|填报|打印)\s*\d*\s*[:：.、,]"
    r"|(?:注|备注|说明)$|(?:hinweis|quelle|anmerkung|erstellt)\b)",
    re.IGNORECASE,
)


def roles_of(text: str) -> tuple[Role | Aside, ...]:
    """Return what a heading that is one of the words above can mean.

    >>> [role.value for role in roles_of("实际 值")], roles_of("Punctuality")
    (['value'], ())
    """
    return _BY_KEY.get(key(text)) or _in_both_languages(text)


def _in_both_languages(text: str) -> tuple[Role | Aside, ...]:
    """Return what a heading means that says it twice: 站点 (Station), Department / 部门."""
    parts = both_languages(text)
    first, second = (_BY_KEY.get(key(part), ()) for part in parts) if parts else ((), ())
    return tuple(role for role in first if role in second)


def beside(text: str) -> tuple[Role | Aside, str] | None:
    """Return the role a heading says beside something else, and the something else.

    >>> [beside(text)[0].value for text in ("本月计划", "上年实际", "累计完成", "LY actual", "实际完成率", "Actual score")]
    ['target', 'compared', 'total', 'compared', 'compared', 'value']
    >>> beside("1月实际"), beside("Target Jan"), beside("Actuals department")
    ((<Role.VALUE: 'value'>, '1月'), (<Role.TARGET: 'target'>, 'Jan'), (<Role.VALUE: 'value'>, 'department'))
    """
    said = plain(text)
    folded = simplified(said.casefold())
    for word, role in _WORDS_BESIDE:
        if len(folded) <= len(word):
            continue
        if folded.endswith(word) and (not word[0].isascii() or not folded[-len(word) - 1].isalnum()):
            return role, said[: -len(word)].strip(" -_/:()·|,")
        if folded.startswith(word) and (not word[-1].isascii() or not folded[len(word)].isalnum()):
            return role, said[len(word) :].strip(" -_/:()·|,")
    return None


def adds_up_value(text: str) -> bool:
    """Return whether a heading says both that its numbers are measured and that they add up.

    >>> [adds_up_value(text) for text in ("累计完成", "YTD actual", "累计", "本月完成", "累计计划")]
    [True, True, False, False, False]
    """
    part = beside(text)
    return part is not None and part[0] is Aside.TOTAL and roles_of(part[1])[:1] == (Role.VALUE,)


@remembered
def is_total(text: str) -> bool:
    """Return whether a row of that name is a total, a subtotal or an average of others.

    >>> [is_total(text) for text in ("合 计", "Grand Total", "North total", "华东小计", "Totally new", "Average:", "Northern")]
    [True, True, True, True, False, True, False]
    """
    said = simplified(plain(text).casefold())
    joined = said.replace(" ", "") if not said.isascii() else said
    return bool(_TOTALS.fullmatch(joined.strip(" *-—")))


@remembered
def is_note(text: str) -> bool:
    """Return whether a row that begins so is a note on the table.

    >>> [is_note(text) for text in ("* preliminary", "注：数据截至月底", "Source: ERP", "Notting Hill", "*")]
    [True, True, True, False, False]
    """
    return bool(_NOTES.match(simplified(plain(text))))
