"""How hard a house is to be tried, as the command line says it."""

from __future__ import annotations

import argparse

from interactions.tests.chaos.brokers import BROKERS

# With so many follow-ups a trial has to meet everything that it is to prove, and is kept.
LONG = 5000


def options() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m interactions.tests.chaos")
    parser.add_argument("--follow-ups", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=180.0, help="over how long they fall due")
    parser.add_argument("--broker", nargs="+", choices=[*BROKERS], default=[*BROKERS])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--in-turn", action="store_true", help="kill each part once instead of at random")
    return parser.parse_args()
