"""Amparo: the protection of migrant and refugee children, node by node."""

__version__ = "0.1.0.dev0"
