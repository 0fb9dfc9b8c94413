"""What the directorate's codes are called in a letter, in bokmål and nynorsk."""

from typing import NamedTuple


class Words(NamedTuple):
    """The same words in bokmål and nynorsk."""

    nb: str
    nn: str

    def in_language(self, language: str) -> str:
        return self.nn if language == "nn" else self.nb


CODES = {
    "AR-1": Words("År 1, voksen i familie", "År 1, vaksen i familie"),
    "AR-1 EV": Words("År 1, enslig voksen", "År 1, einsleg vaksen"),
    "AR-1 B": Words("År 1, barn", "År 1, barn"),
    "AR-1 EM": Words("År 1, enslig mindreårig", "År 1, einsleg mindreårig"),
    "BHT": Words("Barnehagetilskudd", "Barnehagetilskot"),
    "ELDR": Words("Eldretilskudd", "Eldretilskot"),
    "AR-2": Words("År 2", "År 2"),
    "AR-3": Words("År 3", "År 3"),
    "AR-4": Words("År 4", "År 4"),
    "AR-5": Words("År 5", "År 5"),
    "EMINB": Words("Enslig mindreårig, til og med 16 år", "Einsleg mindreårig, til og med 16 år"),
    "EMINU": Words("Enslig mindreårig, 17 til 20 år", "Einsleg mindreårig, 17 til 20 år"),
    "FHT1": Words("Tilskudd 1", "Tilskot 1"),
    "FHT2": Words("Tilskudd 2", "Tilskot 2"),
    "EKS50": Words("Ekstratilskudd, bosatt utover anmodning", "Ekstratilskot, busett utover oppmodinga"),
    "EKS500": Words("Ekstratilskudd, bosatt fra institusjon", "Ekstratilskot, busett frå institusjon"),
    "INTMOT": Words("Kvalifisering i integreringsmottak", "Kvalifisering i integreringsmottak"),
    "ASYL-N": Words("Opplæring i norsk for asylsøkere", "Opplæring i norsk for asylsøkjarar"),
    "ASYL-K": Words("Norsk kultur og norske verdier", "Norsk kultur og norske verdiar"),
    **{
        f"P-AR{year}-{level}": Words(f"Persontilskudd år {year}, {nb} sats", f"Persontilskot år {year}, {nn} sats")
        for year in (1, 2, 3)
        for level, nb, nn in (("H", "høy", "høg"), ("L", "lav", "låg"))
    },
}


def name_of_code(code: str, language: str) -> str:
    """What a code is called; the code itself where it has no words of its own."""
    words = CODES.get(code)
    return words.in_language(language) if words else code
