"""Force row-level security: a State writes only its own answers, everybody writes in her own name alone.

Answers are public; proposals and comments are for whoever is signed in. Only the secretariat decides and hides.
"""

from django.db import migrations

from amparo.access.row_security import AGENCY, append_only, force

ROLE = "(SELECT coalesce(current_setting('amparo.role', true), ''))"
ACTOR = "(SELECT nullif(current_setting('amparo.actor', true), '')::uuid)"
IN_OWN_NAME = f"actor = {ACTOR} AND agency_id = {AGENCY}"
OF_OWN_STATE = f"country = (SELECT a.country FROM access_agency a WHERE a.id = {AGENCY})"
SIGNED_IN = f"{ROLE} NOT IN ('', 'nobody', 'device')"
SECRETARIAT = f"{ROLE} = 'secretariat'"
WRITERS = f"{ROLE} IN ('secretariat', 'country-delegate') AND {IN_OWN_NAME}"
OF_OWN_PROPOSAL = f"EXISTS (SELECT FROM monitor_proposal p WHERE p.id = proposal_id AND p.agency_id = {AGENCY})"


class Migration(migrations.Migration):
    dependencies = [("monitor", "0001_initial"), ("access", "0003_country_delegates")]
    operations = [
        force(
            "monitor_adoptionanswer",
            using="true",
            check=f"{ROLE} = 'country-delegate' AND {IN_OWN_NAME} AND {OF_OWN_STATE}",
        ),
        append_only("monitor_adoptionanswer"),
        force("monitor_proposal", using=SIGNED_IN, check=WRITERS),
        append_only("monitor_proposal"),
        force(
            "monitor_proposalstep",
            using=SIGNED_IN,
            check=f"{WRITERS} AND ((status = 'withdrawn' AND {OF_OWN_PROPOSAL})"
            f" OR (status <> 'withdrawn' AND {SECRETARIAT}))",
        ),
        append_only("monitor_proposalstep"),
        force(
            "monitor_commententry",
            using=SIGNED_IN,
            check=f"{WRITERS} AND (said = 'text' OR {SECRETARIAT})",
        ),
        append_only("monitor_commententry"),
    ]
