"""What the demo's venues sell, say and hear, in each venue's language. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that might be remembered of a customer here."""

    kind: str
    category: str
    value: str
    severity: str = ""
    discretion: str = "say_aloud"
    dayparts: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """One venue's items with prices, the notes staff write, and the facts people tell."""

    items: tuple[tuple[str, float], ...]
    sides: tuple[tuple[str, float], ...]
    notes: tuple[str, ...]
    words_good: tuple[str, ...]
    words_bad: tuple[str, ...]
    calls: tuple[str, ...]
    facts: tuple[Fact, ...]
    promises: tuple[str, ...]
    complaints: tuple[tuple[str, str], ...]
    loans: tuple[str, ...]
    occasions: tuple[str, ...]
    hours: tuple[int, ...]


PETS: Final = ("Biscuit", "Rex", "Luna", "Milo", "Bella", "Bruno", "豆豆", "Poppy")

CAFE: Final = Menu(
    items=(
        ("Flat white", 3.6), ("Oat flat white", 4.1), ("Latte", 3.8), ("Cappuccino", 3.8), ("Americano", 3.2),
        ("Earl Grey", 2.9), ("Espresso", 2.6), ("Soy latte", 4.2), ("Hot chocolate", 4.0), ("Mocha", 4.2),
        ("Filter coffee", 3.0), ("Peppermint tea", 2.9), ("Decaf latte", 3.9), ("Chai latte", 4.2), ("Cold brew", 4.0),
    ),
    sides=(
        ("Croissant", 2.8), ("Almond croissant", 3.4), ("Banana bread", 3.2), ("Cinnamon bun", 3.3),
        ("Avocado toast", 7.5), ("Cheese scone", 3.1), ("Porridge", 4.8), ("Granola bowl", 6.2), ("Lemon tart", 3.9),
    ),
    notes=(
        "Sat by the window with a book", "In a hurry, took it away", "Asked about the new beans", "Brought the dog",
        "Working on a laptop all morning", "With a colleague, paid for both", "Liked the new cups",
        "Marathon training going well", "Just back from Lisbon", "Daughter starts at Leeds in September",
        "Starting a new job next week", "Their own cup again", "Asked whether we do birthday cakes",
        "Talked about the garden", "Moving flat at the end of the month", "Recovering from a cold",
    ),
    words_good=("That was just what I needed", "Best coffee on this street", "You always remember"),
    words_bad=("This is cold", "I have been waiting for twenty minutes", "That is not what I ordered"),
    calls=("Rang about a table for six", "Asked for opening hours on the bank holiday", "Rang to order a cake"),
    facts=(
        Fact("safety", "peanut", "Peanut allergy", "severe"), Fact("safety", "milk", "Lactose intolerant", "moderate"),
        Fact("safety", "gluten cereals", "Coeliac: no gluten", "severe"), Fact("safety", "tree nuts", "Tree nut allergy", "severe"),
        Fact("safety", "sesame", "Sesame allergy", "moderate"), Fact("like", "milk type", "Oat milk"),
        Fact("like", "seating", "The corner table"), Fact("like", "seating", "Window seat", dayparts=("morning",)),
        Fact("like", "own cup", "Brings their own cup"), Fact("like", "sweetness", "One sugar"), Fact("dislike", "food", "Cinnamon"),
        Fact("like", "decaf", "Decaf after noon", dayparts=("afternoon", "evening")), Fact("dislike", "noise", "Sitting near the door"),
        Fact("need", "step-free", "Step-free access, uses a wheelchair"), Fact("topic", "running", "Training for the marathon"),
        Fact("topic", "family", "Daughter at university in Leeds"), Fact("style", "communication", "No small talk before coffee"),
        Fact("avoid", "topic", "Do not mention the old job", discretion="act_silently"),
        Fact("topic", "money", "Owes for a catering order", discretion="managers_only"),
        Fact("need", "hearing support", "Hard of hearing on the left side"),
    ),
    promises=(
        "Call back about the catering order", "Keep a bag of the Ethiopian beans", "E-mail the recipe for the lemon tart",
        "Find out whether the oat milk is gluten free", "Save the corner table", "Send the invoice for the meeting",
    ),
    complaints=(("wait", "Waited 25 minutes for a coffee"), ("quality", "Coffee was cold"), ("billing", "Charged twice"),
                ("noise", "Music far too loud"), ("staff_manner", "Felt brushed off at the till")),
    loans=("Umbrella", "Phone charger", "Reading glasses"),
    occasions=("birthday", "meeting", "first date"),
    hours=(7, 8, 8, 8, 9, 9, 10, 11, 12, 13, 15, 16),
)  # fmt: skip

HOTEL: Final = Menu(
    items=(
        ("Double room", 189), ("Single room", 139), ("Junior suite", 289), ("Garden room", 219), ("Superior double", 229),
        ("Corner suite", 349), ("Family room", 259),
    ),
    sides=(
        ("Breakfast", 26), ("Late checkout", 40), ("Airport transfer", 65), ("Spa treatment", 95), ("Minibar", 18),
        ("Dinner", 58), ("Red Burgundy", 14), ("Earl Grey", 6), ("Parking", 24), ("Laundry", 22),
    ),
    notes=(
        "Early check-in, room was ready", "Asked for a quieter room", "Conference at the Messe until Friday",
        "Celebrated at the bar", "Took the tram to the museum island", "Asked for restaurant tips in Mitte",
        "Extra pillows brought up", "Left an umbrella in the lobby", "Working late, wanted a desk lamp",
        "Travelling with the dog this time", "Opera tickets collected", "Running along the canal every morning",
        "Son is applying to the Charité", "Asked for Le Monde again", "Flight delayed, late arrival",
    ),
    words_good=("I slept wonderfully", "It feels like coming home", "Thank you for remembering the pillow"),
    words_bad=("The lift kept me awake", "The room was not ready", "Breakfast was cold"),
    calls=("Rang to change the arrival time", "Asked about parking", "Rang about the invoice", "Asked for a cot"),
    facts=(
        Fact("safety", "peanut", "Peanut allergy", "severe"), Fact("safety", "feathers", "Allergic to feather pillows", "moderate"),
        Fact("safety", "crustaceans", "Shellfish allergy", "severe"), Fact("safety", "penicillin", "Penicillin allergy", "severe"),
        Fact("need", "quiet room", "Quiet room, away from the lift"), Fact("need", "step-free", "Walk-in shower, no steps"),
        Fact("like", "pillow", "Two firm pillows", dayparts=("evening", "night")), Fact("like", "newspaper", "Le Monde with breakfast", dayparts=("morning",)),
        Fact("like", "room temperature", "Room at 19 °C", dayparts=("evening", "night")), Fact("like", "high floor", "High floor, courtyard side"),
        Fact("like", "tea", "Earl Grey, no milk", dayparts=("morning",)), Fact("like", "wine", "Red Burgundy at dinner", dayparts=("evening",)),
        Fact("dislike", "scent", "Room scent"), Fact("like", "late checkout", "Late checkout on Sundays"),
        Fact("style", "communication", "Formal: title and surname"), Fact("avoid", "alcohol", "No alcohol", discretion="act_silently", detail="Told us in confidence"),
        Fact("avoid", "privacy", "Never confirm that they are staying", discretion="act_silently"),
        Fact("topic", "opera", "Season ticket at the Staatsoper"), Fact("topic", "billing", "Disputed a bill in the spring", discretion="managers_only"),
    ),
    promises=(
        "Call back about the invoice", "Put a desk lamp in the room", "Book the garden room for the next stay",
        "Post the forgotten scarf", "Ask the chef about the tasting menu", "Arrange the airport transfer",
    ),
    complaints=(("noise", "Noise from the lift"), ("wait", "Waited 40 minutes for the room"), ("cleanliness", "Bathroom not clean"),
                ("billing", "Minibar charged twice"), ("booking", "Booked a double, got twin beds"), ("quality", "Cold breakfast")),
    loans=("Travel adapter", "Umbrella", "Phone charger", "Book from the library"),
    occasions=("anniversary", "conference", "birthday", "opera weekend"),
    hours=(8, 9, 14, 15, 16, 17, 18, 19, 20, 22),
)  # fmt: skip

RESTAURANT: Final = Menu(
    items=(
        ("小笼包", 38), ("红烧肉", 88), ("清蒸鲈鱼", 138), ("大闸蟹", 188), ("松鼠桂鱼", 158), ("宫保鸡丁", 58),
        ("麻婆豆腐", 42), ("北京烤鸭", 238), ("白切鸡", 78), ("蟹粉豆腐", 98), ("葱油拌面", 28), ("响油鳝糊", 108),
    ),
    sides=(
        ("龙井茶", 58), ("黄酒", 68), ("桂花冻", 22), ("酸梅汤", 18), ("蒸饺", 32), ("时蔬", 36), ("豆浆", 12), ("米饭", 4), ("青岛啤酒", 22),
    ),
    notes=(
        "坐靠窗的位置", "带客户来谈事", "孩子要了儿童椅", "问了新菜", "赶时间,先上了主食", "一家人聚餐", "夸了桂花冻", "想下次订包间",
        "女儿九月上大学", "刚从北京出差回来", "在准备马拉松", "最近在装修房子", "父母从老家过来", "Asked for the English menu",
        "换了新工作", "打包了两份点心",
    ),
    words_good=("味道一直很稳", "你们总记得我", "今天的蟹特别好"),
    words_bad=("等了四十分钟", "菜是凉的", "上错菜了"),
    calls=("来电订位", "来电问包间", "来电改时间", "问能不能过生日"),
    facts=(
        Fact("safety", "peanut", "花生过敏", "severe"), Fact("safety", "crustaceans", "虾蟹过敏", "severe"),
        Fact("safety", "fish", "鱼类过敏", "moderate"), Fact("safety", "soy", "大豆不耐受", "mild"),
        Fact("dislike", "no coriander", "不吃香菜"), Fact("like", "seating", "靠窗的位置"), Fact("like", "private room", "喜欢竹韵包间"),
        Fact("like", "spice level", "微辣"), Fact("need", "vegetarian", "素食"), Fact("need", "halal", "清真"),
        Fact("like", "tea", "龙井,少放茶叶"), Fact("avoid", "alcohol", "不饮酒", discretion="act_silently", detail="正在吃药,私下说的"),
        Fact("need", "high chair", "需要儿童椅"), Fact("style", "communication", "喜欢安静,少打扰"), Fact("topic", "family", "女儿今年高考"),
        Fact("avoid", "topic", "别提前夫", discretion="act_silently"), Fact("topic", "billing", "上次账单有争议", discretion="managers_only"),
        Fact("like", "quiet celebration", "低调庆祝,不要唱歌"),
    ),
    promises=("回电确认包间", "留一份桂花冻", "问厨师能不能不放花生", "把发票寄过去", "留靠窗的位置", "发新菜单"),
    complaints=(("wait", "等了四十分钟"), ("quality", "菜是凉的"), ("booking", "订的包间被占了"), ("staff_manner", "服务员态度不好"), ("billing", "多收了一份茶钱")),
    loans=("雨伞", "充电宝", "儿童椅垫"),
    occasions=("生日", "结婚纪念日", "商务宴请", "家庭聚餐"),
    hours=(11, 12, 12, 13, 17, 18, 18, 19, 19, 20),
)  # fmt: skip

MENUS: Final = {"cafe": CAFE, "hotel": HOTEL, "restaurant": RESTAURANT}
