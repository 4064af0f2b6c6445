"""Situations written down in JSON files, each with the card that it must lead to.

`reading` checks a file, `building` makes its rows, `checking` compares the card. The format is described
in docs/scenarios.md.
"""
