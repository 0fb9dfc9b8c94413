"""Text as people write it, without the characters that no reader sees and that do harm: controls, and turners of direction."""

import re

# Line breaks and tabs stay. So do joiners inside words (U+200C, U+200D), which some names and scripts need.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def seen(text: str) -> str:
    """The text without them; everything else as it was, spaces too."""
    return _UNSEEN.sub("", text)
