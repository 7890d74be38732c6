"""Numbers known to be harmless: symbols of documents, dates, amounts, posts, references."""

import re

MONTH = (
    r"(?:jan(?:uary|vier)?|feb(?:ruary)?|fevrier|mar(?:ch|s|zo)?|apr(?:il)?|avril|abril|may"
    r"|mai|mayo"
    r"|june?|juin|junio|july?|juillet|julio|aug(?:ust)?|aout|agosto|sept?(?:ember|embre)?"
    r"|septiembre"
    r"|oct(?:ober|obre|ubre)?|nov(?:ember|embre|iembre)?|dec(?:ember|embre)?|diciembre"
    r"|enero|febrero"
    r"|يناير|فبراير|مارس|ابريل|مايو|يونيو|يوليو|اغسطس|سبتمبر|اكتوبر|نوفمبر|ديسمبر)"
)
YEAR = r"(?:19|20)\d\d"
MONEY = (
    r"(?:US\$|[$€£]|\b(?:USD|EUR|GBP|CHF|XOF|XAF|CDF|SDG|SSP|CAD|SEK|NOK|DKK|JPY|AUD"
    r"|dollars?|euros?|dolares)\b)"
)
AMOUNT = r"\d{1,3}(?:[ ,.]\d{3}){1,5}(?:[.,]\d{1,2})?(?!\d)|\d{1,15}(?:[.,]\d{1,4})?(?!\d)"
COUNTED = (
    r"(?:people|persons?|personnes|personas|staff|posts?|postes?|puestos?|households?|hours?|days?"
    r"|civilians?|troops|million|millions|millones|billion|displaced|refugees|habitants|%|percent"
    r"|children|enfants|ninos|girls|boys|filles|garcons)"
)
NUMBERED = (
    r"(?:posts?|positions?|poste|puesto|vacancy|job opening|budget (?:line|code)"
    r"|project(?: sheet)?|projet"
    r"|proyecto|grant|award|contract|agreement|appeal|flow|pledge|requirement|account code|fund"
    r"|document|doc|reference|ref|resolutions?|decision|publication|isbn|invoice)"
)

KNOWN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # S/2023/611, S/RES/2764 (2024), A/77/895-S/2023/363, S/PV.9350, ST/SGB/2007/6
        (
            r"(?<![\w/])(?:A|S|E|ST|DP|CRC|HRC|PBC)/(?:[A-Z]{1,4}\.?/?\d{0,4}/?){0,3}"
            r"[\dA-Z.()/-]{0,24}"
        ),
        rf"(?<![\d.-])\d{{3,4}} \({YEAR}\)",
        rf"(?<![\d.+-]){YEAR}-(?:0\d|1[0-2])(?:-[0-3]\d)?(?:T\d\d:\d\d(?::\d\d)?Z?)?(?![\d-])",
        rf"(?<![\d.+/-])[0-3]?\d([./ -])[01]?\d\1{YEAR}(?![\d/-])",
        rf"(?<!\d)[0-3]?\d(?:er|st|nd|rd|th)? (?:de )?{MONTH}\.?(?: (?:de )?,?{YEAR})?(?!\d)",
        rf"\b{MONTH} [0-3]?\d(?:st|nd|rd|th)?,? {YEAR}(?!\d)",
        rf"(?<![\d.+/-]){YEAR} ?[-/] ?(?:{YEAR}|\d\d)(?![\d-])",
        rf"(?<![\d.+/-]){YEAR}(?:(?:,? | and | et | y ){YEAR}){{1,6}}(?![\d-])",
        rf"{MONEY} ?(?:{AMOUNT})",
        rf"(?<![\d.,+])(?:{AMOUNT}) ?(?:(?:million|milliard|billion)s? )?(?:of )?{MONEY}",
        r"(?<![\d.,+])\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,2})?(?![\d,])",
        r"(?<![\d.,+] )(?<![\d.,+])[1-9]\d{0,2}(?:[ .]\d{3}){0,3}[ .]000(?! ?\d)",
        rf"(?<![\d.,+] )(?<![\d.,+])[1-9]\d{{0,2}}(?: \d{{3}}){{1,4}} (?={COUNTED}\b)",
        (
            rf"\b{NUMBERED}(?: (?:no|number|nr|n"
            rf"|id)\b)?[.°:# ]{{0,3}}[A-Z]{{0,4}}-?\d{{1,12}}(?![\d-])"
        ),
        r"(?<!\d)\d\d?[:h]\d\d(?: ?- ?\d\d?[:h]\d\d)?(?!\d)",
    )
)


def without_known(text: str) -> str:
    """Return ``text``, folded, with harmless numbers hidden; it keeps its length."""
    for pattern in KNOWN:
        text = pattern.sub(lambda match: "·" * len(match.group()), text)
    return text
