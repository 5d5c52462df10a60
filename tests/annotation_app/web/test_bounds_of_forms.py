"""Every number that a page asks for has a least and a most."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.urls import get_resolver

from annotation_app.web.quality.forms import QualityPlanForm


def forms_of_pages() -> list[type[forms.BaseForm]]:
    get_resolver().url_patterns  # noqa: B018 - reading it imports the pages
    found, waiting = [], [forms.BaseForm]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.startswith("annotation_app."):
            found.append(one)
    return found


def test_every_number_that_a_page_asks_for_has_a_least_and_a_most():
    checked, open_ended = 0, []
    for form in forms_of_pages():
        for name, field in getattr(form, "base_fields", {}).items():
            if not isinstance(field, forms.IntegerField):  # floats and decimals among them
                continue
            kinds = [type(one) for one in field.validators]
            if form is QualityPlanForm:  # the model's own
                kinds += [type(one) for one in form._meta.model._meta.get_field(name).validators]
            checked += 1
            if not {MinValueValidator, MaxValueValidator} <= set(kinds):
                open_ended.append(f"{form.__name__}.{name}")
    assert checked > 40
    assert open_ended == []
