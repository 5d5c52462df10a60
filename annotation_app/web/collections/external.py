"""Pages of external sets: images by hash that no training data may hold."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from annotation_app.exceptions import AnnotationError
from annotation_app.models import ExternalSet
from annotation_app.policies import can_manage_collection
from annotation_app.selectors.collections.external_sets import external_sets
from annotation_app.services.collections.external_set_jobs import request_external_set
from annotation_app.services.collections.external_sets import LARGEST, remove_external_set
from annotation_app.web.collections.loading import load_collection
from annotation_app.web.requests import signed_in


class ExternalSetForm(forms.Form):
    """A name and a file with one sha256 per line."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    file = forms.FileField(
        label=gettext_lazy("List of hashes"),
        help_text=gettext_lazy(
            "A text file with one SHA-256 per line, of decoded pixels or of whole "
            "files; the output of sha256sum works too."
        ),
        widget=forms.FileInput(attrs={"accept": ".txt,.csv,.sha256,text/plain"}),
    )

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("A list has at most 64 MB."))
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def external_set_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The sets, what each keeps out, and the form for one more, which a job reads."""
    collection = load_collection(request, slug, can_manage_collection)
    answers = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ExternalSetForm(*answers)
    if form.is_valid():
        try:
            job = request_external_set(
                collection=collection,
                name=form.cleaned_data["name"],
                file=form.cleaned_data["file"],
                created_by=signed_in(request),
            )
        except AnnotationError as error:
            form.add_error(None, error.message)
        else:
            return redirect("job-detail", public_id=job.public_id)
    context = {"collection": collection, "form": form, "sets": external_sets(collection)}
    return render(request, "collections/external_sets.html", context)


@require_POST
@login_required
def external_set_remove(request: HttpRequest, slug: str, set_id: int) -> HttpResponse:
    """Forget a set."""
    collection = load_collection(request, slug, can_manage_collection)
    found = get_object_or_404(ExternalSet, collection=collection, pk=set_id)
    try:
        remove_external_set(external_set=found, actor=signed_in(request))
    except AnnotationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The set has been removed."))
    return redirect("collection-external-sets", slug=slug)
