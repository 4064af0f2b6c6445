"""The layers: who may know whom, in code and in the tables."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import Model

LAYERS = ["crm", "staff", "customers", "interactions", "reports"]
HEIGHT = {app: height for height, app in enumerate(LAYERS)}
# The two places where the house is put together know everybody.
TOGETHER = {"crm/urls.py", "crm/celery.py"}


def own_models() -> list[type[Model]]:
    """Every table of ours, event tables too."""
    return [model for model in apps.get_models() if model._meta.app_label in HEIGHT]


def test_no_foreign_key_points_upward() -> None:
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in own_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and isinstance(field.related_model, type)
        if field.related_model._meta.app_label in HEIGHT
        if HEIGHT[field.related_model._meta.app_label] > HEIGHT[model._meta.app_label]
    ]

    assert not upward


def test_the_models_are_read_at_all() -> None:
    assert {model._meta.app_label for model in own_models()} >= {"staff", "customers", "interactions"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Every module of ours but migrations and tests, by its path from the top."""
    for app in LAYERS:
        for file in sorted((Path(settings.BASE_DIR) / app).rglob("*.py")):
            path = file.relative_to(settings.BASE_DIR).as_posix()
            if "/migrations/" not in path and "/tests/" not in path:
                yield path, ast.parse(file.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """The names of all modules that a module imports, also inside functions and for types alone."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_imports_point_one_way() -> None:
    upward = [
        f"{path} imports {module}"
        for path, tree in sources()
        if path not in TOGETHER
        for module in imported(tree)
        if (layer := module.partition(".")[0]) in HEIGHT
        if HEIGHT[layer] > HEIGHT[path.partition("/")[0]]
    ]

    assert not upward


def test_the_installed_apps_are_in_the_order_of_the_layers() -> None:
    assert [app for app in settings.INSTALLED_APPS if app in HEIGHT] == LAYERS
