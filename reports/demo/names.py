"""Names for made-up customers: skewed as real ones are, in the scripts the venues meet. Pure."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from pypinyin import Style, lazy_pinyin


@dataclass(frozen=True, slots=True)
class Name:
    """One person's names as they would be written down."""

    full: str
    preferred: str
    native: str
    language: str
    form_of_address: str
    pronunciation: str


class Skewed:
    """A pool in which the n-th entry is chosen in proportion to 1 / (n + 3): common names are common."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.totals = list(itertools.accumulate(1 / (n + 3) for n in range(len(words))))

    def pick(self, rng: Random) -> str:
        """One of the words."""
        return self.words[bisect.bisect(self.totals, rng.random() * self.totals[-1])]


_EN_WOMEN = "Mary Anna Emma Olivia Sarah Emily Grace Alice Lucy Charlotte Sophie Hannah Jane Kate Ruth Eileen Nia Dana Zoe Molly Amelia Isla Freya Ella Rosie Maisie Phoebe Abigail Georgia Harriet Imogen Martha Beth Rachel Laura Helen Karen Susan Linda Margaret Patricia Barbara Elizabeth Jennifer Rebecca Catherine Christine Deborah Michelle Nicola Samantha Tracey Wendy Yvonne Bridget Siobhan Aoife Niamh Ffion Carys Morag Fiona Kirsty Ngozi Amara Chioma Priya Anjali Meera Fatima Aisha Zainab Yasmin".split()  # noqa: E501 - a word list
_EN_MEN = "James John William Tom David Michael Daniel George Oliver Jack Harry Charlie Robert Richard Peter Paul Mark Andrew Stephen Simon Martin Kevin Brian Colin Alan Keith Graham Neil Stuart Ian Conor Liam Sean Declan Rhys Gareth Owen Dylan Hamish Callum Ewan Angus Ben Sam Joe Max Leo Alfie Archie Freddie Theo Toby Dexter Edward Henry Arthur Albert Frank Walter Victor Kwame Chidi Tunde Emeka Arjun Rohan Vikram Sanjay Imran Bilal Yusuf Omar Hassan".split()  # noqa: E501 - a word list
_EN_SURNAMES = "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Jackson Clarke Khan Lewis James Phillips Ali Mason Mitchell Rose Davis Cox Alexander Marsh Whitfield Okafor Adeyemi Nwosu Mensah Singh Sharma Gupta Shah Begum Hussain O'Brien O'Connor Murphy Kelly Walsh Byrne Ryan McCarthy MacLeod Campbell Stewart Fraser Morgan Bevan Pugh Llewellyn Price Hughes Griffiths Barnes Fletcher Carter Baker Cooper Turner Parker Collins Bennett Cook Bailey Richardson Shaw Kennedy Ward Foster Gibson Hunt Palmer Mills Grant Stone Knight Webb Holmes Fox Dixon Reynolds Ford Hamilton Sullivan Wallace West Cole Brooks Gray Watkins Lawson Burton Harding Lambert Nash Pearce Quinn Sharpe Todd Vaughan York".split()  # noqa: E501 - a word list
_EN_MADE = [
    a + b
    for a in "Ash Brad Charl Dun Eld Farn Hart Hol Kings Lang Mar Nor Oak Pem Rad Sher Thorn Wal Wes Whit Bur Cran Ding Hux Pick".split()
    for b in "worth ton ley field bury combe wood ford stead ham well croft bridge by shaw".split()
]  # noqa: E501 - a word list
_DE_WOMEN = "Anna Ingrid Ursula Sabine Monika Petra Julia Katharina Lena Marie Sophie Emilia Hannah Mia Clara Johanna Greta Frieda Heike Birgit Claudia Susanne Stefanie Nicole Elif Ayşe Zeynep Agnieszka Marta Olga Natalia Ilse Renate Gisela Brigitte Helga".split()  # noqa: E501 - a word list
_DE_MEN = "Thomas Michael Andreas Peter Stefan Wolfgang Klaus Jürgen Hans Martin Jonas Lukas Felix Maximilian Paul Finn Emil Anton Karl Friedrich Matthias Sebastian Jörg Uwe Dieter Mehmet Emre Mustafa Piotr Krzysztof Sergei Dmitri Günther Heinz Rüdiger Sören".split()  # noqa: E501 - a word list
_DE_SURNAMES = "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Meier Lehmann Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt Sauer Arnold Wolff Pfeiffer Yılmaz Kaya Demir Şahin Nowak Kowalski Wiśniewska Ivanov Petrova Hansen Jensen Lindqvist Renard Dubois Rossi García von-der-Heide".split()  # noqa: E501 - a word list
_DE_MADE = [
    a + b
    for a in "Alt Berg Birken Blumen Brand Eichen Feld Gold Grün Hasel Heid Linden Neu Ober Rosen Silber Stein Tannen Wald Wiesen".split()
    for b in "bauer bach berg dorf feld heim hof mann meier müller stein thal wald".split()
]  # noqa: E501 - a word list
_ZH_SURNAMES = "王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 高 林 罗 郑 梁 谢 宋 唐 许 韩 冯 邓 曹 彭 曾 肖 田 董 袁 潘 于 蒋 蔡 余 杜 叶 程 苏 魏 吕 丁 任 沈 姚 卢 姜 崔 钟 谭 陆 汪 范 金 石 廖 贾 夏 韦 付 方 白 邹 孟 熊 秦 邱 江 尹 薛 闫 段 雷 侯 龙 史 陶 黎 贺 顾 毛 郝 龚 邵 万 钱 严 覃 武 戴 莫 孔 向 汤 欧阳 上官 司马 诸葛 单 仇 解 区 朴 乐 盖 查".split()  # noqa: E501 - a word list
_ZH_READINGS: Final = {
    "曾": "Zeng", "单": "Shan", "仇": "Qiu", "解": "Xie", "区": "Ou", "朴": "Piao", "乐": "Yue", "盖": "Ge",
    "查": "Zha", "覃": "Qin", "尹": "Yin", "任": "Ren", "吕": "Lü", "肖": "Xiao",
}  # fmt: skip
_ZH_WOMEN = "芳 娜 静 敏 丽 艳 秀英 霞 玲 桂英 梅 莉 雪 慧 颖 婷 欣怡 梓涵 诗涵 雨桐 子萱 思琪 佳怡 晓梅 小雨 丹 红 燕 玉兰 雅琴 淑珍 海燕 文静 若曦 梦瑶 可欣 紫萱 语嫣 雨欣 嘉怡".split()  # noqa: E501 - a word list
_ZH_MEN = "伟 强 磊 军 洋 勇 杰 涛 超 明 刚 平 辉 鹏 建国 建华 志强 国强 浩然 子轩 宇轩 浩宇 俊杰 博文 天佑 文博 晓东 小龙 海涛 志明 家豪 永康 振华 德华 一鸣 思远 泽宇 嘉豪 明轩 立军".split()  # noqa: E501 - a word list
_ZH_CHARS = "安 白 冰 晨 承 春 达 东 凡 飞 风 光 国 海 涵 航 和 恒 宏 华 欢 佳 嘉 建 江 锦 景 君 凯 康 可 兰 乐 立 林 琳 灵 龙 露 美 明 铭 宁 培 平 琪 奇 清 晴 庆 然 仁 荣 瑞 若 山 少 诗 世 书 思 松 天 婉 文 希 祥 晓 心 欣 新 星 雅 妍 阳 瑶 怡 艺 英 颖 永 雨 玉 元 月 云 泽 哲 珍 正 芝 志 子".split()  # noqa: E501 - a word list

_POOLS: Final = {
    "en_women": Skewed(_EN_WOMEN),
    "en_men": Skewed(_EN_MEN),
    "en_surnames": Skewed(_EN_SURNAMES + _EN_MADE),
    "de_women": Skewed(_DE_WOMEN),
    "de_men": Skewed(_DE_MEN),
    "de_surnames": Skewed([name.replace("-", " ") for name in _DE_SURNAMES] + _DE_MADE),
    "zh_surnames": Skewed(_ZH_SURNAMES),
    "zh_women": Skewed(_ZH_WOMEN),
    "zh_men": Skewed(_ZH_MEN),
    "zh_chars": Skewed(_ZH_CHARS),
}
_SAY: Final = {
    "Siobhan": "shi-VAWN", "Aoife": "EE-fa", "Niamh": "NEEV", "Dana": "DAY-nuh", "Rhys": "REESE", "Ffion": "FEE-on",
    "Ngozi": "en-GOH-zee", "Chioma": "chee-OH-ma", "Ayşe": "eye-SHEH", "Jörg": "YURG", "Krzysztof": "KSHISH-tof",
}  # fmt: skip


def _western(rng: Random, country: str) -> Name:
    woman = rng.random() < 0.52
    given = _POOLS[f"{country}_{'women' if woman else 'men'}"].pick(rng)
    surname = _POOLS[f"{country}_surnames"].pick(rng)
    if woman and rng.random() < 0.03:
        surname = f"{surname}-{_POOLS[f'{country}_surnames'].pick(rng)}"
    title = {("en", True): "Ms", ("en", False): "Mr", ("de", True): "Frau", ("de", False): "Herr"}[
        country, woman
    ]
    formal = rng.random() < (0.6 if country == "de" else 0.1)
    return Name(
        full=f"{given} {surname}",
        preferred=f"{title} {surname}" if formal else given,
        native="",
        language=country,
        form_of_address=title if formal else "",
        pronunciation=_SAY.get(given, ""),
    )


def romanise(surname: str, given: str) -> str:
    """A Chinese name in pinyin without tones, surname first: 曾, 晓梅 is "Zeng Xiaomei"."""
    first = _ZH_READINGS.get(surname) or "".join(lazy_pinyin(surname, style=Style.NORMAL)).capitalize()
    return f"{first} {''.join(lazy_pinyin(given, style=Style.NORMAL)).capitalize()}"


def _chinese(rng: Random) -> Name:
    woman = rng.random() < 0.5
    surname = _POOLS["zh_surnames"].pick(rng)
    if rng.random() < 0.55:
        given = _POOLS["zh_women" if woman else "zh_men"].pick(rng)
    else:
        given = _POOLS["zh_chars"].pick(rng) + _POOLS["zh_chars"].pick(rng)
    address = f"{surname}{'女士' if woman else '先生'}"
    romanised = rng.random() < 0.6
    return Name(
        full=romanise(surname, given) if romanised else "",
        preferred=address if rng.random() < 0.7 else "",
        native=surname + given,
        language="zh",
        form_of_address="女士" if woman else "先生",
        pronunciation="",
    )


def make_name(rng: Random, country: str) -> Name:
    """One person's name at a venue of a country (GB, DE or CN): mostly its own people, some travellers."""
    chance = rng.random()
    if country == "CN":
        return _chinese(rng) if chance < 0.88 else _western(rng, "en")
    home = "de" if country == "DE" else "en"
    if chance < 0.8:
        return _western(rng, home)
    return _western(rng, "en" if home == "de" else "de") if chance < 0.92 else _chinese(rng)
