"""How documents of a case are recorded: title, access and retention by kind, so that journal and archive are writers."""

from typing import NamedTuple


class RecordKind(NamedTuple):
    """A kind of document. `access_code` and `legal_ground` (offentleglova) are empty where the document is open."""

    title_nb: str
    title_nn: str
    access_code: str = ""
    legal_ground: str = ""
    # No source gives retention for these documents: it is to be set by the archive before a delivery (an assumption).
    retention: str = "ikke fastsatt"


KINDS = {
    "decision": RecordKind("Vedtak: {title}", "Vedtak: {title}"),
}
