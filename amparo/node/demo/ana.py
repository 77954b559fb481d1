"""Say what Ana told at the shelter: the answers of her intake, as a telephone sends them. Nobody real is meant."""

from datetime import datetime, timedelta

LABEL = "Ana"


def answers_of_ana(at: datetime) -> dict[str, str]:
    """Return the filled intake of Ana, ten, alone, hungry; `at` is when the form was closed."""
    began = at - timedelta(minutes=20)
    return _times(began, at) | _TOLD


def _times(began: datetime, at: datetime) -> dict[str, str]:
    return {
        "start": began.isoformat(timespec="milliseconds"),
        "end": at.isoformat(timespec="milliseconds"),
        "contact/first_contact_at": began.isoformat(timespec="milliseconds"),
    }


_TOLD = {
    "safety/needs_now": "food water shelter rest safety",
    "contact/met_by": "civil-society",
    "contact/arrival_context": "inside-country",
    "contact/at_border": "no",
    "language/preferred_language": "es",
    "language/language_shared": "yes",
    "identity/name_as_told": "Ana Lucía",
    "identity/given_names": "Ana Lucía",
    "identity/family_names": "Mejía Orellana",
    "identity/nickname": "Ana",
    "identity/identity_told_by": "child",
    "identity/identity_certainty": "fairly",
    "identity/sex": "female",
    "identity/nationalities": "HN",
    "identity/nationality_status": "known",
    "age/age_known": "years",
    "age/age_years": "10",
    "age/age_basis": "child-said",
    "age/age_certainty": "child",
    "age/age_in_months": "125",
    "age/age_status": "child",
    "company/accompaniment": "unaccompanied",
    "company/accompaniment_basis": "Llegó sola; nadie pregunta por ella.",
    "company/adult_with_child": "none",
    "company/adult_verification": "not-needed",
    "company/siblings_present": "none",
    "separation/family_located": "no",
    "separation/separation_cause": "journey",
    "separation/separation_told_by": "child",
    "origin/origin_country": "HN",
    "origin/origin_department": "HN05",
    "origin/origin_municipality": "HN0501",
    "origin/origin_pcode": "HN0501",
    "origin/origin_vintage": "2025",
    "origin/origin_place_text": "Una colonia de San Pedro Sula, cerca del río",
    "origin/origin_told_by": "child",
    "origin/journey_countries": "GT MX",
    "risk/fear_or_risk": "indicated",
    "risk/asylum": "not-informed",
    "papers/documents": "none",
    "agreement/explained": "who-we-are why-asked may-refuse who-sees",
    "agreement/explanation_understood": "yes",
    "agreement/agreed_by": "child",
    "agreement/share_with": "child-protection health family-tracing",
    "agreement/withhold_what": "whereabouts",
    "agreement/withhold_from": "origin-consulate",
    "words/own_words": "Quiero hablar con mi abuela. Me dejaron sola y tuve hambre. Quiero ser maestra.",
    "words/wishes_now": "Comer y dormir sin que apaguen la luz.",
    "care/done_talk": "contact-recorded identity-as-told",
    "care/care_setting": "none",
    "interview/interviewer_role": "first-contact-officer",
    "interview/interviewer_name": "Marta Solís",
    "interview/interviewer_post": "Albergue La Ceiba",
}
