"""A whole region on one machine: two country nodes, the secretariat, synthetic children. For trying and for tests."""
