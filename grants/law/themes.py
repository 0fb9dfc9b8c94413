"""The pages that most applications share. A scheme's file puts its own questions between them."""

from grants.law.question import Answer, Contents, Document, Question, Theme
from grants.law.text import Text

CONTACT = Theme(
    "contact",
    Text("Kontaktperson", "Kontaktperson", "Contact person"),
    (
        Question("contact_name", Text("Navn", "Namn", "Name"), Answer.LINE),
        Question(
            "contact_email",
            Text("E-postadresse", "E-postadresse", "E-mail address"),
            Answer.LINE,
            help=Text(
                "Vi skriver hit når vi har spørsmål til søknaden.",
                "Vi skriv hit når vi har spørsmål til søknaden.",
                "We write here when we have questions about the application.",
            ),
        ),
        Question("contact_phone", Text("Telefonnummer", "Telefonnummer", "Phone number"), Answer.LINE, required=False),
    ),
)
PROJECT = Theme(
    "project",
    Text("Om prosjektet", "Om prosjektet", "About the project"),
    (
        Question("project_name", Text("Navn på prosjektet", "Namn på prosjektet", "Name of the project"), Answer.LINE),
        Question(
            "summary",
            Text("Kort sammendrag", "Kort samandrag", "Short summary"),
            help=Text(
                "Det viktigste på noen få linjer. Sammendraget kan bli offentliggjort.",
                "Det viktigaste på nokre få linjer. Samandraget kan bli offentleggjort.",
                "The essentials in a few lines. The summary may be published.",
            ),
            most_characters=800,
        ),
        Question(
            "target_group",
            Text("Hvem er prosjektet for?", "Kven er prosjektet for?", "Who is the project for?"),
            most_characters=2_000,
        ),
        Question(
            "starts_on", Text("Når begynner prosjektet?", "Når startar prosjektet?", "When does it begin?"), Answer.DATE
        ),
        Question("ends_on", Text("Når slutter det?", "Når sluttar det?", "When does it end?"), Answer.DATE),
    ),
)
GOALS = Theme(
    "goals",
    Text("Mål og gjennomføring", "Mål og gjennomføring", "Goals and plan"),
    (
        Question(
            "goals",
            Text("Hva skal dere oppnå?", "Kva skal de oppnå?", "What will you achieve?"),
            help=Text(
                "Skriv målene slik at det går an å se om de er nådd. Rapporten spør om de samme målene.",
                "Skriv måla slik at det går an å sjå om dei er nådde. Rapporten spør om dei same måla.",
                "Write goals that can be seen to be reached. The report will ask about the same ones.",
            ),
        ),
        Question("participants", Text("Hvor mange deltar?", "Kor mange deltek?", "How many take part?"), Answer.NUMBER),
        Question("plan", Text("Hvordan skal dere gjøre det?", "Korleis skal de gjere det?", "How will you do it?")),
        Question(
            "cooperation",
            Text("Hvem samarbeider dere med?", "Kven samarbeider de med?", "Who do you work with?"),
            required=False,
        ),
    ),
)
BUDGET = Theme(
    "budget",
    Text("Budsjett og finansiering", "Budsjett og finansiering", "Budget and financing"),
    contents=Contents.BUDGET,
)
OTHER = Document(
    "other",
    Text("Andre vedlegg", "Andre vedlegg", "Other attachments"),
    help=Text(
        "For eksempel samarbeidsavtaler eller en prosjektplan. Legg bare ved det som trengs for å vurdere søknaden.",
        "Til dømes samarbeidsavtalar eller ein prosjektplan. Legg berre ved det som trengst for å vurdere søknaden.",
        "For example agreements or a project plan. Attach only what is needed to assess the application.",
    ),
    most=10,
)


def attachments(*documents: Document) -> Theme:
    """The page of attachments: those that the scheme names, and room for others."""
    return Theme(
        "attachments",
        Text("Vedlegg", "Vedlegg", "Attachments"),
        contents=Contents.ATTACHMENTS,
        documents=(*documents, OTHER),
    )


ATTACHMENTS = attachments()

# What goes with a recipient's report. No source names the accounts as a file; the auditor's statement is asked for where
# the scheme says so (`Scheme.auditors_statement`).
STATEMENT = Document(
    "report_statement",
    Text("Revisors uttalelse", "Fråsegn frå revisor", "Auditor's statement"),
    help=Text(
        "Ordningen krever at revisor har godkjent regnskapet. Uten uttalelsen kan rapporten ikke sendes inn.",
        "Ordninga krev at revisor har godkjent rekneskapen. Utan fråsegna kan rapporten ikkje sendast inn.",
        "The scheme asks that an auditor has approved the accounts. Without the statement the report cannot be sent.",
    ),
    required=True,
    most=3,
)
ACCOUNTS_FILE = Document(
    "report_accounts",
    Text("Regnskapet", "Rekneskapen", "The accounts"),
    help=Text(
        "For eksempel prosjektregnskapet fra regnskapssystemet.",
        "Til dømes prosjektrekneskapen frå rekneskapssystemet.",
        "For example the project's accounts from your accounting system.",
    ),
    most=3,
)
REPORT_OTHER = Document(
    "report",
    Text("Andre vedlegg", "Andre vedlegg", "Other attachments"),
    help=Text(
        "For eksempel en evaluering eller det tiltaket har laget.",
        "Til dømes ei evaluering eller det tiltaket har laga.",
        "For example an evaluation, or what the project has made.",
    ),
    most=10,
)
REPORT_DOCUMENTS = (STATEMENT, ACCOUNTS_FILE, REPORT_OTHER)


def report_attachments(*, auditors_statement: bool) -> Theme:
    """The page of attachments of a report."""
    asked = REPORT_DOCUMENTS if auditors_statement else REPORT_DOCUMENTS[1:]
    title = Text("Vedlegg til rapporten", "Vedlegg til rapporten", "Attachments to the report")
    return Theme("attachments", title, contents=Contents.ATTACHMENTS, documents=asked)


PROJECT_THEMES = (CONTACT, PROJECT, GOALS, BUDGET, ATTACHMENTS)
