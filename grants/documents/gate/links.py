"""Addresses in documents: what may be followed by a person, and what would be fetched without anybody asking."""

import re

SAFE_SCHEMES = {"http", "https", "mailto", "tel"}
_SCHEME = re.compile(r"^([a-z][a-z0-9+.\-]*):", re.I)
_LOCAL_FILE = re.compile(r"^(file:/{0,3})?([a-z]:[\\/]|[^\\/:]+$)", re.I)
_IGNORED = re.compile(r"[\x00-\x20]")


def may_be_followed(address: str) -> bool:
    """A link that a person may click: to the web, to an e-mail address, or inside the document."""
    bare = _IGNORED.sub("", address)
    if bare.startswith(("\\\\", "//", "\\/", "/\\")):
        return False
    scheme = _SCHEME.match(bare)
    return scheme is None or scheme.group(1).lower() in SAFE_SCHEMES


def stays_inside(address: str) -> bool:
    """An address of something in the same package: no scheme, no way up and out."""
    bare = _IGNORED.sub("", address)
    return not (_SCHEME.match(bare) or bare.startswith(("/", "\\")) or ".." in bare.replace("\\", "/").split("/"))


def is_on_own_disk(address: str) -> bool:
    """A template on the writer's own disk, as Word notes it. One on a server is fetched when the document opens."""
    return bool(_LOCAL_FILE.match(_IGNORED.sub("", address)))
