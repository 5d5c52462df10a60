"""User names that could be mistaken for someone else's."""

import re
import unicodedata

from django.utils.translation import gettext as _

from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import User

PSEUDONYM = re.compile(r"rater-[0-9a-z]*", re.IGNORECASE)
# Cyrillic, Greek, Armenian and barred letters by the Latin one that they look like.
LOOKALIKES = {
    "a": "аαɑ",
    "b": "ьв",
    "c": "сϲ",
    "d": "ԁđ",
    "e": "еε",
    "g": "ɡց",
    "h": "һհħн",
    "i": "іιı",
    "j": "ј",
    "k": "кκ",
    "l": "ӏłǀ",
    "m": "м",
    "n": "пոη",
    "o": "оοøօ",
    "p": "рρ",
    "q": "ԛ",
    "r": "г",
    "s": "ѕ",
    "t": "тτŧ",
    "u": "υս",
    "v": "ν",
    "w": "ԝω",
    "x": "хχ",
    "y": "уγ",
}
LATIN = str.maketrans({other: one for one, others in LOOKALIKES.items() for other in others})


def check_name(username: str) -> None:
    """See that a new name has not the form of a pseudonym, nor looks like another person's.

    Raises:
        InvalidInputError: if it has that form.
        ConflictError: if it looks like the name of an account.
    """
    if PSEUDONYM.fullmatch(username):
        raise InvalidInputError(
            _("Names such as rater-1a2b are the site's own for annotators: choose another one.")
        )
    wanted, same = outline(username), username.lower()
    names = User.objects.values_list("username", flat=True).iterator()
    # the same name in another case is taken, which is another refusal
    if any(outline(name) == wanted and name.lower() != same for name in names):
        raise ConflictError(_("This user name looks like another person's: choose another one."))


def outline(username: str) -> str:
    """What a name looks like: without case, accents and letters of other scripts in disguise.

    >>> outline("Аdmın") == outline("admin") == outline("ａｄｍíｎ")
    True
    """
    parts = unicodedata.normalize("NFKD", username).casefold()
    plain = "".join(one for one in parts if not unicodedata.combining(one))
    return plain.translate(LATIN)
