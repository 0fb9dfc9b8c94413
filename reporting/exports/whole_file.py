"""A file that others read is there whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grants.shared.errors import Refused


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A place to write beside `path`; it takes that name when all went well, and leaves nothing when not."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise Refused(f"{path} can't be written: {error.strerror}.") from None
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o644)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refused(f"{path} can't be written: {error.strerror}.") from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise
