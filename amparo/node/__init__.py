"""What makes this copy this node: settings, addresses, country profile, commands."""
