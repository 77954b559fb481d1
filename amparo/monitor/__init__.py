"""Follow what States do with the Guide: which duties they adopt, what they propose, what they say. No child data."""
