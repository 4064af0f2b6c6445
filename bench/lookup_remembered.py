"""People of whom something is remembered, and what finds them, parted by semicolons."""

from __future__ import annotations

from typing import Any, Final

PEOPLE: Final[dict[str, dict[str, Any]]] = {
    "Anna Feldman": {
        "company": "Kestrel Optics",
        "tags": ["regular", "book club"],
        "companions": [("pet", "Biscuit")],
        "remembered": [
            {"kind": "like", "value": "Oat flat white, extra hot", "category": "drink"},
            {"kind": "topic", "value": "Her golden retriever"},
            {"kind": "topic", "value": "Training for the Berlin marathon"},
        ],
        "contacts": [("email", "anna.feldman+cafe@kestrel-optics.co.uk"), ("phone", "+44 20 7946 0123")],
    },
    "Anna Osborne": {
        "remembered": [{"kind": "like", "value": "Soya cappuccino", "category": "drink"}],
    },
    "Tom Reddish": {
        "company": "O'Malley & Sons Ltd.",
        "tags": ["VIP", "wheelchair"],
        "companions": [("partner", "Priscilla Reddish"), ("child", "Mo")],
        "remembered": [
            {
                "kind": "safety",
                "value": "Peanuts",
                "category": "allergy",
                "detail": "carries an EpiPen",
                "severity": "severe",
            },
            {"kind": "like", "value": "Window table", "detail": "by the fern"},
            {"kind": "topic", "value": "Comes on Tuesday after yoga with his retriever"},
        ],
        "contacts": [("email", "t.reddish@gmail.com")],
    },
    "Yuki Sato": {
        "company": "Société Générale",
        "remembered": [
            {"kind": "like", "value": "Matcha crème brûlée"},
            {"kind": "dislike", "value": "Coriander"},
        ],
        "contacts": [("email", "yuki_sato@société.fr"), ("phone", "+81 90-1234-5678")],
    },
    "王小明": {
        "company": "腾讯科技",
        "tags": ["老顾客"],
        "companions": [("pet", "豆豆"), ("partner", "李娜")],
        "remembered": [
            {"kind": "like", "value": "龙井茶", "category": "茶"},
            {"kind": "topic", "value": "喜欢钓鱼"},
        ],
        "contacts": [("phone", "+86 138 1234 5678"), ("email", "xiaoming.wang@qq.com")],
    },
    "Lars Nygård": {
        "tags": ["#wine-club"],
        "companions": [("assistant", "Ms. Henrietta Zoltan"), ("pet", "O'Malley")],
        "remembered": [
            {"kind": "like", "value": "Riesling 2019"},
            {"kind": "need", "value": "Wheelchair access"},
            {"kind": "style", "value": "Prefers to be called by first name"},
        ],
        "contacts": [("phone", "+47 22 12 34 56"), ("email", "lars@nygård.no")],
    },
}
REMEMBERED: Final = {
    "Anna Feldman": (
        "biscuit; bisc; bsicuit; biscit; biscuits; anna oat; oat anna; anna oats; anna flat white; "
        "a oat; oat flat; feldman hot; golden retriever; retriever anna; kestrel; kestrel optics; "
        "anna kestrel; anna from kestrel; marathon; maraton; berlin; marathon berlin; book club; "
        "bookclub; the golden retriever; likes oat milk anna; anna who has biscuit; anna, oat; "
        "anna & biscuit; anna 0123; 0123 anna; feldman 7946; anna 7946 0123"
    ),
    "Anna Osborne": "anna soya; soya; anna capuccino; anna cappucino",
    "Tom Reddish": (
        "retriever tuesday; tuesday yoga; tom tuesday; tuesdays tom; omalley sons; o'malley tom; "
        "priscilla; priscila; mo tom; tom mo; peanut; peanuts; peanut allergy; epipen; allergy tom; "
        "window; window table; fern; tom window; vip tom; vip; reddish vip; guy with peanuts allergy"
    ),
    "Lars Nygård": (
        "omalley; o'malley; riesling; reisling; riesling 2019; 2019; lars riesling; wheelchair lars; "
        "wine club; wineclub; wine-club; #wine-club; zoltan; henrietta; first name"
    ),
    "Yuki Sato": (
        "matcha; creme brulee; crème brûlée; coriander; corriander; societe generale; société; "
        "yuki matcha; sato coriander"
    ),
    "王小明": (
        "龙井; 龙井茶; 龍井; 钓鱼; 豆豆; 腾讯; 老顾客; 王 龙井; 王龙井; 小明 龙井; wang 龙井; 李娜; "
        "lina; doudou; 王 5678; wang 5678"
    ),
}  # fmt: skip
ADDRESSES: Final = {
    "Anna Feldman": (
        "anna.feldman+cafe@kestrel-optics.co.uk; ANNA.FELDMAN+CAFE@KESTREL-OPTICS.CO.UK; "
        "anna.feldman@kestrel-optics.co.uk; anna.feldman@; anna.feldman@kes; @kestrel; "
        "@kestrel-optics; kestrel-optics.co.uk; feldman@; annafeldman@; anna feldman@kestrel; "
        "feldman@kestrel; anna.feldman"
    ),
    "Tom Reddish": (
        "t.reddish; t.reddish@; treddish; treddish@gmail.com; reddish@gmail; t.reddish@gmail.cmo; "
        "t.redish@gmail.com; mailto:t.reddish@gmail.com; <t.reddish@gmail.com>; "
        "Tom Reddish <t.reddish@gmail.com>; t.reddish @gmail.com; gmail; @gmail.com; gmail.com; "
        "reddish gmail; t.reddish@gmail.com; t.reddish＠gmail.com"
    ),
    "Yuki Sato": "yuki_sato; yuki_sato@; yukisato; yuki.sato@société.fr; yuki@societe",
    "王小明": "xiaoming.wang@qq.com; xiaoming.wang; xiaomingwang@qq; wang@qq; @qq.com; qq.com",
    "Lars Nygård": "lars@; lars@nygard.no; @nygård",
}  # fmt: skip
NUMBERS: Final = {
    "Anna Feldman": (
        "+442079460123; 020 7946 0123; (020) 7946-0123; 020.7946.0123; 020/79460123; "
        "0044 20 7946 0123; +44 (0)20 7946 0123; 011 44 20 7946 0123; ００４４２０７９４６０１２３; "
        "０２０ ７９４６ ０１２３; tel:+442079460123; 7946 0123; 79460123; 0123; 123; 946; 7946; 2079; "
        "44207946; 20 7946; 020 7946; +44 20; 0207946012; tel 020 7946 0123; Tel. 020 7946 0123; "
        "phone 7946 0123; ..0123; ··0123; …0123; *0123; #0123; -0123; +44 20 7946 0123 ext 4; "
        "020–7946–0123; 020‑7946‑0123; 020_7946_0123; 020,7946,0123; ٠٢٠٧٩٤٦٠١٢٣; ۰۲۰۷۹۴۶۰۱۲۳"
    ),
    "王小明": (
        "13812345678; 138 1234 5678; 138-1234-5678; +8613812345678; 8613812345678; 008613812345678; "
        "１３８１２３４５６７８; 1381234; 0013812345678"
    ),
    "Yuki Sato": "0081 90 1234 5678; 090-1234-5678; +81 (0)90 1234 5678; 09012345678",
    "Lars Nygård": "22123456; 22 12 34 56; +4722123456; 004722123456; 4722123456; 12 34 56",
}  # fmt: skip
