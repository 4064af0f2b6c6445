"""One house, one broker, from opening to verdict: run by itself, with the state folder of the house.

VAR_DIR=… DATABASE_URL=… python -m interactions.tests.chaos.fire --broker redis …
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
from aiosmtpd.controller import Controller

django.setup()

from crm.embedded.processes import wait_until
from crm.tests.test_up import House, free_port
from interactions.tests.chaos import house as houses
from interactions.tests.chaos.brokers import BROKERS
from interactions.tests.chaos.killing import Killer
from interactions.tests.chaos.options import LONG, options
from interactions.tests.chaos.post_office import MOODS, PostOffice
from interactions.tests.chaos.verdict import judge
from interactions.tests.post_office import AnyPort

# However busy the machine is.
OPEN_SECONDS = 900.0
SETTLE_SECONDS = 1800.0
# Everything waits less than in a real house, so that minutes show what would else take hours.
HURRY = {
    "EMAIL_TIMEOUT": "6",
    "EMAIL_USE_TLS": "0",
    "DISPATCH_EVERY": "3",
    "DELIVERY_LEASE": "30",
    "DELIVERY_FIRST_RETRY": "2",
}


def burn(wish: argparse.Namespace, folder: Path, stack: ExitStack) -> dict[str, Any]:
    """What became of everything that was owed, as numbers and faults."""
    dice = random.Random(wish.seed)
    office = PostOffice(dice, scale=min(1.0, wish.follow_ups / 2000))
    controller: Controller = AnyPort(office, hostname="127.0.0.1", port=0)
    controller.start()
    stack.callback(controller.stop)
    kind = BROKERS[wish.broker[0]]
    broker = kind(folder / "broker") if kind else None
    if broker:
        broker.start()
        stack.callback(broker.close)
    environment = HURRY | {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(controller.port)}
    environment["CELERY_BROKER_URL"] = broker.url if broker else ""
    house = House(folder, free_port(), environment)
    stack.callback(house.clear_away)
    house.says("is open at", OPEN_SECONDS)
    began = time.monotonic()
    killer = Killer(folder / "var", broker)
    hands = _set_fire(wish, house, killer, dice)
    office.calm.set()
    has_died = house.process.poll
    wait_until(lambda: has_died() is not None or houses.is_quiet(), SETTLE_SECONDS, pause=0.5)
    verdict = judge(
        list(houses.how_it_stands(hands.plan, hands.done)), office.letters, killer.killed | office.shot
    )
    if has_died() is not None:
        verdict.faults.insert(0, f"the supervisor itself died with status {has_died()}")
    elif not houses.is_quiet():
        verdict.faults.insert(0, "it did not come to rest")
    verdict.faults.extend(_not_tried(wish, killer, office))
    return {
        **asdict(verdict),
        "killed": killer.counts,
        "met": Counter(office.met),
        "done": len(hands.done),
        "unanswered": hands.unanswered,
        "seconds": round(time.monotonic() - began),
        "said": house.said[-60:] if verdict.faults else [],
    }


def _not_tried(wish: argparse.Namespace, killer: Killer, office: PostOffice) -> Iterator[str]:
    """What a long trial has to have met, and did not: nothing would be proven of it."""
    if wish.in_turn or wish.follow_ups < LONG:
        return
    yield from (f"nobody killed the {name}" for name in killer.victims if name not in killer.counts)
    yield from (f"the mail server never came to “{mood}”" for mood in MOODS if mood not in office.met)


def _set_fire(wish: argparse.Namespace, house: House, killer: Killer, dice: random.Random) -> houses.Hands:
    """Owe, kill and see to things until everything is due; then let everybody rest."""
    lasts = timedelta(seconds=wish.seconds)
    begins = datetime.now(UTC) + timedelta(seconds=2)
    plan = houses.furnish(wish.follow_ups, begins, lasts, dice)
    hands = houses.Hands(plan, house.port)
    hands.start()
    if wish.in_turn:
        killer.each_in_turn(wish.seconds / (len(killer.victims) + 1))
        killer.finish(now=False)
    else:
        killer.at_random(dice, 2.0, 10.0)
        time.sleep(max(0.0, (begins + lasts - datetime.now(UTC)).total_seconds()))
        killer.finish(now=True)
    hands.finish()
    return hands


def main() -> None:
    """Print what came of it, as one line of JSON."""
    with ExitStack() as stack:
        print(json.dumps(burn(options(), Path(os.environ["VAR_DIR"]).parent, stack)))


if __name__ == "__main__":
    main()
