"""Settings keep their promise: documented, read, and handed on to the containers."""

import ast
import re
from collections.abc import Iterator

import yaml
from django.conf import global_settings

from tests.architecture.source_tree import CHECKOUT, ROOMS, syntax_trees

# Set by the commands themselves, by Django or by pytest, never by whoever installs.
OWN = {"DJANGO_SETTINGS_MODULE", "EDITJURY_QUEUE", "PORT", "PYTEST_XDIST_WORKER"}
# Documented for commands and tests on a checkout; a container has no use for them.
OUTSIDE_CONTAINERS = {"DEBUG", "CHROMIUM_PATH", "SHARED_DATA", "JOBS"}
# Beginnings of settings that Django, without a default of its own, or libraries read.
OF_LIBRARIES = (
    "ROOT_URLCONF",
    "ASGI_APPLICATION",
    "ACCOUNT_",
    "CELERY_",
    "CONTENT_SECURITY_POLICY",
    "KNOX_",
    "MFA_",
    "REST_FRAMEWORK",
    "SPECTACULAR_",
)
READERS = {"os.environ.get", "os.getenv", "env", "whole_number"}
SHELL_VARIABLE = re.compile(r"(?<!\$)\$\{?([A-Z][A-Z0-9_]+)")
DOCUMENTED = re.compile(r"^#?\s?([A-Z][A-Z0-9_]+)=", re.MULTILINE)


def test_every_environment_variable_that_the_product_reads_is_documented():
    assert read_by_python() - documented() - OWN == set()


def test_every_variable_of_the_procfile_and_the_compose_file_is_documented():
    assert read_by_deployment() - documented() - OWN == set()


def test_no_documented_variable_is_unused():
    scripts = " ".join(
        path.read_text() for path in (CHECKOUT / "script").iterdir() if path.is_file()
    )
    tests = (CHECKOUT / "tests" / "conftest.py").read_text()
    used = read_by_python() | read_by_deployment()
    assert {name for name in documented() - used if name not in scripts + tests} == set()


def test_every_documented_variable_is_handed_to_the_containers():
    handed_on = shared_environment().keys() | read_by_deployment()
    assert documented() - handed_on == OUTSIDE_CONTAINERS


def test_the_containers_are_handed_nothing_that_is_not_read():
    read = read_by_python() | read_by_libraries() | OWN
    scripts = "".join(path.read_text() for path in (CHECKOUT / "script" / "docker").iterdir())
    assert {name for name in shared_environment().keys() - read if name not in scripts} == set()


def test_all_containers_of_the_product_share_one_environment():
    compose = compose_file()
    ours = [one for one in compose["services"].values() if one.get("image") == "editjury"]
    assert len(ours) == 6  # migrate, web, beat and three workers
    assert all(one["environment"] == compose["x-editjury"]["environment"] for one in ours)


def test_every_setting_of_ours_is_read_by_the_product():
    """A setting that nobody reads promises what does not happen."""
    mentioned = {
        node.attr
        for _, tree in syntax_trees(*ROOMS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "settings"
    }
    ours = {
        name
        for name in settings_made() - mentioned - used_among_settings()
        if not hasattr(global_settings, name) and not name.startswith(OF_LIBRARIES)
    }
    assert ours == set()


def compose_file() -> dict[str, dict[str, dict[str, object]]]:
    file = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
    assert isinstance(file, dict)
    return file


def shared_environment() -> dict[str, object]:
    environment = compose_file()["x-editjury"]["environment"]
    assert isinstance(environment, dict)
    return environment


def settings_trees() -> list[ast.Module]:
    trees = syntax_trees("annotation_app")
    return [tree for name, tree in trees if name.startswith("annotation_app/settings/")]


def settings_made() -> set[str]:
    """The names in capitals that the settings assign, but those of the tests."""
    targets = [
        target
        for tree in settings_trees()
        for node in tree.body
        for target in (node.targets if isinstance(node, ast.Assign) else [])
    ]
    return {one.id for one in targets if isinstance(one, ast.Name) and one.id.isupper()}


def used_among_settings() -> set[str]:
    """Names that one setting is made from; parts, not settings."""
    return {
        node.id
        for tree in settings_trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def read_by_libraries() -> set[str]:
    return {name for name in shared_environment() if name.startswith("AWS_")}


def documented() -> set[str]:
    return set(DOCUMENTED.findall((CHECKOUT / ".env.example").read_text()))


def read_by_python() -> set[str]:
    return {name for _, tree in syntax_trees(*ROOMS) for name in names_read(tree)}


def read_by_deployment() -> set[str]:
    files = [CHECKOUT / "script" / "Procfile", CHECKOUT / "docker-compose.yml"]
    return {name for path in files for name in SHELL_VARIABLE.findall(path.read_text())}


def names_read(tree: ast.Module) -> Iterator[str]:
    """First arguments of env.x(NAME), os.environ.get(NAME), os.getenv(NAME), os.environ[NAME]."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and reads_environment(node.func):
            yield from literal(node.args[0])
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            yield from literal(node.slice)


def reads_environment(function: ast.expr) -> bool:
    name = ast.unparse(function)
    return name.startswith("env.") or name in READERS


def literal(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isupper():
        yield node.value
