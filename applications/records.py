"""How documents of a case are recorded: title, access and retention by kind, so that journal and archive are writers."""

from typing import NamedTuple

from grants.law.registry import SCHEMES

DIRECTORATE = "Integrerings- og mangfoldsdirektoratet"


class RecordKind(NamedTuple):
    """A kind of document. `access_code` and `legal_ground` (offentleglova) are empty where the document is open."""

    title_nb: str
    title_nn: str
    access_code: str = ""
    legal_ground: str = ""
    # No source gives retention for these documents: it is to be set by the archive before a delivery (an assumption).
    retention: str = "ikke fastsatt"

    def title(self, language: str) -> str:
        """The title with a place for what it is about, `{title}`."""
        return self.title_nn if language == "nn" else self.title_nb


KINDS = {
    "decision": RecordKind("Vedtak: {title}", "Vedtak: {title}"),
    "invitation": RecordKind("Invitasjon til å søke: {title}", "Invitasjon til å søkje: {title}"),
    # After the decision. Open: none of it is kept from the public by offentleglova as a kind.
    "acceptance": RecordKind("Svar på vilkår: {title}", "Svar på vilkår: {title}"),
    "change_request": RecordKind("Søknad om endring: {title}", "Søknad om endring: {title}"),
    "change_answer": RecordKind("Svar på søknad om endring: {title}", "Svar på søknad om endring: {title}"),
    "report": RecordKind("Rapport: {title}", "Rapport: {title}"),
    "report_answer": RecordKind("Svar på rapport: {title}", "Svar på rapport: {title}"),
    "new_deadline": RecordKind("Ny frist: {title}", "Ny frist: {title}"),
    "reminder": RecordKind("Påminnelse: {title}", "Påminning: {title}"),
    # Appeals and reversals
    "appeal": RecordKind("Klage: {title}", "Klage: {title}"),
    "review": RecordKind("Anmodning om ny vurdering: {title}", "Oppmoding om ny vurdering: {title}"),
    "appeal_proposal": RecordKind(
        "Innstilling i klagesak: {title}", "Innstilling i klagesak: {title}", "UO", "offentleglova § 14"
    ),
    "appeal_reversed": RecordKind("Omgjøring etter klage: {title}", "Omgjering etter klage: {title}"),
    "appeal_kept": RecordKind("Svar på ny vurdering: {title}", "Svar på ny vurdering: {title}"),
    "appeal_dismissed": RecordKind("Avvist klage: {title}", "Avvist klage: {title}"),
    "appeal_forwarded": RecordKind("Oversendelse av klage: {title}", "Oversending av klage: {title}"),
    "appeal_forwarded_copy": RecordKind(
        "Kopi av oversendelse av klage: {title}", "Kopi av oversending av klage: {title}"
    ),
    "appeal_question": RecordKind("Spørsmål til klagen: {title}", "Spørsmål til klaga: {title}"),
    "appeal_question_reminder": RecordKind(
        "Påminnelse om spørsmål til klagen: {title}", "Påminning om spørsmål til klaga: {title}"
    ),
    "appeal_answer": RecordKind("Svar på spørsmål om klagen: {title}", "Svar på spørsmål om klaga: {title}"),
    "reversal_notice": RecordKind("Varsel om omgjøring: {title}", "Varsel om omgjering: {title}"),
    "reversal_answer": RecordKind("Svar på varsel: {title}", "Svar på varsel: {title}"),
    "reversal": RecordKind("Omgjøring: {title}", "Omgjering: {title}"),
    # What came in, and what was asked and answered about it. Open: no ground to keep an ordinary application from the
    # public is supported by our sources. Somebody's health is a personal matter, which the law says must be kept.
    "submission": RecordKind("Søknad: {title}", "Søknad: {title}"),
    "submission_on_health": RecordKind(
        "Søknad: {title}", "Søknad: {title}", "UO", "offentleglova § 13, jf. forvaltningsloven § 13 første ledd nr. 1"
    ),
    "withdraw": RecordKind("Søknaden er trukket: {title}", "Søknaden er trekt: {title}"),
    "reopen": RecordKind(
        "Søknaden er tatt tilbake for endring: {title}", "Søknaden er teken tilbake for endring: {title}"
    ),
    "open_again": RecordKind("Søknaden er åpnet for endring: {title}", "Søknaden er opna for endring: {title}"),
    # A file that came with another document takes its access from that one.
    "attachment": RecordKind("Vedlegg: {title}", "Vedlegg: {title}"),
    # Between colleagues, in preparing the case.
    "note": RecordKind("Internt notat: {title}", "Internt notat: {title}", "UO", "offentleglova § 14 første ledd"),
    # Questions on the way. Open: none of them is kept from the public by offentleglova as a kind.
    "question": RecordKind("Spørsmål til søknaden: {title}", "Spørsmål til søknaden: {title}"),
    "question_reminder": RecordKind("Påminnelse om spørsmål: {title}", "Påminning om spørsmål: {title}"),
    "answer": RecordKind("Svar på spørsmål: {title}", "Svar på spørsmål: {title}"),
}


def kind_of_submission(scheme: str) -> str:
    """Which kind an application to a scheme is recorded as."""
    return "submission_on_health" if SCHEMES[scheme].on_health else "submission"
