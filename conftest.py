"""What every test may use: the database, a real worker on a real broker, a browser, and the cast."""

from __future__ import annotations

pytest_plugins = [
    "crm.tests.browser",
    "crm.tests.database",
    "crm.tests.launching",
    "crm.tests.strictness",
    "crm.tests.workers",
    "interactions.tests.post_office",
    "staff.tests.cast",
]
