"""Keep what migration authorities say of a child's liberty, and let no return happen without a clearance."""
