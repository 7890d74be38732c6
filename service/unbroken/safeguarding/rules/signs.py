"""The signs by which a person, a telephone, a case, a place or a small count is known.

Every pattern is bounded in each of its repetitions, so that a hostile text costs time in proportion
to its length. They are matched against folded text (``folding.fold``): no accents, plain digits.
"""

import re
from dataclasses import dataclass

from unbroken.kit.sentences import Marked

NAME = r"[A-Z][a-z'-]{1,24}(?: [A-Z][a-z'-]{1,24}){0,2}"
CHILD_AGE = r"(?:1[0-7]|[1-9])(?![\d:/%-]|[.,]\d)"
AGE = r"\d{1,2}(?!\d)"
YEARS = r"(?:ans?|years?|yrs?|anos?|months?|mois|meses|سنة|سنوات|سنين|عاما|عام|اعوام)\b"
NO_NAME = (
    r"(?!(?:Annex|Phase|Section|Table|Article|Paragraph|Para|Page|Chapter|Figure|Tier|Item|Line"
    r"|Week|Quarter|Element|Step|Option|Resolution|Sector|Region|Zone|Camp|Day|Days|Month"
    r"|Team|Batch|Lot"
    r"|Part|Level|Category|Priority|Target|Total|Group|Posts?|Letter|Rule|Staff|Annexe|Semaine|Jour"
    r"|Version|Edition|Question|Site|Sites|Office|Offices|Area|Areas|Mission|Monday|Tuesday"
    r"|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August"
    r"|September|October|November|December|Staffing|Number|Project|Bridge|Grade|Level|Row"
    r"|Lignes?)\b)"
)
ONE = (
    r"(?:boy|girl|child|minor|teenager|adolescent|survivor|victim|witness|detainee|daughter|son"
    r"|garcon|fille|fillette|enfant|mineure?|adolescente?|survivante?|victime|temoin|fils"
    r"|nino|nina|menor|chico|chica|victima|testigo|hij[oa]|sobreviviente)"
)
ONES = (
    r"(?:girls?|boys?|child(?:ren)?|minors?|teenagers?|adolescents?|survivors?|victims?"
    r""
    r"|filles?|fillettes?|garcons?|enfants?|mineure?s?|survivantes?|victimes?"
    r"|ninos?|ninas?|menores?|victimas?|sobrevivientes?)"
)
FEW = (
    r"(?:(?<![\d.,/:+-])(?<![\d.,] )[1-9]|\b(?:one|two|three|four|five|six|seven|eight|nine"
    r"|une?|deux"
    r"|trois|quatre|cinq|sept|huit|neuf|una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve))"
)
BETWEEN = (
    r"(?: (?:of|the|de|des|other|more|former|young|small|little|released|demobili[sz]ed|separated"
    r"|unaccompanied|injured|associated|missing|abducted|detained|verified|recruited|female|male"
    r"|jeunes?|petite?s?|autres?|pequen[oa]s|minor|new|nouveaux|nouvelles)){0,3}"
)
NOT_OF_ONE = (
    r"(?!['/-]|s'| (?:protection|rights?|welfare|safeguarding|safe|desks?|focal|assistance|support"
    r"|services?|participation|friendly|labour|associations?|networks?|advocates?|helplines?|units?"
    r"|hotlines?|officers?|advisers?|care|parliaments?|clubs?|forums?|committees?|policy|policies"
    r"|witness|age|and adolescent|recruitment|specialists?|posts?|statements?|fund|experts?"
    r"|functions?|checklists?|soldiers? (?:desk|unit)|interview (?:rooms?|protocols?))\b)"
)
CASE_WORD = (
    r"\b(?:case|cas|caso|dossier|incident|survivor|child|beneficiary|registration|file"
    r"|enfant|victim"
    r"|casefile|expediente)"
)
ABOUT_PERSON = "Leave out names, ages and anything about one person; describe the capacity only."
ABOUT_NUMBER = "Leave the number out; the custodian's role mailbox is contact enough."
ABOUT_PLACE = "Name the region (admin-1) instead; positions are never kept here."
ABOUT_CASE = "Leave the case out; cases stay in the case-management system."
ABOUT_COUNT = "Use a band: 1-9, 10-49 or 50+."
ABOUT_CONTACT = "Name the office or role instead of a personal address."


@dataclass(frozen=True, slots=True)
class Sign:
    """A pattern, what it looks like to people, and how to mend a text that has it."""

    what: Marked
    pattern: "re.Pattern[str]"
    remedy: Marked


def _signs(
    what: Marked, remedy: Marked, *patterns: str, ignore_case: bool = True
) -> tuple[Sign, ...]:
    flags = re.IGNORECASE if ignore_case else re.NOFLAG
    return tuple(Sign(what, re.compile(pattern, flags), remedy) for pattern in patterns)


# Where upper and lower case tell a name from a word.
_CASED = (
    (
        rf"\b{NO_NAME}{NAME}, ?(?:aged? )?{CHILD_AGE}(?=$|[.;,)\n]| (?:from|de|in|at|is|was|who"
        rf"|et|and)\b)"
    ),
    rf"\b{NO_NAME}{NAME} ?\((?:1[0-7]|[3-9])\)",
    rf"\b{NO_NAME}{NAME}(?:, ?| ?\(){AGE} ?{YEARS}",
    rf"\b{NO_NAME}{NAME} (?:is|has|was|a|avait|tiene|turned) {CHILD_AGE}(?= ?{YEARS}|$|[.;,)\n])",
    (
        r"\b(?:boy|girl|minor|survivor|victim|witness|detainee|garcon|fille|fillette"
        r"|mineure?|nina|nino) "
        r"(?!Assistance|Support|Advocate|Right|Centred|Centered|Protection|Child"
        r"|Participation|Guide)"
        r"[A-Z][a-z]{2,24}\b"
    ),
    r"(?i:\binitials?|\binitiales|\biniciales)[: ]{1,3}[A-Z]\.? ?[A-Z]\b",
)
_AGED = (
    rf"\b{ONE},? (?:of|aged?(?: of)?|de|agee? de|con) {CHILD_AGE}",
    rf"\b{ONE} ?\({AGE}(?: ?{YEARS})?\)",
    rf"\b{ONE}, {CHILD_AGE}(?=$|[.;,)\n]| ?{YEARS})",
    r"(?<![\d-])\d{1,2}[- ]?(?:years?|yrs?|months?)[- ]old\b",
    r"(?<![\d-])\d{1,2} ?(?:y/o|y\.o\.?|yo)\b",
    rf"\bag(?:ed|e|ee)(?: of| de)?:? {CHILD_AGE}(?! ?(?:-|to|a|and|et|y|or) ?\d)",
    r"(?<![\d-])\d{1,2} anos de edad",
    r"عمر(?:ه|ها|هما)? ?:? ?\d{1,2}",
    r"(?:يبلغ|تبلغ|البالغ|البالغة)(?: من العمر)? \d{1,2}",
    r"[\u0621-\u064a]{2,20},? ?\(?\d{1,2} (?:سنة|سنوات|عاما)(?= من العمر|$|[.,)])",
    (
        rf"\b{ONE}\b[^.\n]{{0,40}}\b(?:named|called|name is|nommee?|appelee?|prenommee?|dont le nom"
        r"|llamad[oa]|de nombre)\b"
    ),
    r"(?:طفل|طفلة|فتاة|فتى|صبي|قاصر)\b[^.\n]{0,30}(?:اسمه|اسمها|يدعى|تدعى)",
)
_BORN = (
    (
        r"\b(?:dob|d\.o\.b\.?|date of birth|birth ?dates?|birthday|date de naissance"
        r"|fecha de nacimiento"
        r"|تاريخ الميلاد|مواليد)[^.\n\d]{0,16}\d"
    ),
    r"(?<!-)\bborn(?: on| in)? (?:[a-z]{3,9} )?\d",
    r"\b(?:nee?s? (?:le|en)|nacid[oa]s? (?:el|en)) \d",
)
_PLACES = (
    r"(?<![\d.])-?\d{1,3}\.\d{3,15} ?°?[NSEW]?[,;/ ] ?-?\d{1,3}\.\d{3,15}",
    r"(?<![\d.,])-?\d{1,3},\d{4,15} ?[;/ ] ?-?\d{1,3},\d{4,15}",
    (
        r"\b(?:lat(?:itude)?|lon(?:g(?:itude)?)?|gps|coord(?:inate|onnee"
        r"|enada)s?)\b[^\d\n]{0,12}\d{1,3}[.,°]\d"
    ),
    r"\d ?°(?! ?[CF]\b)(?<!n°)",
    r"(?<![\d.])\d{1,2}(?:\.\d{1,15})? ?[NS],? ?\d{1,3}(?:\.\d{1,15})? ?[EWO]\b",
    r"\b[NS] ?\d{1,2}\.\d{1,15},? ?[EWO] ?\d{1,3}\.\d",
    (
        r"\bgeo:|///\w{2,20}\.\w{2,20}\.\w{2,20}|\bwhat3words|\bplus\.codes|\bgoo\.gl/maps"
        r"|\bmaps\.app"
        r"|\bgoogle\.[a-z.]{2,6}/maps|\bmaps\.google|\bopenstreetmap\.org|\bosm\.org|\bwaze\.com"
    ),
)
_PLACES_CASED = (
    r"\b\d{1,2}[C-HJ-NP-X] ?[A-HJ-NP-Z]{2} ?(?:\d{4,10}|\d{2,5} \d{2,5})\b",
    r"(?<![\w+])[2-9CFGHJMPQRVWX]{4,8}\+[2-9CFGHJMPQRVWX]{2,3}\b",
)
_CASES = (
    (
        rf"{CASE_WORD}s? ?(?:no\.|nr\.?|num(?:ber|ero)?\.?|id|code|ref(?:erence)?\.?|n[°.]|#)"
        r" ?[:#]? ?[A-Z]{0,6}[-/ ]?[A-Z]{0,4}[-/]?\d"
    ),
    rf"{CASE_WORD}s? [A-Z]{{0,4}}-?\d{{2,6}}[-/]\d{{2,8}}\b",
    (
        r"\b(?:CPIMS|GBVIMS|primero|progres)\+?(?: (?:id|no\.?|case|number|record))?[ :#-]{1,3}"
        r"(?!(?:19|20)\d\d\b)[A-Z]{0,6}[-/]?(?:\d{4,12}|\d{2,4}[-/]\d{2,8})"
    ),
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
    r"(?:حالة|قضية|ملف) ?(?:رقم|#)",
)
_CASES_CASED = (
    (
        r"\b(?:[A-Z]{2,4}[-/])?(?:CP|GBV|GBVIMS|CPIMS|CM|UASC|CAAFAG|CASE|SURV|VIC|BIA|INC|MRM)[-/]"
        r"(?:[A-Z]{2,4}[-/])?(?:\d{3,8}|\d{2}[-/]\d{2,8})(?:[-/]\d{1,8}){0,3}\b"
    ),
)
_PHONES = (
    r"(?<![\w/.])(?:\+|00) ?\(?\d(?:[ .()/-]{0,2}\d){6,14}",
    r"(?<![\w/.,·-])\(?\d(?:[ .()-]{0,2}\d){6,14}(?![\w/]|[.,]\d)",
    (
        r"(?:\b(?:tel|telephone|phone|mobile|cell|whatsapp|signal|telegram|call|sms"
        r"|portable|appeler"
        r"|telefono|movil|llamar)\b|هاتف|جوال|واتساب"
        r"|تلفون)[^\d\n·]{0,12}\+?\(?\d(?:[ .()/-]{0,2}\d){4,14}"
    ),
)
_CONTACTS = (
    (
        r"\b(?!(?:info|contact|office|registry|secretariat|protection|feedback|complaints"
        r"|hotline|press)@)"
        r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}"
    ),
    r"\b\w{1,64} ?[\[(](?:at|arobase|arroba)[\])] ?\w",
    r"(?<![\w.])@\w{3,30}",
    r"\bhttps?://[^\s/@]{1,120}@",
    r"\b(?:facebook|fb|twitter|instagram|tiktok|linkedin|telegram)\.(?:com|me|org)/",
    r"(?<![\w.])(?:x\.com|t\.me|wa\.me|fb\.me|m\.me)/",
    (
        r"\bhttps?://[^\s]{1,200}(?:/~|/users?/|/people/|/profiles?/"
        r"|[?&](?:id|name|user|token|case|key|phone|email)=)"
    ),
)
_COUNTS = (
    rf"(?<!phase )(?<!tier )(?<!under )(?<!annex )(?<!element ){FEW}{BETWEEN} {ONES}\b{NOT_OF_ONE}",
    r"(?<![\d.,/-])[1-9] (?:اطفال|فتيات|فتيان|بنات|اولاد|قاصرين|قاصرات|ضحايا|ناجيات|ناجين)",
    r"(?:طفلان|طفلين|طفلتان|طفلتين|فتاتان|فتاتين|صبيان اثنان)",
    (
        r"(?:ثلاث|اربع|خمس|ست|سبع|ثمان|ثماني|تسع)ة? (?:اطفال|فتيات|فتيان|بنات|اولاد|قاصرين"
        r"|ضحايا|ناجيات)"
    ),
)
_IDENTITIES = (
    (
        r"\b(?:passport|passeport|pasaporte|national id|id card|identity card"
        r"|carte d'identite|cni|nina"
        r"|nin|cedula|unhcr id|ration card|birth certificate|acte de naissance|fingerprint)\b"
        r"[^\d\n·]{0,16}[A-Z]{0,3}\d{4,}"
    ),
    r"(?:رقم الهوية|جواز السفر|الرقم الوطني)[^\d\n]{0,10}\d{4,}",
)

A_PERSON = "a person with an age or a name"
A_BIRTH = "a date of birth"
A_PLACE = "coordinates or a place on a map"
A_CASE = "a case number"
A_PHONE = "a telephone number"
A_CONTACT = "a personal address"
A_COUNT = "a small number of children"
AN_IDENTITY = "an identity number"

# Searched in the whole text: here dates and numbers are part of what gives the thing away.
ON_WHOLE = (
    *_signs(A_PERSON, ABOUT_PERSON, *_CASED, ignore_case=False),
    *_signs(A_PERSON, ABOUT_PERSON, *_AGED),
    *_signs(A_BIRTH, ABOUT_PERSON, *_BORN),
    *_signs(A_PLACE, ABOUT_PLACE, *_PLACES),
    *_signs(A_PLACE, ABOUT_PLACE, *_PLACES_CASED, ignore_case=False),
    *_signs(A_CASE, ABOUT_CASE, *_CASES),
    *_signs(A_CASE, ABOUT_CASE, *_CASES_CASED, ignore_case=False),
    *_signs(A_CONTACT, ABOUT_CONTACT, *_CONTACTS),
)
# Searched after harmless numbers were hidden.
AFTER_KNOWN = (
    *_signs(AN_IDENTITY, ABOUT_NUMBER, *_IDENTITIES),
    *_signs(A_PHONE, ABOUT_NUMBER, *_PHONES),
    *_signs(A_COUNT, ABOUT_COUNT, *_COUNTS),
)
