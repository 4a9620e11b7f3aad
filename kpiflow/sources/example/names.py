"""Invented names of people, in both languages; no person of any airline or airport is meant.

Floor 4: plain facts. Reads no clock, file or database.
"""

_GIVEN: tuple[tuple[str, str], ...] = (
    ("Ada", "艾达"),
    ("Bruno", "布鲁诺"),
    ("Chiara", "基娅拉"),
    ("Dario", "达里奥"),
    ("Esther", "埃丝特"),
    ("Farid", "法里德"),
    ("Greta", "格蕾塔"),
    ("Hugo", "雨果"),
    ("Imani", "伊玛尼"),
    ("Jonas", "乔纳斯"),
    ("Kavita", "卡维塔"),
)

#: Birds for surnames, so that nobody takes them for real people.
_FAMILY: tuple[tuple[str, str], ...] = (
    ("Skylark", "斯凯拉克"),
    ("Kestrel", "凯斯特雷尔"),
    ("Heron", "赫伦"),
    ("Swallow", "斯沃洛"),
    ("Falconer", "法尔科纳"),
    ("Gannet", "甘尼特"),
    ("Nightingale", "奈廷格尔"),
    ("Osprey", "奥斯普雷"),
    ("Plover", "普洛弗"),
    ("Starling", "斯塔林"),
    ("Teal", "蒂尔"),
    ("Wagtail", "瓦格泰尔"),
    ("Wren", "雷恩"),
)

_CHINESE: tuple[tuple[str, str], ...] = (
    ("Lu Hongyan", "陆鸿雁"),
    ("Bai Yunque", "白云雀"),
    ("Yan Feiyan", "严飞燕"),
    ("Fang Haiou", "方海鸥"),
    ("He Ming", "何鸣"),
    ("Ling Xiaoque", "凌晓雀"),
    ("Tang Sunfei", "唐隼飞"),
    ("Wen Luying", "温鹭影"),
    ("Xu Zhenyu", "许振羽"),
    ("Yu Chaoge", "于朝鸽"),
    ("Zhao Qinglu", "赵青鹭"),
    ("Song Tianying", "宋天鹰"),
    ("Meng Yanqiu", "孟雁秋"),
    ("Gu Hequn", "顾鹤群"),
)


def invented_name(number: int) -> tuple[str, str]:
    """Return the English and Chinese form of the name with this number, from 0; every fourth one is Chinese.

    The first 56 are all different.

    >>> invented_name(0), invented_name(3)
    (('Ada Skylark', '艾达·斯凯拉克'), ('Lu Hongyan', '陆鸿雁'))
    """
    turn, place = divmod(number, 4)
    if place == 3:
        return _CHINESE[turn % len(_CHINESE)]
    western = turn * 3 + place
    given, family = _GIVEN[western % len(_GIVEN)], _FAMILY[western % len(_FAMILY)]
    return f"{given[0]} {family[0]}", f"{given[1]}·{family[1]}"
