"""Text as people write it, without the characters that no reader sees and that do harm: controls, and turners of direction."""

import re

from django.utils.translation import gettext as _

from grants.shared.errors import BadInput

# Line breaks and tabs stay. So do joiners inside words (U+200C, U+200D), which some names and scripts need.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def seen(text: str) -> str:
    """The text without them; everything else as it was, spaces too."""
    return _UNSEEN.sub("", text)


def told_in_words(text: str, *, most: int, missing: str) -> str:
    """What a person must say in words, as it is kept: not empty (`missing` says what to write), and short enough to keep."""
    words = seen(text).strip()
    if not words:
        raise BadInput(missing)
    if len(words) > most:
        raise BadInput(
            _("Teksten er på %(length)s tegn. Kort den ned til %(most)s.") % {"length": len(words), "most": most}
        )
    return words
