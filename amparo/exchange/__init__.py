"""Sealed envelopes between sovereign nodes, and the transfer of a child's case."""
