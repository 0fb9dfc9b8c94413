"""A database with decisions in it goes back to an earlier version and forward again, and every guard stands afterwards."""

from pathlib import Path

from tests.trials.office import Office

MAKE_A_DECISION = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from applications.models import State
from tests.factories.cases import make_case
make_case(State.GRANTED)
"""


def test_a_database_in_use_is_upgraded_beneath_its_guards(tmp_path: Path):
    office = Office(tmp_path)
    try:
        office.run_python(MAKE_A_DECISION)
        office.run("migrate", "applications", "0002", "-v", "0")
        office.run("migrate", "-v", "0")

        office.run("check", "--database", "default")
        assert office.count("applications_decision", "state = 'decided'") == 1
    finally:
        office.close()
