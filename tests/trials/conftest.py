"""An office for each trial."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.trials.office import Office

HEADER = "person_ref,born_on,category,settled_on,kommunenummer,grant_years,from_institution,counts_for_request\n"
APPROPRIATION = (
    "kapittel,post,kapittelnavn,posttekst,stikkord,overfort_fra_i_fjor,arets_tildelinger\n"
    "0496,60,Bosetting,Integreringstilskudd,kan overføres,0,12102704000\n"
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Users and an appropriation; no register yet."""
    made = Office(tmp_path)
    for username in ("a", "b", "c"):
        made.run("add_user", username, "--role", "finance")
    (tmp_path / "a.csv").write_text(APPROPRIATION)
    made.run("import_appropriations", str(tmp_path / "a.csv"), "--year", "2017")
    yield made
    made.close()


def register_file(folder: Path, municipalities: list[str], persons: int = 1) -> str:
    """A register with so many persons in each municipality, all in their second year."""
    file = folder / "s.csv"
    rows = [
        f"P{number}-{n},1985-06-01,adult,2016-05-10,{number},5,0,1\n"
        for number in municipalities
        for n in range(persons)
    ]
    file.write_text(HEADER + "".join(rows))
    return str(file)
