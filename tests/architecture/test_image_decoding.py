"""Foreign images are decoded by `imaging` alone: a model must see the pixels that raters saw."""

import ast

from tests.architecture.source_tree import PROGRAMS, ROOMS, syntax_trees

# Files that open only what they have encoded themselves a line before.
OWN_COPIES = {
    "annotation_app/services/images/encoding.py",  # proves that a served copy is lossless
    "simulation/editors/defects.py",  # simulated compression
}


def test_images_are_opened_and_converted_in_one_room():
    opening = {
        name
        for name, tree in syntax_trees(*ROOMS, *PROGRAMS)
        if not name.startswith("imaging/") and opens_images(tree)
    }
    assert opening == OWN_COPIES


def opens_images(tree: ast.Module) -> bool:
    """Whether a module calls `open` of Pillow's `Image`, or imports Pillow's colour management."""
    imports = [
        (alias.name, alias.asname or alias.name)
        for statement in ast.walk(tree)
        if isinstance(statement, ast.ImportFrom) and statement.module == "PIL"
        for alias in statement.names
    ]
    images = {called for name, called in imports if name == "Image"}
    calls = any(
        isinstance(call, ast.Attribute)
        and call.attr == "open"
        and isinstance(call.value, ast.Name)
        and call.value.id in images
        for call in ast.walk(tree)
    )
    return calls or any(name in {"ImageCms", "ImageFile"} for name, _ in imports)
