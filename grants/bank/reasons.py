"""What the bank's codes mean, in plain Norwegian: statuses of payments, and reasons for rejecting or returning them.

From ISO 20022's external code lists (ExternalPaymentTransactionStatus1Code, ExternalStatusReason1Code and
ExternalReturnReason1Code), those that a domestic payment can meet. A code that is not here is shown as it stands.
"""

from enum import StrEnum


class Outcome(StrEnum):
    """What a status means for the money. Only SETTLED says that it has left; UNKNOWN is for a person to decide."""

    ACCEPTED = "accepted"
    SETTLED = "settled"
    PENDING = "pending"
    PARTLY = "partly"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


STATUSES: dict[str, tuple[Outcome, str]] = {
    "RCVD": (Outcome.PENDING, "Mottatt av banken"),
    "PDNG": (Outcome.PENDING, "Venter i banken"),
    "PATC": (Outcome.PENDING, "Venter på flere godkjenninger i banken"),
    "ACTC": (Outcome.ACCEPTED, "Formatet er godtatt av banken"),
    "ACCP": (Outcome.ACCEPTED, "Godtatt av banken"),
    "ACFC": (Outcome.ACCEPTED, "Godtatt, og det er dekning på kontoen"),
    "ACSP": (Outcome.ACCEPTED, "Godtatt, oppgjøret er i gang"),
    "ACWC": (Outcome.ACCEPTED, "Godtatt med endring"),
    "ACWP": (Outcome.ACCEPTED, "Godtatt, men ikke bokført hos mottaker"),
    "ACSC": (Outcome.SETTLED, "Belastet kontoen vår"),
    "ACCC": (Outcome.SETTLED, "Godskrevet mottakers konto"),
    "PART": (Outcome.PARTLY, "Noen av betalingene er godtatt, andre ikke"),
    "RJCT": (Outcome.REJECTED, "Avvist av banken"),
    "CANC": (Outcome.REJECTED, "Slettet før den ble utført"),
    "BLCK": (Outcome.UNKNOWN, "Sperret i banken"),
}

REASONS: dict[str, str] = {
    "AB05": "Tiden løp ut hos mottakers bank",
    "AB06": "Tiden løp ut før svar kom",
    "AB08": "Mottakers bank svarer ikke",
    "AC01": "Kontonummeret er feil",
    "AC02": "Betalerens kontonummer er ugyldig",
    "AC03": "Mottakerens kontonummer er ugyldig",
    "AC04": "Kontoen er avsluttet",
    "AC05": "Betalerens konto er avsluttet",
    "AC06": "Kontoen er sperret",
    "AC07": "Mottakerens konto er avsluttet",
    "AC10": "Valutaen passer ikke med betalerens konto",
    "AC11": "Valutaen passer ikke med mottakerens konto",
    "AC13": "Kontotypen kan ikke brukes til dette",
    "AC14": "Kontotypen kan ikke brukes til dette",
    "AG01": "Slike betalinger er ikke tillatt på denne kontoen",
    "AG02": "Transaksjonskoden er ugyldig",
    "AG08": "Brukeren har ikke lenger rett til å gjøre dette",
    "AM01": "Beløpet er null",
    "AM02": "Beløpet er over grensen",
    "AM03": "Valutaen er ikke tillatt",
    "AM04": "Det er ikke dekning på kontoen",
    "AM05": "Betalingen er sendt før (duplikat)",
    "AM06": "Beløpet er for lite",
    "AM07": "Beløpet er sperret",
    "AM09": "Beløpet er feil",
    "AM10": "Kontrollsummen stemmer ikke",
    "AM11": "Valutaen er ugyldig",
    "AM12": "Beløpet er ugyldig",
    "AM14": "Beløpet er over grensen i avtalen med banken",
    "AM16": "Summen for betalingsdelen stemmer ikke",
    "AM17": "Summen for filen stemmer ikke",
    "AM18": "Antallet betalinger stemmer ikke",
    "AM19": "Antallet betalinger i filen stemmer ikke",
    "AM20": "Antallet betalinger i betalingsdelen stemmer ikke",
    "AM21": "Beløpet er over grensen i avtalen med banken",
    "BE01": "Navnet passer ikke med kontoen",
    "BE04": "Mottakerens adresse mangler eller er feil",
    "BE05": "Avsenderen er ukjent for banken",
    "BE06": "Kunden er ukjent for banken",
    "BE07": "Betalerens adresse mangler eller er feil",
    "BE08": "Banken har gjort en feil",
    "BE11": "Mottakerens landkode er feil",
    "BE16": "Betalerens id er feil",
    "BE17": "Mottakerens id er feil",
    "BE20": "Navnet er for langt",
    "BE22": "Mottakerens navn mangler",
    "CH03": "Betalingsdagen er for langt frem i tid",
    "CH04": "Betalingsdagen er for langt tilbake i tid",
    "CH16": "Innholdet i et felt er feil",
    "CH20": "Beløpet har for mange desimaler",
    "CH21": "Et felt som må fylles ut, mangler",
    "CNOR": "Mottakers bank er ikke registrert",
    "CURR": "Valutaen er feil",
    "CUST": "Betaleren har bedt om det",
    "DNOR": "Betalers bank er ikke registrert",
    "DS01": "Signaturen mangler",
    "DS02": "Oppdraget er stanset av kunden",
    "DS03": "Signaturen er feil",
    "DS0H": "Den som har signert, har ikke rett til det",
    "DT01": "Datoen er ugyldig",
    "DT02": "Tidspunktet filen ble laget, er ugyldig",
    "DT03": "Betalingsdagen er ikke en bankdag",
    "DT06": "Betalingsdagen er flyttet av banken",
    "DU01": "Meldingen er sendt før (duplikat)",
    "DU02": "Betalingsdelen er sendt før (duplikat)",
    "DU03": "Betalingen er sendt før (duplikat)",
    "DU04": "Betalingens referanse er brukt før (duplikat)",
    "DU05": "Betalingens id er brukt før (duplikat)",
    "DUPL": "Sendt før (duplikat)",
    "ED05": "Oppgjøret mislyktes",
    "FF01": "Filformatet er feil",
    "FF03": "Betalingstypen er feil",
    "FF05": "Betalingsmåten er feil",
    "FF06": "Betalingens formål er feil",
    "FF10": "Teknisk feil i banken",
    "FOCR": "Tilbake etter krav om tilbakekalling",
    "FR01": "Mistanke om svindel",
    "FRAD": "Svindel",
    "ID01": "Betalingens id mangler eller er feil",
    "MD07": "Mottakeren er død",
    "MS02": "Mottakeren har ikke godtatt betalingen",
    "MS03": "Banken oppgir ikke grunnen",
    "NARR": "Se forklaringen fra banken",
    "NERI": "KID eller melding mangler",
    "NOAS": "Kunden svarte ikke",
    "NOOR": "Den opprinnelige betalingen finnes ikke",
    "RC01": "Bankens BIC eller registernummer er feil",
    "RC03": "Betalers bank er feil oppgitt",
    "RC04": "Mottakers bank er feil oppgitt",
    "RF01": "Meldingens referanse er ikke unik",
    "RR01": "Opplysninger om betaleren mangler",
    "RR02": "Betalerens navn eller adresse mangler",
    "RR03": "Mottakerens navn eller adresse mangler",
    "RR04": "Myndighetskrav",
    "RR06": "Skatteopplysninger mangler",
    "RR07": "KID eller annen referanse er feil",
    "RR08": "KID eller annen referanse mangler",
    "RR10": "Filen har tegn som banken ikke tar imot",
    "SL11": "Mottakeren står ikke på betalerens liste",
    "TM01": "Kom etter bankens frist",
    "TD03": "Filen er ikke hel",
    "TECH": "Teknisk problem",
    "UPAY": "Betalingen var ikke rettmessig",
}


def outcome(status: str) -> Outcome:
    """What a status means for the money."""
    return STATUSES.get(status, (Outcome.UNKNOWN, ""))[0]


def status_text(status: str) -> str:
    """A status in words."""
    return STATUSES.get(status, (Outcome.UNKNOWN, f"Ukjent status «{status}» fra banken"))[1]


def reason_text(code: str) -> str:
    """A reason in words."""
    return REASONS.get(code, f"Ukjent kode «{code}» fra banken" if code else "Banken oppgir ingen kode")
