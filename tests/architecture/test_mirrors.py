"""Tests lie where the code lies that they try."""

from tests.architecture.source_tree import CHECKOUT, ROOMS

# Tests that walk through many packages at once, by what they walk through.
ACROSS = {
    "tests/annotation_app/access_matrix",  # every address for every role
}


def packages_of_tests() -> list[str]:
    modules = [path for room in ROOMS for path in (CHECKOUT / "tests" / room).rglob("test_*.py")]
    return sorted({str(path.parent.relative_to(CHECKOUT)) for path in modules})


def test_a_folder_of_tests_has_a_package_of_the_same_name_in_the_product():
    strays = [
        folder
        for folder in packages_of_tests()
        if folder not in ACROSS and not (CHECKOUT / folder.removeprefix("tests/")).is_dir()
    ]
    assert strays == []


def test_a_noun_of_the_services_has_no_second_name_on_the_floors_beside_it():
    floors = {
        floor: {
            path.name
            for path in (CHECKOUT / "annotation_app" / floor).iterdir()
            if path.is_dir() and not path.name.startswith("__")
        }
        for floor in ("services", "selectors", "web", "templates")
    }
    # Rooms of one floor alone: what pages share, what has no writes, what has no page.
    alone = {
        "services": {"audit", "snapshots"},
        "selectors": {"snapshots"},
        "web": {"home", "images", "hub", "serving"},
        "templates": {"home", "hub", "partials", "allauth", "api"},
    }
    nouns = floors["services"] | floors["selectors"]
    for floor in ("web", "templates"):
        assert floors[floor] - nouns <= alone[floor], floor
