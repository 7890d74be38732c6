"""Which functions answer the two documents that set the scope of the catalogue.

NGO: "Recommendations for ensuring child protection in peacekeeping operations & transitions", July
2025, by number.
ARTICLE: "Ensuring Child Protection in Peace Operations: Strategies and Challenges", by heading.
"""

REINTEGRATION = "REINT-PSS REINT-EDU REINT-COM REINT-FAM"
MONITORING = "MRM-VER MRM-CHAIR MRM-REP MRM-DATA MARA SCH-HOSP"

THEMES = {
    "monitoring and reporting, MRM, MARA": MONITORING,
    "dialogue with parties, action plans": "MRM-DIAL",
    "accountability, national justice": "ACC-JUS JUV-DET LAW",
    "human rights due diligence": "HRDDP VET",
    "sexual exploitation and abuse, zero tolerance": "PSEA-PREV PSEA-VIC",
    "humanitarian coordination": "HUM-COORD ACCESS",
    "communities, civil society, feedback and complaints": "CSO-VOICE AAP-FEED COM-PART",
    "sensitisation and public information": "PUB-INFO",
    "safeguarding, do no harm, child-friendly mission": "SAFE-DNH",
    "training before and in mission": "TRN-PRE TRN-IN",
    "sexual and gender-based violence": "SGBV MARA",
    "dedicated experts": "CPA-POST GEN-POST",
    "rules of engagement": "ROE-CHILD",
    "handover protocols, referral": "HANDOVER REFER REL-DDR",
    "juvenile justice": "JUV-DET",
    "mainstreaming, integration in operations": "MAINSTR",
    "Member-State funding": "FUND",
    "mobile and digital reporting, biometrics, AI, hotspots": "DIG-REP DB-BIO ANALYT POC-EW",
    "reintegration: four elements": REINTEGRATION,
    "international collaboration, NGOs": "CSO-WATCH REG-AU",
    "lessons, best practice": "LESSONS",
}

NGO = {
    "1a precedents and minimum standards": "MAINSTR SAFE-DNH LESSONS",
    "1b MRM and MARA in listed contexts": f"{MONITORING} MRM-DIAL",
    "1c reporting, accountability, national justice": "MRM-VER MRM-REP ACC-JUS LAW TRN-IN",
    "1d human rights due diligence with civilian resourcing": "HRDDP VET",
    "1e prevention of and response to exploitation and abuse": "PSEA-PREV PSEA-VIC",
    "1f coordination with humanitarians": "HUM-COORD ACCESS",
    "1g communities, civil society, complaints": "CSO-VOICE AAP-FEED COM-PART PUB-INFO",
    "2a mainstreaming and do no harm": "MAINSTR SAFE-DNH SGBV",
    "2b pre-deployment training and learning in the mission": "TRN-PRE TRN-IN",
    "2c survivors of sexual and gender-based violence": "SGBV MARA REFER TRN-PRE",
    "2d dedicated gender and child-protection experts": "CPA-POST GEN-POST",
    "3a rules of engagement": "ROE-CHILD",
    "3b handover protocols and referral pathways": "HANDOVER REFER REL-DDR",
    "3c victims first, rehabilitation rather than punishment": f"JUV-DET REL-DDR {REINTEGRATION}",
    "4a transfer to the country team": "CPA-POST GEN-POST MRM-CHAIR MRM-VER MRM-DATA POC-EW",
    "4b mainstreaming to sustain peace": "MAINSTR LAW REG-AU",
    "4c Member States support and fund": "FUND",
}

ARTICLE = {
    "The Significance of Child Protection in Peace Operations": "MAINSTR PUB-INFO COM-PART",
    "Key Frameworks and Policies Guiding Child Protection": "MRM-VER MRM-CHAIR LAW MAINSTR",
    "Roles and Responsibilities of Peacekeepers in Child Protection": (
        "MRM-VER POC-EW SAFE-DNH PSEA-PREV ROE-CHILD HANDOVER"
    ),
    "Challenges to Implementing Child Protection in Peace Operations": (
        "ACCESS FUND HUM-COORD CPA-POST CSO-VOICE"
    ),
    "Strategies for Effective Child Protection": "COM-PART TRN-IN AAP-FEED MRM-REP",
    "Community Engagement and Local Partnerships": "COM-PART CSO-VOICE AAP-FEED POC-EW PUB-INFO",
    "Integration of Child Protection Components into Mission Operations": (
        "MAINSTR TRN-PRE TRN-IN MRM-REP"
    ),
    "Case Studies of Child Protection Successes in Peacekeeping Missions": (
        f"{REINTEGRATION} REL-DDR DIG-REP COM-PART LESSONS"
    ),
    "Innovations in Child Rights Monitoring": "DIG-REP DB-BIO ANALYT POC-EW",
    "Successful Reintegration of Child Soldiers": f"{REINTEGRATION} REL-DDR",
    "Psychological support": "REINT-PSS",
    "Educational and vocational training": "REINT-EDU",
    "Community acceptance initiatives": "REINT-COM",
    "Support for families": "REINT-FAM",
    "Addressing Child Exploitation and Abuse During Missions": "PSEA-PREV PSEA-VIC SAFE-DNH",
    "The Role of International Collaboration and NGOs": "CSO-WATCH REG-AU CSO-VOICE",
    "Future Directions for Child Protection in Peace Operations": (
        "DIG-REP ANALYT TRN-PRE COM-PART LAW REG-AU"
    ),
    "Informing Policy: Lessons Learned and Best Practices": "LESSONS MRM-DATA",
}
