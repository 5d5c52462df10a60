import ast
import inspect
import re
import textwrap

from django.apps import apps
from django.db import migrations
from django.db.migrations.loader import MigrationLoader

from tests.architecture.source_tree import CHECKOUT, short

NAMED = re.compile(r"^\d{4}_(?!auto)[a-z0-9_]+$")


def test_every_model_says_what_it_is():
    models = apps.get_app_config("annotation_app").get_models()
    assert [model.__name__ for model in models if not written_docstring(model)] == []


def test_every_migration_is_named_by_its_intent():
    names = [path.stem for path in (CHECKOUT / "annotation_app" / "migrations").glob("0*.py")]
    assert [name for name in names if not NAMED.match(name) or "_auto_" in name] == []


def test_every_migration_can_be_reversed():
    loader = MigrationLoader(connection=None)
    one_way = [
        f"{name}: {operation.describe()}"
        for (label, name), migration in loader.disk_migrations.items()
        if label == "annotation_app"
        for operation in migration.operations
        if isinstance(operation, migrations.RunPython | migrations.RunSQL)
        and not operation.reversible
    ]
    assert one_way == []


def test_there_are_no_signals_and_no_logic_in_save():
    rooms = (CHECKOUT / "annotation_app" / "models").glob("*.py")
    saving = [
        f"{short(path)}:{node.lineno}"
        for path in rooms
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
    ]
    assert saving == []


def written_docstring(model: type) -> str | None:
    """The docstring in the source: Django writes one of its own where there is none."""
    definition = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(definition, ast.ClassDef)
    return ast.get_docstring(definition)
