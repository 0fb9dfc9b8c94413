"""Answer "why this amount?" for one person."""

from typing import Any

from django.core.management.base import CommandParser

from grants.entitlements.explain import explain, find_person
from grants.law.municipalities import name
from grants.management.base import Command as Base
from grants.management.base import add_json, operator
from grants.services.look_at_person import log_look
from grants.shared.money import kr


class Command(Base):
    help = "Explain every amount that a person gives in a scheme up to and including a year. The look is logged."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person_ref", metavar="PERSON_REF")
        parser.add_argument("--scheme", required=True, metavar="S")
        parser.add_argument("--year", type=int, required=True, metavar="Y")
        add_json(parser)

    def work(self, **options: Any) -> None:
        person = find_person(options["person_ref"])
        log_look(person, by=None, actor=operator(), what=f"explain {options['scheme']} {options['year']}")
        document = explain(person, options["scheme"], options["year"])
        if options["json"]:
            self.answer(document)
            return
        self.say(f"{options['person_ref']} in {options['scheme']}, up to and including {options['year']}")
        for fact in document["facts"]:
            self.say(f"  {fact}")
        for line in document["lines"]:
            self.say(
                f"\n{line['year']} term {line['term']}  {line['code']}  {kr(line['due_ore'])} kroner to "
                f"{line['municipality']} {name(line['municipality'])}"
            )
            self.say(f"  cut-off {line['cutoff']}: {line['residence']}")
            self.say(f"  rule: {line['rule']}")
            self.say(f"  rate: {line['rate']}")
            for booking in line["bookings"]:
                self.say(f"  booked in run {booking['run']}: {kr(booking['amount_ore'])} ({booking['kind']})")
            if not line["bookings"]:
                self.say("  not booked yet")
        if not document["lines"]:
            self.say("\nNothing is due and nothing is booked.")
