"""What the sheets and columns of a company's workbook are called, in English and in 中文.

Floor 5: reads no clock, file or database.
"""

from kpiflow.definitions.company import TABLES

#: What a table's sheet is called in 中文; the first word is the one that is written, the others are understood too.
SHEETS: dict[str, tuple[str, ...]] = {
    "units": ("单位", "部门", "组织", "组织架构"),
    "people": ("人员", "员工", "花名册"),
    "assignments": ("任职", "岗位", "任职记录"),
    "goals": ("目标", "指标分解", "考核目标"),
    "targets": ("目标值", "分期目标"),
    "salaries": ("薪资", "工资"),
    "inputs": ("方案输入", "录入值"),
    "groups": ("分组", "人员分组"),
}

#: What a column is called in 中文, in whichever table; again the first word is written.
COLUMNS: dict[str, tuple[str, ...]] = {
    "unit": ("单位", "部门", "单位编号"),
    "label": ("名称", "英文名称", "姓名"),
    "label_zh": ("中文名称", "中文名"),
    "parent": ("上级", "上级单位", "上级目标"),
    "kind": ("类型", "类别"),
    "person": ("人员", "工号", "员工"),
    "hired": ("入职日期", "入职"),
    "left": ("离职日期", "离职"),
    "salary_month": ("月薪", "月工资"),
    "bonus_share": ("奖金比例", "目标奖金比例"),
    "manager": ("直接上级", "主管", "经理"),
    "role": ("角色", "岗位", "职务"),
    "fte": ("工作量", "编制系数"),
    "starts": ("开始日期", "生效日期", "开始"),
    "ends": ("结束日期", "结束"),
    "goal": ("目标编号", "目标"),
    "cycle": ("周期", "年度"),
    "owner": ("负责方", "责任人", "责任单位"),
    "scope": ("统计范围", "范围"),
    "metric": ("指标", "指标编号"),
    "weight": ("权重",),
    "rollup_weight": ("汇总权重",),
    "baseline": ("基线", "基准值"),
    "threshold": ("门槛值", "门槛", "底线值"),
    "target": ("目标值", "计划值"),
    "stretch": ("挑战值", "挑战目标"),
    "low": ("区间下限", "下限"),
    "high": ("区间上限", "上限"),
    "attainment": ("完成率算法",),
    "curve": ("计分曲线",),
    "phasing": ("进度分配",),
    "accrual": ("累计方式",),
    "rollup": ("汇总方式",),
    "missing": ("缺数处理",),
    "commitment": ("承诺类型",),
    "stage": ("阶段", "状态"),
    "supports": ("支撑目标", "支持"),
    "period": ("期间", "时期"),
    "input": ("输入项",),
    "value": ("数值", "值"),
    "group": ("组", "组别"),
}


def _plain(word: object) -> str:
    """Return a word as it is compared: without case, blanks around it, or the asterisk of a needed column."""
    return str(word).strip().rstrip("*＊").strip().casefold().replace(" ", "_")


def table_called(sheet: str) -> str | None:
    """Return the table a sheet's name means, None for a sheet that is none of ours.

    >>> table_called("Goals"), table_called("目标值"), table_called("Sheet1")
    ('goals', 'targets', None)
    """
    word = _plain(sheet)
    named = {name: name for name in TABLES} | {_plain(one): name for name, several in SHEETS.items() for one in several}
    return named.get(word)


def column_called(heading: object, table: str) -> str | None:
    """Return the column of a table that a heading means, None when it means none.

    >>> column_called("门槛值", "goals"), column_called("Label", "units"), column_called("colour", "units")
    ('threshold', 'label', None)
    """
    word, columns = _plain(heading), list(TABLES[table].columns())
    if word in columns:
        return word
    return next((name for name in columns if word in map(_plain, COLUMNS.get(name, ()))), None)


def sheet_name(table: str, language: str) -> str:
    """Return what a table's sheet is called in a language."""
    return SHEETS[table][0] if language == "zh" else table


def heading(column: str, language: str) -> str:
    """Return what a column is headed by in a language."""
    return COLUMNS[column][0] if language == "zh" and column in COLUMNS else column
