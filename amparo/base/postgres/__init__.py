"""Give Amparo a PostgreSQL: find its programs, start and stop a node's own server, make its roles.

cluster = start(home)
roles = ensure_roles(cluster.dsn(), prefix="amparo", secrets_path=home / "roles.json")
DATABASES = {"default": roles.app.django()}
"""

from amparo.base.postgres.binaries import Binaries, find_all_binaries, find_binaries
from amparo.base.postgres.cluster import Cluster, State, remove, start, status, stop
from amparo.base.postgres.errors import (
    AdminPowersMissing,
    ClusterBusy,
    ClusterNotStarted,
    ClusterSecretsMissing,
    ClusterVersionMismatch,
    DatabaseNotOurs,
    DatabaseUnreachable,
    HomeUnusable,
    PostgresMissing,
    PostgresTooOld,
    PostgresTrouble,
    PrefixRefused,
    RoleTooPowerful,
)
from amparo.base.postgres.roles import NodeRoles, RoleAccess, ensure_roles

__all__ = [
    "AdminPowersMissing",
    "Binaries",
    "Cluster",
    "ClusterBusy",
    "ClusterNotStarted",
    "ClusterSecretsMissing",
    "ClusterVersionMismatch",
    "DatabaseNotOurs",
    "DatabaseUnreachable",
    "HomeUnusable",
    "NodeRoles",
    "PostgresMissing",
    "PostgresTooOld",
    "PostgresTrouble",
    "PrefixRefused",
    "RoleAccess",
    "RoleTooPowerful",
    "State",
    "ensure_roles",
    "find_all_binaries",
    "find_binaries",
    "remove",
    "start",
    "status",
    "stop",
]
