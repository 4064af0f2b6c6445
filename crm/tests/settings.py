"""The settings under test: the real ones, with a state folder, a database and a broker that may be lost."""

import os
from pathlib import Path

if "REGULARS_TESTING" not in os.environ:  # a test's own child processes inherit what was set here
    state = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parents[2] / "var")
    os.environ |= {"REGULARS_TESTING": "1", "VAR_DIR": str(state / "test")}
    # In memory, so that a task sent by the way goes nowhere; the `worker` fixture brings a real broker.
    os.environ["CELERY_BROKER_URL"] = "memory://"
    for name in ("PRODUCTION", "DEBUG", "SECRET_KEY", "EMAIL_HOST", "DATABASE_POOL"):
        os.environ.pop(name, None)

from crm.settings import *  # noqa: F403 - the environment has to be ready first

# The real hasher is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Pages under test find the static files where they are kept, without collecting them first.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
