"""The words of a phone form in every language: a form is in all of them at once, whoever made it.

They stand here and not in the catalogues of the pages, so that a form is never half translated.
"""

from collections.abc import Mapping
from typing import NamedTuple

from unbroken.functions.rules import Dimension
from unbroken.transfers.rules.proposals import Answer, AnsweringRole


class Words(NamedTuple):
    """One text in each language; the names of the fields are the languages' codes."""

    en: str
    fr: str
    ar: str
    es: str


NAMES: Mapping[str, str] = {
    "en": "English (en)",
    "fr": "French (fr)",
    "ar": "Arabic (ar)",
    "es": "Spanish (es)",
}
"""The languages as XLSForm columns name them. Source: xlsform.org, "Multiple language support"."""

TITLE = Words(
    "Answers to what is offered: {plan}",
    "Réponses aux offres : {plan}",
    "الردود على العروض: {plan}",
    "Respuestas a lo ofrecido: {plan}",
)
INTRO = Words(
    "Answer for your organisation. What you send is a proposal: a named person of your organisation"
    " reads it and signs. Never write names of people, telephone numbers or exact places.",
    "Répondez au nom de votre organisation. Ce que vous envoyez est une proposition : une personne"
    " désignée de votre organisation la lit et signe. N’écrivez jamais de noms de personnes, de"
    " numéros de téléphone ni de lieux exacts.",
    "أجب باسم منظمتك. ما ترسله هو اقتراح: يقرؤه شخص مسمّى من منظمتك ثم يوقّع. لا تكتب أبداً أسماء"
    " أشخاص أو أرقام هواتف أو أماكن محددة.",
    "Responda en nombre de su organización. Lo que envía es una propuesta: una persona designada de"
    " su organización la lee y firma. No escriba nunca nombres de personas, números de teléfono ni"
    " lugares exactos.",
)
OFFER = Words(
    "Which offer do you answer?",
    "À quelle offre répondez-vous ?",
    "على أي عرض تردّ؟",
    "¿A qué oferta responde?",
)
OFFER_HINT = Words(
    "Type a part of the function, the area or the organisation to find it.",
    "Tapez une partie de la fonction, de la zone ou de l’organisation pour la trouver.",
    "اكتب جزءاً من اسم الوظيفة أو المنطقة أو المنظمة للعثور عليه.",
    "Escriba parte de la función, de la zona o de la organización para encontrarla.",
)
ANSWER = Words(
    "What is the answer?", "Quelle est la réponse ?", "ما هو الرد؟", "¿Cuál es la respuesta?"
)
QUANTITY = Words(
    "How much of it do you take over?",
    "Quelle quantité reprenez-vous ?",
    "ما المقدار الذي تتسلمونه؟",
    "¿Qué cantidad asume?",
)
QUANTITY_FAULT = Words(
    "Less than is offered, and at least 1. To take all, choose “We confirm all of it”.",
    "Moins que ce qui est offert, et au moins 1. Pour tout reprendre, choisissez « Nous confirmons"
    " le tout ».",
    "أقل مما هو معروض، و1 على الأقل. لتسلّم الكل اختر «نؤكد تسلّم الكل».",
    "Menos de lo ofrecido y al menos 1. Para asumirlo todo, elija «Confirmamos todo».",
)
PARTS = Words(
    "Which parts do you take over?",
    "Quelles parties reprenez-vous ?",
    "ما الأجزاء التي تتسلمونها؟",
    "¿Qué partes asume?",
)
PARTS_FAULT = Words(
    "Some of the parts, not all. To take all, choose “We confirm all of it”.",
    "Certaines parties, pas toutes. Pour tout reprendre, choisissez « Nous confirmons le tout ».",
    "بعض الأجزاء لا كلها. لتسلّم الكل اختر «نؤكد تسلّم الكل».",
    "Algunas partes, no todas. Para asumirlo todo, elija «Confirmamos todo».",
)
UNTIL = Words(
    "Until which day, included?",
    "Jusqu’à quel jour inclus ?",
    "حتى أي يوم (ضمناً)؟",
    "¿Hasta qué día, incluido?",
)
UNTIL_FAULT = Words(
    "Give a day after today.",
    "Indiquez un jour après aujourd’hui.",
    "حدد يوماً بعد اليوم.",
    "Indique un día posterior a hoy.",
)
REASON = Words(
    "Why, or on which condition?",
    "Pourquoi, ou à quelle condition ?",
    "لماذا، أو بأي شرط؟",
    "¿Por qué, o con qué condición?",
)
REASON_HINT = Words(
    "One short sentence about posts, money or access. No names of people, no telephone numbers, no"
    " cases, no exact places.",
    "Une phrase courte sur les postes, l’argent ou l’accès. Pas de noms de personnes, pas de"
    " numéros de téléphone, pas de cas, pas de lieux exacts.",
    "جملة قصيرة عن الوظائف أو التمويل أو إمكانية الوصول. بلا أسماء أشخاص ولا أرقام هواتف ولا حالات"
    " ولا أماكن محددة.",
    "Una frase corta sobre puestos, dinero o acceso. Sin nombres de personas, sin números de"
    " teléfono, sin casos, sin lugares exactos.",
)
REASON_FAULT = Words(
    "At most 280 characters, without telephone or case numbers or e-mail addresses.",
    "280 caractères au plus, sans numéros de téléphone ou de dossier ni adresses électroniques.",
    "280 حرفاً على الأكثر، بلا أرقام هواتف أو ملفات وبلا عناوين بريد إلكتروني.",
    "280 caracteres como máximo, sin números de teléfono o de expediente ni correos electrónicos.",
)
ROLE = Words(
    "In which role do you answer?",
    "À quel titre répondez-vous ?",
    "بأي صفة تجيب؟",
    "¿En qué función responde?",
)
ROLE_HINT = Words(
    "The role only; nobody asks for your name.",
    "Le rôle seulement ; votre nom n’est pas demandé.",
    "الصفة فقط؛ لا يُطلب اسمك.",
    "Solo la función; no se pide su nombre.",
)
REQUIRED = Words(
    "This is needed.", "Cette réponse est nécessaire.", "هذه الإجابة مطلوبة.", "Es necesario."
)
ANSWERS: Mapping[Answer, Words] = {
    Answer.RECOMMEND: Words(
        "We recommend to confirm",
        "Nous recommandons de confirmer",
        "نوصي بالتأكيد",
        "Recomendamos confirmar",
    ),
    Answer.CONFIRM: Words(
        "We confirm all of it", "Nous confirmons le tout", "نؤكد تسلّم الكل", "Confirmamos todo"
    ),
    Answer.CONFIRM_PART: Words(
        "We confirm a part of it",
        "Nous confirmons une partie",
        "نؤكد تسلّم جزء منه",
        "Confirmamos una parte",
    ),
    Answer.CONFIRM_ON_CONDITION: Words(
        "We confirm on a condition",
        "Nous confirmons à une condition",
        "نؤكد بشرط",
        "Confirmamos con una condición",
    ),
    Answer.ASK_TIME: Words(
        "We need more time",
        "Il nous faut plus de temps",
        "نحتاج إلى مزيد من الوقت",
        "Necesitamos más tiempo",
    ),
    Answer.DECLINE: Words("We decline", "Nous refusons", "نرفض", "No aceptamos"),
    Answer.DISPUTE: Words(
        "We dispute what is offered",
        "Nous contestons ce qui est offert",
        "نعترض على ما هو معروض",
        "Impugnamos lo ofrecido",
    ),
    Answer.RECEIVED_NOTHING: Words(
        "We received nothing of it",
        "Nous n’en avons rien reçu",
        "لم نتسلّم منه شيئاً",
        "No hemos recibido nada de ello",
    ),
}
ROLES: Mapping[AnsweringRole, Words] = {
    AnsweringRole.HEAD_OF_OFFICE: Words(
        "Head of office", "Chef de bureau", "رئيس المكتب", "Jefatura de oficina"
    ),
    AnsweringRole.CHILD_PROTECTION: Words(
        "Child protection", "Protection de l’enfance", "حماية الطفل", "Protección de la infancia"
    ),
    AnsweringRole.FIELD_OFFICE: Words(
        "Field office", "Bureau de terrain", "مكتب ميداني", "Oficina sobre el terreno"
    ),
    AnsweringRole.COORDINATION: Words(
        "Coordination or cluster",
        "Coordination ou cluster",
        "التنسيق أو المجموعة القطاعية",
        "Coordinación o clúster",
    ),
    AnsweringRole.AUTHORITY: Words(
        "National or local authority",
        "Autorité nationale ou locale",
        "سلطة وطنية أو محلية",
        "Autoridad nacional o local",
    ),
    AnsweringRole.OTHER: Words("Another role", "Un autre rôle", "صفة أخرى", "Otra función"),
}
DIMENSIONS: Mapping[Dimension, Words] = {
    Dimension.POSTS: Words("Posts", "Postes", "الوظائف", "Puestos"),
    Dimension.SKILLS: Words("Skills", "Compétences", "المهارات", "Competencias"),
    Dimension.DATA: Words("Data", "Données", "البيانات", "Datos"),
    Dimension.AGREEMENTS: Words("Agreements", "Accords", "الاتفاقات", "Acuerdos"),
    Dimension.ACCESS: Words("Access", "Accès", "إمكانية الوصول", "Acceso"),
    Dimension.FUNDING: Words("Funding", "Financement", "التمويل", "Financiación"),
    Dimension.RELATIONSHIPS: Words("Relationships", "Relations", "العلاقات", "Relaciones"),
    Dimension.SYSTEMS: Words("Systems", "Systèmes", "النظم", "Sistemas"),
}
RECEIVER = Words("for {name}", "pour {name}", "إلى {name}", "para {name}")
AND_MORE = Words("and {count} more", "et {count} autres", "و{count} غيرها", "y {count} más")
