"""The settings under test: the real ones, with a state folder, a database and a broker that may be lost."""

import os
from pathlib import Path

if "REGULARS_TESTING" not in os.environ:  # a test's own child processes inherit what was set here
    state = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parents[2] / "var")
    os.environ |= {"REGULARS_TESTING": "1", "VAR_DIR": str(state / "test")}
    for name in ("PRODUCTION", "DEBUG", "SECRET_KEY", "EMAIL_HOST", "DATABASE_POOL", "CELERY_BROKER_URL"):
        os.environ.pop(name, None)

from crm import translations
from crm.settings import *  # noqa: F403 - the environment has to be ready first

translations.compile_catalogues(LOCALE_PATHS[0])  # noqa: F405 - as above

# In memory, so that a task sent by the way goes nowhere; the `worker` fixture brings a real broker.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT = None
# The real hasher is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pages under test name their files plainly: nothing has to be collected first.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405 - as above
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - as above

# Counts of failed logins do not go on from test to test; the test of them brings a cache of its own.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
