import ast
from collections.abc import Iterator

from tests.architecture.source_tree import PROGRAMS, ROOMS, python_files, short, syntax_trees

LONGEST_FILE = 300
LONGEST_FUNCTION = 50
EVERYTHING = (*ROOMS, *PROGRAMS)


def test_no_file_is_longer_than_300_lines():
    lengths = {
        short(path): len(path.read_text().splitlines()) for path in python_files(*EVERYTHING)
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_50_lines():
    too_long = [
        f"{name}:{function.lineno} {function.name}"
        for name, tree in syntax_trees(*EVERYTHING)
        for function in functions(tree)
        if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION
    ]
    assert too_long == []


def test_no_function_imports_anything():
    inner = [
        f"{name}:{statement.lineno}"
        for name, tree in syntax_trees(*EVERYTHING)
        for function in functions(tree)
        for statement in ast.walk(function)
        if isinstance(statement, ast.Import | ast.ImportFrom)
    ]
    assert inner == []


def test_no_module_is_called_utils_or_helpers():
    vague = {"utils", "util", "helpers", "misc", "common"}
    assert [short(path) for path in python_files(*EVERYTHING) if path.stem in vague] == []


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
