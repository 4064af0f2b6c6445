"""How Chinese names are read aloud, in pinyin without tones. Pure.

Surnames have readings of their own: 曾 is zēng and not céng, 单 is shàn, 仇 is qiú. The reading tables of
pypinyin are made for running text and get about half of these wrong, so the readings as a surname stand
here (after 《现代汉语词典》 and the surname list of 《百家姓》), and every other reading is kept besides.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
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
    own = (SURNAME_READINGS.get(surname, ""), *OTHER_SURNAME_READINGS.get(surname, ()))
    if len(surname) == 1:
        rest: tuple[str, ...] = readings_of(surname)
    else:
        rest = ("".join(_plain(s) for s in lazy_pinyin(surname, style=Style.TONE)),)
    return tuple(dict.fromkeys(reading for reading in (*own, *rest) if reading))


@lru_cache(maxsize=20_000)
def given_readings(given: str) -> tuple[tuple[str, ...], ...]:
    """The syllables of a given name, in each way that it is typed; the reading in context first."""
    context = [_plain(s) for s in lazy_pinyin(given, style=Style.TONE)]
    if len(context) != len(given) or not all(context):
        context = [(readings_of(c) or ("",))[0] for c in given]
    ways = [tuple(_typed(syllable)[0] for syllable in context)]
    if any("v" in syllable for syllable in context):
        ways += [tuple(s.replace("v", u) for s in context) for u in ("u", "yu")]
    return tuple(ways)


@lru_cache(maxsize=10_000)
def name_readings(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """What may be typed for a Chinese name: (its words, its words run together and its initials).

    张伟: zhang and wei; zhangwei, weizhang, zw, zhangw, zwei. Surnames in every reading.
    """
    name = fold(name)[:_LONGEST_NAME]
    surname, given = split_surname(name)
    words = {reading for character in given for reading in readings_of(character)}
    families = surname_readings(surname) if surname else ()
    words.update(families)
    together: set[str] = set()
    for syllables in given_readings(given):
        first, short = "".join(syllables), "".join(s[:1] for s in syllables)
        together |= {first, short} if len(given) > 1 else set()
        together |= _run_together(families, surname, first, short)
    return frozenset(words), frozenset(together - words - {""})


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
    found: list[str] = []
    for family in surname_readings(surname) if surname else ("",):
        for syllables in given_readings(given):
            words = [*([family] if family else []), *syllables]
            found += ["".join(words), " ".join(words), f"{family} {''.join(syllables)}".strip()]
    return tuple(dict.fromkeys(found))
