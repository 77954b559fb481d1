"""People, roles, purposes, the firewall, the audit trail."""
