"""Which names of the product are reached from what people start; used by `test_reachability`.

A name is a top-level function, class or constant. It is reached when reached code mentions it:
by name, as an attribute of its module, or in a text that names it with its module, as settings
and URLs do. What a module does when it is imported is reached with the module.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.architecture.source_tree import CHECKOUT

BODY = "<body>"  # what runs when the module is imported
# Decorators that only shape a function; any other one hands it to somebody, as a task or a view.
SHAPING = {
    "cache",
    "cached_property",
    "contextmanager",
    "dataclass",
    "final",
    "lru_cache",
    "overload",
    "override",
    "total_ordering",
    "transaction.atomic",
}
Name = tuple[str, str]  # module, and top-level name or BODY


@dataclass
class Module:
    """One module's top-level names with their code, and where imported names come from."""

    code: dict[str, list[ast.AST]] = field(default_factory=dict)
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)

    def add(self, name: str, node: ast.AST) -> None:
        self.code.setdefault(name, []).append(node)


class Product:
    """The modules of some rooms, and which names each piece of code mentions."""

    def __init__(self, rooms: Iterable[str], root: Path = CHECKOUT) -> None:
        paths = [path for room in rooms for path in _python_files(root / room)]
        self.modules = {_module_name(path.relative_to(root)): _read(path) for path in paths}

    def public_names(self, room: str) -> Iterator[Name]:
        """The names without a leading underscore."""
        for module, read in self.modules.items():
            if module.split(".")[0] == room:
                yield from ((module, name) for name in read.code if name[0] not in "_<")

    def named(self, text: str) -> list[Name]:
        """The names that `module` or `module.name` stands for; none if there is no such thing."""
        if text in self.modules:
            return self.whole(text)
        module, _, name = text.rpartition(".")
        known = module in self.modules and name in self.modules[module].code
        return [(module, name)] if known else []

    def reached_from(self, roots: Iterable[str]) -> set[Name]:
        """Every name that the whole of the root modules reaches."""
        return self.reached_by(name for root in roots for name in self.whole(root))

    def reached_by(self, names: Iterable[Name]) -> set[Name]:
        """Every name that these reach, directly or through others, and they themselves."""
        reached: set[Name] = set()
        ahead = list(names)
        while ahead:
            name = ahead.pop()
            if name not in reached:
                reached.add(name)
                ahead += self._next(*name)
        return reached

    def whole(self, module: str) -> list[Name]:
        """A module's every name."""
        return [(module, BODY), *((module, name) for name in self.modules[module].code)]

    def _next(self, module: str, name: str) -> Iterator[Name]:
        yield (module, BODY)
        parts = module.split(".")
        parents = (".".join(parts[:length]) for length in range(1, len(parts)))
        yield from ((parent, BODY) for parent in parents if parent in self.modules)
        for node in self.modules[module].code.get(name, []):
            yield from self._mentioned(module, node)

    def _mentioned(self, module: str, node: ast.AST) -> Iterator[Name]:
        inner = {id(one.value) for one in ast.walk(node) if isinstance(one, ast.Attribute)}
        for one in ast.walk(node):
            if isinstance(one, ast.Attribute):
                yield from self._by_chain(module, _chain(one))
            elif isinstance(one, ast.Name):
                found = self._resolve(module, one.id)
                if found and found[1] == BODY and id(one) not in inner:
                    yield from self.whole(found[0])  # a module handed on whole
                elif found:
                    yield found
            elif isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield from self._by_text(module, one.value)

    def _by_chain(self, module: str, names: list[str]) -> Iterator[Name]:
        """What `package.module.name` mentions."""
        found = self._resolve(module, names[0]) if names else None
        for name in names[1:]:
            if found is None or found[1] != BODY:
                break
            yield found
            found = self._resolve(found[0], name)
        if found:
            yield found

    def _by_text(self, module: str, text: str) -> Iterator[Name]:
        for named in (text, f"{text}.__main__"):
            if named in self.modules:
                yield from self.whole(named)
        owner, _, name = text.rpartition(".")
        if owner in self.modules and name in self.modules[owner].code:
            yield (owner, name)
        elif text.isidentifier() and (found := self._resolve(module, text)):
            yield found  # an annotation in quotes

    def _resolve(self, module: str, name: str) -> Name | None:
        """Where a name of a module is defined; a module's own name is its body."""
        read = self.modules[module]
        if name in read.code:
            return (module, name)
        if name not in read.imports:
            inner = f"{module}.{name}"
            return (inner, BODY) if inner in self.modules else None
        source, imported = read.imports[name]
        if imported is None:
            return (source, BODY) if source in self.modules else None
        inner = f"{source}.{imported}"
        if source in self.modules and source != module:
            found = self._resolve(source, imported)
            if found:
                return found
        return (inner, BODY) if inner in self.modules else None


def _python_files(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


def _module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _read(path: Path) -> Module:
    tree, module = ast.parse(path.read_text()), Module()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                module.imports[alias.asname or alias.name] = (node.module, alias.name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                module.imports[alias.asname or first] = (
                    alias.name if alias.asname else first,
                    None,
                )
    for node in _statements(tree.body):
        _place(module, node)
    return module


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The top-level statements, those under an `if` or a `try` too; imports mention nothing."""
    for node in body:
        if isinstance(node, ast.If):
            yield from _statements([*node.body, *node.orelse])
        elif isinstance(node, ast.Try):
            yield from _statements([*node.body, *(s for h in node.handlers for s in h.body)])
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            yield node


def _place(module: Module, node: ast.stmt) -> None:
    names = _defined(node)
    for name in names:
        module.add(name, node)
    if not names or _is_handed_on(node):
        module.add(BODY, node)


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        targets: list[ast.expr] = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    else:
        return []
    elements = [
        one
        for target in targets
        for one in (target.elts if isinstance(target, ast.Tuple) else [target])
    ]
    return [one.id for one in elements if isinstance(one, ast.Name)]


def _is_handed_on(node: ast.stmt) -> bool:
    """Whether a decorator hands the function or class to a registry."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    names = (ast.unparse(one).split("(")[0] for one in node.decorator_list)
    return any(name not in SHAPING and name.split(".")[-1] not in SHAPING for name in names)


def _chain(node: ast.Attribute) -> list[str]:
    """`a.b.c` as its names; nothing where it does not begin with a name."""
    names: list[str] = []
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute):
        names.append(inner.attr)
        inner = inner.value
    return [inner.id, *reversed(names)] if isinstance(inner, ast.Name) else []
