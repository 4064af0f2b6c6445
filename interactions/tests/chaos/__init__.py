"""A house under fire: everything that can die is killed at random while follow-ups fall due.

    python -m interactions.tests.chaos [--follow-ups 10000] [--seconds 180] [--broker pgmq …] [--seed 1]

The house is the real one, opened by `manage.py up` with a state folder of its own; it is looked at from
outside: what was owed, what people did, and what the mail server accepted.
"""
