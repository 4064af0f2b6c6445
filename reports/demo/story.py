"""The people whose stories the guide tells: each a situation that the card must get right."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from customers.models import Relationship
from interactions.counters import recount
from interactions.models import (
    Feedback,
    Loan,
)
from reports.demo.house import House
from reports.demo.teller import CAFE, GARDEN, HOTEL, Teller


def tell_stories(house: House, now: datetime) -> tuple[int, int]:
    """Make the people of the stories. Gives how many customers and interactions they are."""
    teller = Teller(house, now)
    for story in (
        _dana,
        _tom,
        _nia,
        _families,
        _renard,
        _haddad,
        _nowak,
        _frau_sommer,
        _namesakes,
        _wang,
        _chen_and_liu,
        _scripts,
    ):
        story(teller)
    for person in teller.people:
        recount(person.pk)
    return len(teller.people), teller.interactions


def _dana(t: Teller) -> None:
    """A severe allergy nobody has confirmed in years, an overdue call, and a birthday today."""
    dana = t.customer(
        CAFE,
        "Dana Whitfield",
        preferred="Dana",
        pronunciation="DAY-nuh",
        language="en",
        phone="07700 904417",
        email="dana.whitfield@example.com",
    )
    t.told(dana, "safety", "Peanut allergy", category="peanut", severity="severe", by="lee", days=1370)
    t.told(dana, "topic", "Training for the marathon", category="running", by="sam", days=20)
    t.regularly(dana, 3.5, 40, "Oat flat white", by="sam")
    cold = t.complained(
        dana,
        "wait",
        "Cold breakfast, waited 30 minutes",
        t.ago(days=2),
        by="lee",
        words="I had to leave for work without it.",
        state="promised",
        promised="Call back from the manager",
        due_at=t.ago(days=1),
        owner=t.house.staff("priya"),
    )
    t.owe(
        dana,
        "Call Dana about the cold breakfast",
        t.ago(days=1),
        by="priya",
        kind="recovery",
        origin="complaint",
        complaint=cold,
    )
    t.born(dana, 0)


def _tom(t: Teller) -> None:
    """A usual that he takes nine times of ten, and what he took when it was out."""
    tom = t.customer(CAFE, "Tom Okafor", preferred="Tom", language="en", phone="+44 7700 909021")
    for week in range(24, 0, -1):
        drink = "Soy flat white" if week == 9 else "Oat flat white"
        t.came(tom, t.ago(days=7 * week), drink, *(["Croissant"] if week % 3 == 0 else []), by="sam")
    t.told(tom, "like", "Oat milk", category="milk type", by="sam", days=200, confirmed_days=30)
    Loan.objects.create(
        customer=tom,
        venue=tom.home_venue,
        what="Umbrella",
        lent_at=t.ago(days=7),
        lent_by=t.house.staff("sam"),
    )


def _nia(t: Teller) -> None:
    """The same failure twice within weeks."""
    nia = t.customer(CAFE, "Nia Bevan", preferred="Nia", language="en", phone="07700 900812")
    t.regularly(nia, 6, 30, "Cappuccino", "Banana bread", by="lee", hour=9)
    t.complained(
        nia,
        "wait",
        "Waited 40 minutes for brunch",
        t.ago(days=27),
        by="lee",
        state="closed",
        resolved_at=t.ago(days=26),
        checked_at=t.ago(days=20),
        closed_at=t.ago(days=20),
        reaction="neutral",
        words="Forty minutes, and nobody said a word.",
        offered="Coffee for the whole table",
        cost=Decimal("9.80"),
        cause="staffing",
        root_cause="One cook alone on a Sunday",
        changed="Two cooks on Sundays; who waits longer than twenty minutes is told",
        owner=t.house.staff("priya"),
    )
    t.complained(
        nia,
        "wait",
        "Waited 35 minutes, again",
        t.ago(days=6),
        by="sam",
        state="resolved",
        resolved_at=t.ago(days=5),
        words="You said it would not happen again.",
        offered="The brunch was on us",
        cost=Decimal("24.50"),
        owner=t.house.staff("priya"),
    )
    Feedback.objects.create(
        customer=nia,
        venue=nia.home_venue,
        scale="csat",
        score=2,
        at=t.ago(days=4),
        words="Lovely people, but always so slow.",
    )
    t.owe(nia, "Offer a free brunch for two", t.ago(hours=1), by="aoife", kind="gesture")


def _families(t: Teller) -> None:
    """A family that shares one phone, and a dog that everybody remembers better than its person."""
    anna = t.customer(CAFE, "Anna Fletcher", preferred="Anna", language="en", phone="020 7946 0321")
    mark = t.customer(CAFE, "Mark Fletcher", preferred="Mark", language="en", phone="020 7946 0321")
    maya = t.customer(CAFE, "Maya Fletcher", preferred="Maya", language="en", phone="+44 20 7946 0321")
    Relationship.objects.create(customer=anna, kind="partner", to=mark)
    Relationship.objects.create(customer=anna, kind="child", to=maya)
    Relationship.objects.create(
        customer=anna, kind="pet", name="Biscuit", note="Golden retriever, loves the window seat"
    )
    t.told(anna, "like", "Oat milk", category="milk type", by="lee", days=90)
    t.told(
        maya,
        "safety",
        "Tree nut allergy",
        category="tree nuts",
        severity="severe",
        by="aoife",
        days=60,
        confirmed_days=10,
    )
    t.regularly(anna, 4, 35, "Oat flat white", by="lee", hour=10)
    t.regularly(mark, 9, 12, "Americano", "Cheese scone", by="lee", hour=10)
    t.regularly(maya, 14, 6, "Hot chocolate", by="sam", hour=15)
    t.born(maya, 3)
    t.owe(anna, "Give her the loyalty card", None, by="lee", trigger="next_visit", kind="promise")


def _renard(t: Teller) -> None:
    """Fourteen preferences, of which three fit breakfast."""
    renard = t.customer(
        HOTEL,
        "Paul Renard",
        preferred="Monsieur Renard",
        form_of_address="Monsieur",
        language="fr",
        phone="+33 6 12 34 56 78",
        email="p.renard@example.com",
        company="Éditions du Quai",
    )
    for category, value, daypart in (
        ("tea", "Earl Grey, no milk, at breakfast", "morning"),
        ("seating", "Window table at breakfast", "morning"),
        ("newspaper", "Le Monde with breakfast", "morning"),
        ("pillow", "Two firm pillows", "evening"),
        ("room temperature", "Room at 19 °C", "evening"),
        ("wine", "Red Burgundy at dinner", "evening"),
        ("dessert", "Cheese instead of dessert", "evening"),
        ("gym", "Gym after six", "evening"),
        ("turndown", "No turndown service", "evening"),
        ("minibar", "Still water in the minibar", "evening"),
        ("lighting", "Reading lamp by the bed", "evening"),
        ("shoes", "Shoes polished overnight", "night"),
        ("taxi", "Taxi to the opera", "evening"),
        ("bar", "Bar stool by the piano", "night"),
    ):
        t.told(renard, "like", value, category=category, dayparts=[daypart], by="eva", days=96)
    t.regularly(renard, 30, 14, "Corner suite", "Breakfast", by="lena", hour=8)
    t.came(
        renard,
        t.ago(days=40),
        "Oat flat white",
        by="aoife",
        venue=t.house.venues[CAFE],
        summary="In London for the book fair",
    )


def _haddad(t: Teller) -> None:
    """An avoid that holds a planned gesture, and says nothing of why."""
    haddad = t.customer(
        HOTEL,
        "Omar Haddad",
        preferred="Mr Haddad",
        form_of_address="Mr",
        language="en",
        phone="+49 151 2345 6789",
    )
    t.told(
        haddad,
        "avoid",
        "No alcohol",
        category="alcohol",
        detail="Told us in confidence",
        discretion="act_silently",
        by="eva",
        days=150,
    )
    t.told(
        haddad,
        "topic",
        "Disputed a bill in the spring",
        category="billing",
        discretion="managers_only",
        by="jonas",
        days=200,
    )
    t.regularly(haddad, 35, 9, "Junior suite", by="emre", hour=16)
    t.owe(
        haddad,
        "Send a bottle of wine to the room",
        t.ago(hours=-3),
        by="eva",
        kind="gesture",
        category="alcohol",
        origin="playbook",
    )


def _nowak(t: Teller) -> None:
    """A complaint that was mended well and stays closed; a need that must be met."""
    marta = t.customer(HOTEL, "Marta Nowak", preferred="Marta", language="pl", phone="+48 601 234 567")
    t.told(
        marta,
        "need",
        "Quiet room, away from the lift",
        category="quiet room",
        by="jonas",
        days=150,
        confirmed_days=148,
    )
    t.complained(
        marta,
        "noise",
        "Noise from the lift",
        t.ago(days=150),
        by="emre",
        state="closed",
        resolved_at=t.ago(days=149.9),
        checked_at=t.ago(days=148),
        closed_at=t.ago(days=148),
        reaction="good",
        owner=t.house.staff("jonas"),
    )
    Feedback.objects.create(customer=marta, venue=marta.home_venue, scale="csat", score=5, at=t.ago(days=147))
    t.regularly(marta, 50, 6, "Garden room", "Breakfast", by="lena", hour=17)


def _frau_sommer(t: Teller) -> None:
    """Seen once is not a habit; and a regular who stopped coming."""
    ingrid = t.customer(
        HOTEL,
        "Ingrid Sommer",
        preferred="Frau Sommer",
        form_of_address="Frau",
        language="de",
        phone="+49 30 901820",
    )
    t.told(ingrid, "like", "Mariachi music", category="music", status="observed", by="eva", days=210)
    for months in range(8, 3, -1):
        t.came(ingrid, t.ago(days=30 * months), "Double room", by="lena")
    t.born(ingrid, 5)


def _namesakes(t: Teller) -> None:
    """Two people of one name, told apart by number, company and last visit."""
    first = t.customer(
        HOTEL,
        "Anna Müller",
        preferred="Frau Müller",
        form_of_address="Frau",
        language="de",
        phone="+49 171 4455667",
    )
    second = t.customer(
        HOTEL,
        "Anna Müller",
        preferred="Anna",
        language="de",
        phone="+49 160 9988776",
        company="Nordlicht Verlag",
    )
    t.told(
        first, "safety", "Penicillin allergy", category="penicillin", severity="severe", by="eva", days=800
    )
    t.regularly(first, 60, 5, "Single room", by="lena", hour=17)
    t.regularly(second, 20, 11, "Double room", "Breakfast", by="emre", hour=18)


def _wang(t: Teller) -> None:
    """Somebody else at the table than last time."""
    wang = t.customer(
        GARDEN,
        "Wang Lei",
        preferred="王先生",
        native_name="王磊",
        form_of_address="先生",
        language="zh",
        phone="138 1234 5678",
    )
    t.told(wang, "like", "鱼缸旁边的角落桌", category="seating", by="wangfang", days=97, confirmed_days=38)
    t.came(
        wang,
        t.ago(days=38),
        "大闸蟹",
        by="liming",
        summary="和小梅一起吃饭",
        companions=["小梅"],
        outcome="good",
    )
    t.regularly(wang, 21, 8, "小笼包", "龙井茶", by="liming", hour=19)


def _chen_and_liu(t: Teller) -> None:
    """A first visit with an occasion; an allergy that is known well, and a call that we owe."""
    jing = t.customer(
        GARDEN,
        "Chen Jing",
        preferred="陈女士",
        native_name="陈静",
        form_of_address="女士",
        language="zh",
        phone="139 8765 4321",
    )
    t.told(jing, "dislike", "不吃香菜", category="no coriander", by="zhouyu", days=1)
    liu = t.customer(GARDEN, "", preferred="刘姐", native_name="刘芳", language="zh", phone="136 0011 2233")
    t.told(
        liu,
        "safety",
        "花生过敏",
        category="peanut",
        severity="severe",
        by="wangfang",
        days=500,
        confirmed_days=5,
    )
    t.regularly(liu, 10, 22, "麻婆豆腐", "桂花冻", by="zhouyu", hour=12)
    t.owe(liu, "回电确认周末的包间", t.ago(hours=20), by="jingyi")
    t.born(liu, 1)


def _scripts(t: Teller) -> None:
    """Names that are read in more than one way, with and without romanisation."""
    for full, native, phone in (
        ("Zeng Xiaomei", "曾晓梅", "135 0000 1111"),
        ("", "单志强", "135 0000 2222"),
        ("Qiu Yuhan", "仇雨涵", "135 0000 3333"),
        ("", "解文静", "135 0000 4444"),
        ("Ouyang Na", "欧阳娜", "135 0000 5555"),
        ("", "王伟", "135 0000 6666"),
        ("Wang Wei", "王伟", "135 0000 7777"),
        ("Lü Ning", "吕宁", "135 0000 8888"),
    ):
        person = t.customer(GARDEN, full, native_name=native, language="zh", phone=phone)
        t.regularly(person, 25, 4, "葱油拌面", by="liming", hour=12)
    yuki = t.customer(
        HOTEL,
        "Yuki Tanaka",
        native_name="田中 由紀",
        preferred="Tanaka-san",
        language="ja",
        phone="+81 90 1234 5678",
    )
    t.regularly(yuki, 90, 3, "Superior double", by="lena", hour=15)
