"""The product's settings with one page more: the empty one that others are measured against."""

from crm.settings import *  # noqa: F403 - a settings module is meant to be taken whole

ROOT_URLCONF = "bench.urls"
