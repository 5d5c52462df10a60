import ast
import re
import sys
from importlib.metadata import packages_distributions

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.source_tree import CHECKOUT, PROGRAMS, ROOMS, syntax_trees

EXACT = re.compile(r"^==\d[\w.]*$")
# Pinned for what no module imports.
USED_BY_NAME = {
    "argon2-cffi": "Django imports it for its password hasher",
    "pytest": "script/test runs it",
}
OURS = {*ROOMS, *PROGRAMS, "tests", "embedded", "serving"}


def requirements(name: str) -> list[Requirement]:
    lines = [line.partition("#")[0].strip() for line in (CHECKOUT / name).read_text().splitlines()]
    return [Requirement(line) for line in lines if line]


def test_every_requirement_is_pinned_exactly_and_to_a_public_version():
    everything = [
        requirement
        for name in ("requirements.txt", "requirements-dev.txt", "script/constraints.txt")
        for requirement in requirements(name)
    ]
    assert [str(one) for one in everything if not EXACT.match(str(one.specifier))] == []


def test_the_constraints_agree_with_the_requirements():
    pinned = {
        canonicalize_name(one.name): str(one.specifier)
        for one in requirements("script/constraints.txt")
    }
    named = requirements("requirements.txt") + requirements("requirements-dev.txt")
    differing = [
        str(one) for one in named if pinned.get(canonicalize_name(one.name)) != str(one.specifier)
    ]
    assert differing == []


def test_all_but_torch_is_installed_by_its_hashes():
    pinned = {
        canonicalize_name(one.name): str(one.specifier)
        for one in requirements("script/constraints.txt")
    }
    product, tools = hashed("script/hashes.txt"), hashed("script/hashes-dev.txt")
    assert product.keys() & tools.keys() == set()
    assert {**product, **tools, "torch": pinned["torch"]} == pinned
    named = {canonicalize_name(one.name) for one in requirements("requirements.txt")}
    assert named - product.keys() == {"torch"}


def hashed(name: str) -> dict[str, str]:
    """The version of each package that a file pins, each with a sha256 or more."""
    text = (CHECKOUT / name).read_text().replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found: dict[str, str] = {}
    for line in lines:
        pin, *hashes = line.split(" --hash=sha256:")
        assert hashes, line
        assert all(re.fullmatch("[0-9a-f]{64}", one.strip()) for one in hashes), line
        requirement = Requirement(pin.strip())
        found[canonicalize_name(requirement.name)] = str(requirement.specifier)
    return found


def test_every_requirement_of_the_product_is_used():
    used = imported((*ROOMS, *PROGRAMS)) | named_in_texts()
    providers = packages_distributions()
    serving = {
        canonicalize_name(distribution)
        for package in used
        for distribution in providers.get(package, [])
    }
    pinned = {canonicalize_name(one.name) for one in requirements("requirements.txt")}
    assert pinned - serving == USED_BY_NAME.keys()


def test_no_gpu_library_is_pinned():
    names = [one.name for one in requirements("script/constraints.txt")]
    assert [name for name in names if name.startswith(("nvidia", "cuda", "triton"))] == []


def test_the_product_imports_only_what_requirements_txt_names():
    assert unnamed(ROOMS, {"requirements.txt"}) == set()


def test_tests_and_programs_import_only_what_the_requirements_name():
    files = {"requirements.txt", "requirements-dev.txt"}
    assert unnamed((*PROGRAMS, "tests"), files) == set()


def unnamed(rooms: tuple[str, ...], files: set[str]) -> set[str]:
    """The imported packages whose distribution stands in none of the files."""
    named = {canonicalize_name(one.name) for name in files for one in requirements(name)}
    providers = packages_distributions()
    return {
        package
        for package in imported(rooms)
        if not named & {canonicalize_name(name) for name in providers.get(package, [])}
    }


def named_in_texts() -> set[str]:
    """First words of dotted names in texts, as settings name applications and middleware."""
    return {
        node.value.partition(".")[0]
        for _, tree in syntax_trees(*ROOMS, *PROGRAMS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def imported(rooms: tuple[str, ...]) -> set[str]:
    names: set[str] = set()
    for _, tree in syntax_trees(*rooms):
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
    tops = {name.partition(".")[0] for name in names}
    return tops - sys.stdlib_module_names - OURS
