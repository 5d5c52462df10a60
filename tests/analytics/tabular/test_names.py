"""Names in one spelling, and cells that say that a value is missing."""

from analytics.tabular.missing import is_missing
from analytics.tabular.names import describe_near, loose_name, near_names, normal_name


def test_composed_and_decomposed_accents_are_one_name():
    assert normal_name("Jose\u0301\u3000") == normal_name("\ufeff José") == "José"


def test_names_that_differ_by_case_or_blanks_are_told():
    assert near_names(["ann", "Ann", "an n", "bob"]) == [("Ann", "an n", "ann")]
    assert describe_near("annotators", ["ann", "Ann"]) == [
        "These annotators differ by case or blanks only and are treated as different: 'Ann', 'ann'."
        " If they are the same, spell them the same way."
    ]


def test_loose_names_match_keys_and_titles():
    assert loose_name(" Visual Quality ") == loose_name("visual_quality") == "visualquality"


def test_codes_of_missing_values_match_by_value():
    assert is_missing("-1.0", {"-1"})
    assert not is_missing("1", {"-1"})
    assert is_missing(None)
    assert not is_missing(0)
