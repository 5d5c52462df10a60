import ast
import re
from collections.abc import Iterator

from tests.architecture.source_tree import CHECKOUT, ROOMS, syntax_trees

# Set by the commands themselves, by Django or by pytest, never by whoever installs.
OWN = {"DJANGO_SETTINGS_MODULE", "EDITJURY_QUEUE", "PORT", "PYTEST_XDIST_WORKER"}
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
    return name.startswith("env.") or name in {"os.environ.get", "os.getenv", "env"}


def literal(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isupper():
        yield node.value
