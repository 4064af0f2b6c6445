"""What production cannot do without is named, and what is there is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crm.tests.launching import BASE

COMPLETE = {
    "PRODUCTION": "1",
    "SECRET_KEY": "k9mQ2vX7wZr4Tn8bYp3Lc6Jd1Hf5Gs0aEuViOoRtNxBqWyMzKjPl",
    "SITE_URL": "https://regulars.example",
    "ALLOWED_HOSTS": "regulars.example",
    "EMAIL_HOST": "mail.example",
    "DEFAULT_FROM_EMAIL": "house@regulars.example",
}


def check_deploy(folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`manage.py check --deploy` under these settings alone."""
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=BASE,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_complete_production_has_nothing_to_hear(tmp_path: Path) -> None:
    done = check_deploy(tmp_path, COMPLETE)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    "missing", ["SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS", "EMAIL_HOST", "DEFAULT_FROM_EMAIL"]
)
def test_each_missing_setting_is_named(tmp_path: Path, missing: str) -> None:
    done = check_deploy(tmp_path, {name: value for name, value in COMPLETE.items() if name != missing})
    assert done.returncode == 1
    assert f"{missing} is not set" in done.stderr
    others = COMPLETE.keys() - {missing, "PRODUCTION"}
    assert not any(f"{name} is not set" in done.stderr for name in others)
