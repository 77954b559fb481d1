"""The pages of the migration authority: five facts of the gate, nothing of the protection desk."""
