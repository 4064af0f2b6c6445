"""How Chinese names are read aloud, in pinyin without tones. Pure.

Surnames have readings of their own: 曾 is zēng and not céng, 单 is shàn, 仇 is qiú. The reading tables of
pypinyin are made for running text and get about half of these wrong, so the readings as a surname stand
here (after 《现代汉语词典》 and the surname list of 《百家姓》), and every other reading is kept besides.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import islice, product
from typing import Final

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PINYIN_DICT

from customers.spelling import fold

SURNAME_READINGS: Final[dict[str, str]] = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "朴": "piao", "乐": "yue",
    "盖": "ge", "查": "zha", "尉": "wei", "召": "shao", "种": "chong", "繁": "po", "重": "chong",
    "翟": "zhai", "员": "yun", "盛": "sheng", "任": "ren", "华": "hua", "宁": "ning", "洗": "xian",
    "冼": "xian", "覃": "qin", "缪": "miao", "黑": "he", "折": "she", "过": "guo", "逄": "pang",
    "隗": "wei", "秘": "bi", "幺": "yao", "逯": "lu", "佴": "nai", "哈": "ha", "那": "na", "牟": "mu",
    "燕": "yan", "葛": "ge", "纪": "ji", "于": "yu", "应": "ying", "俞": "yu", "郇": "xun",
    "臧": "zang", "藏": "zang", "瞿": "qu", "撒": "sa", "洒": "sa", "石": "shi", "车": "che",
    "贾": "jia", "费": "fei", "薄": "bo", "柏": "bai", "六": "lu", "晟": "cheng", "谌": "chen",
    "降": "jiang", "句": "gou", "勾": "gou", "阚": "kan", "相": "xiang", "行": "xing", "訾": "zi",
    "祭": "zhai", "阿": "a", "么": "yao", "莘": "shen", "都": "du", "长": "zhang", "沈": "shen",
    "叶": "ye", "郗": "xi", "庾": "yu", "禚": "zhuo", "卜": "bu", "乜": "nie", "能": "nai", "宓": "mi",
    "适": "kuo", "冯": "feng", "殷": "yin", "褚": "chu", "晁": "chao", "邵": "shao", "强": "qiang",
    "万": "wan", "麦": "mai", "嬴": "ying", "岑": "cen", "乘": "sheng", "南": "nan", "屠": "tu",
    "枣": "zao", "尉迟": "yuchi", "万俟": "moqi", "欧阳": "ouyang", "司马": "sima", "上官": "shangguan",
    "诸葛": "zhuge", "东方": "dongfang", "皇甫": "huangfu", "令狐": "linghu", "公孙": "gongsun",
    "慕容": "murong", "长孙": "zhangsun", "宇文": "yuwen", "司徒": "situ", "司空": "sikong",
    "夏侯": "xiahou", "轩辕": "xuanyuan", "端木": "duanmu", "独孤": "dugu", "南宫": "nangong",
    "西门": "ximen", "闻人": "wenren", "澹台": "tantai", "公冶": "gongye", "宗政": "zongzheng",
    "濮阳": "puyang", "淳于": "chunyu", "单于": "chanyu", "太叔": "taishu", "申屠": "shentu",
    "仲孙": "zhongsun", "钟离": "zhongli", "鲜于": "xianyu", "呼延": "huyan", "赫连": "helian",
    "拓跋": "tuoba", "百里": "baili", "东郭": "dongguo", "乐正": "yuezheng", "亓官": "qiguan",
    "司寇": "sikou", "子车": "ziju", "颛孙": "zhuansun", "巫马": "wuma", "公西": "gongxi",
    "漆雕": "qidiao", "壤驷": "rangsi", "公良": "gongliang", "夹谷": "jiagu", "宰父": "zaifu",
    "谷梁": "guliang", "段干": "duangan", "梁丘": "liangqiu", "左丘": "zuoqiu", "第五": "diwu",
    "纳兰": "nalan", "完颜": "wanyan",
}  # fmt: skip

# Families that use several readings: all of them are the surname's.
OTHER_SURNAME_READINGS: Final[dict[str, tuple[str, ...]]] = {
    "朴": ("pu", "park"), "盖": ("gai",), "乐": ("le",), "覃": ("tan",), "隗": ("kui",),
    "逄": ("pang",), "晟": ("sheng",), "翟": ("di",), "车": ("ju",), "郗": ("chi",), "牟": ("mou",),
    "谌": ("shen",), "祭": ("ji",), "尉": ("yu",), "仉": ("zhang",), "缪": ("mou",), "种": ("zhong",),
    "曲": ("qu",),
}  # fmt: skip

_LONGEST_NAME: Final = 8
# Of a given name run together so many readings of a character are tried, and so many ways in all.
_USUAL_READINGS: Final = 2
_MOST_WAYS: Final = 8


def _plain(syllable: str) -> str:
    """A syllable without its tone, ü written v: lǚ is lv."""
    letters = unicodedata.normalize("NFD", syllable).replace("u\N{COMBINING DIAERESIS}", "v")
    return "".join(c for c in letters if c.isascii() and c.isalpha())


def _typed(syllable: str) -> tuple[str, ...]:
    """The ways a syllable is typed: ü as v, u, yu (and ue for üe)."""
    if "v" not in syllable:
        return (syllable,)
    return (syllable, syllable.replace("v", "u"), syllable.replace("v", "yu"))


@lru_cache(maxsize=30_000)
def readings_of(character: str) -> tuple[str, ...]:
    """Every reading of one character, the commonest first, each as it may be typed."""
    known = (_plain(toned) for toned in PINYIN_DICT.get(ord(character), "").split(","))
    return tuple(dict.fromkeys(way for syllable in known if syllable for way in _typed(syllable)))


def split_surname(name: str) -> tuple[str, str]:
    """A Chinese name as surname and given name. A name of one character is a given name alone."""
    if len(name) == 1:
        return "", name
    length = 2 if name[:2] in SURNAME_READINGS and len(name) > 2 else 1
    return name[:length], name[length:]


@lru_cache(maxsize=20_000)
def surname_readings(surname: str) -> tuple[str, ...]:
    """How a surname is read: as a surname first, then every other reading."""
    if len(surname) == 1:
        rest: tuple[str, ...] = readings_of(surname)
    else:
        rest = ("".join(_plain(s) for s in lazy_pinyin(surname, style=Style.TONE)),)
    return tuple(dict.fromkeys([*_as_a_surname(surname), *rest]))


def usual_surname_readings(surname: str) -> tuple[str, ...]:
    """Those readings by which families of this name go, in each way that they are typed."""
    return _as_a_surname(surname) or _commonest(surname_readings(surname))


def _as_a_surname(surname: str) -> tuple[str, ...]:
    own = (SURNAME_READINGS.get(surname, ""), *OTHER_SURNAME_READINGS.get(surname, ()))
    return tuple(filter(None, own))


def _commonest(readings: tuple[str, ...]) -> tuple[str, ...]:
    """The first of these readings, in each way that it is typed."""
    return tuple(way for way in readings if way in _typed(readings[0]))


def in_context(given: str) -> list[tuple[str, ...]]:
    """How each character of a given name is read beside the others, in each way that it is typed."""
    syllables = [_plain(s) for s in lazy_pinyin(given, style=Style.TONE)]
    if len(syllables) != len(given) or not all(syllables):
        return [_commonest(readings_of(character) or ("",)) for character in given]
    return [_typed(syllable) for syllable in syllables]


@lru_cache(maxsize=20_000)
def given_readings(given: str) -> tuple[tuple[str, ...], ...]:
    """The syllables of a given name, in each way that it is typed; the reading in context first."""
    usual = [
        tuple(dict.fromkeys([*context, *readings_of(character)[:_USUAL_READINGS]]))
        for context, character in zip(in_context(given), given, strict=True)
    ]
    # The choices of the first characters go round fastest, so that no character is left with one reading.
    ways = (way[::-1] for way in product(*usual[::-1]))
    return tuple(islice(ways, _MOST_WAYS))


@lru_cache(maxsize=10_000)
def name_readings(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """What may be typed for a Chinese name: (its words, its words run together and its initials).

    张伟: zhang and wei; zhangwei, weizhang, zw, zhw, zhangw, zwei. Surnames in every reading.
    """
    name = fold(name)[:_LONGEST_NAME]
    surname, given = split_surname(name)
    words = {reading for character in given for reading in readings_of(character)}
    families = surname_readings(surname) if surname else ()
    words.update(families)
    return frozenset(words), frozenset(_together(surname, families, given_readings(given)) - words - {""})


@lru_cache(maxsize=10_000)
def usual_together(name: str) -> frozenset[str]:
    """What is typed for a Chinese name in one word by those who read it as its family does."""
    surname, given = split_surname(fold(name)[:_LONGEST_NAME])
    families = usual_surname_readings(surname) if surname else ()
    ways = tuple(islice(product(*in_context(given)), _MOST_WAYS))
    return frozenset(_together(surname, families, ways) | set(_whole(families, ways)))


def _together(surname: str, families: tuple[str, ...], ways: tuple[tuple[str, ...], ...]) -> set[str]:
    """The given name and the whole name run together, and their initials, in each way to read them."""
    found: set[str] = set()
    for syllables in ways:
        first, short = "".join(syllables), "".join(s[:1] for s in syllables)
        found |= {first, short} if len(syllables) > 1 else set()
        found |= _run_together(families, surname, first, short)
        found |= {_initial(family) + "".join(map(_initial, syllables)) for family in families}
    return found


def _initial(syllable: str) -> str:
    """The initial as those write it who learnt zh, ch and sh as one."""
    return syllable[: 2 if syllable[1:2] == "h" else 1]


def _run_together(families: tuple[str, ...], surname: str, given: str, short: str) -> set[str]:
    """The whole name as one word, in both orders, with either part shortened to its initials."""
    found: set[str] = set()
    for family in families:
        found |= {
            family + given,
            given + family,
            family + short,
            short + family,
            family[0] + short,
            family[0] + given,
        }
        if len(surname) == 2:
            second = (readings_of(surname[1]) or ("",))[0]
            found |= {family[0] + second[:1] + short, family[0] + second[:1]}
    return found


@lru_cache(maxsize=10_000)
def whole_readings(name: str) -> tuple[str, ...]:
    """A whole Chinese name as it is typed in full: run together, in two words, a word for each character."""
    surname, given = split_surname(fold(name)[:_LONGEST_NAME])
    return _whole(surname_readings(surname) if surname else (), given_readings(given))


def _whole(families: tuple[str, ...], ways: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    found: list[str] = []
    for family in families or ("",):
        for syllables in ways:
            given = "".join(syllables)
            words = [*([family] if family else []), *syllables]
            found += ["".join(words), " ".join(words), f"{family} {given}".strip(), given + family]
    return tuple(dict.fromkeys(found))
