"""Pages on the people of an agency: who works here, invitations, teams, and what needs a second person."""
