"""Name what can go wrong between Amparo and PostgreSQL, one class per thing a person can put right.

Messages name places and remedies; they never carry a password or a record.
"""


class PostgresTrouble(Exception):
    """Something about the database that the person who runs the node can put right."""


class PostgresMissing(PostgresTrouble):
    """No PostgreSQL programs were found on this machine."""


class ClusterVersionMismatch(PostgresTrouble):
    """The data were written by another major version of PostgreSQL than the programs found."""


class ClusterNotStarted(PostgresTrouble):
    """The server did not come up, or did not stop; the message names the log to read."""


class ClusterBusy(PostgresTrouble):
    """Another launcher is starting or stopping the same cluster and has not finished."""


class ClusterSecretsMissing(PostgresTrouble):
    """The data are there but the file with the superuser's password is not."""


class HomeUnusable(PostgresTrouble):
    """The node's folder cannot hold a database: unreachable, not ours, or oddly named."""


class DatabaseUnreachable(PostgresTrouble):
    """A login could not reach its database."""


class DatabaseNotOurs(PostgresTrouble):
    """A database of that name exists and belongs to another role."""


class PostgresTooOld(PostgresTrouble):
    """The server is older than the oldest version Amparo is tested with."""


class AdminPowersMissing(PostgresTrouble):
    """The login given may not create roles and databases."""


class RoleTooPowerful(PostgresTrouble):
    """A role of the node could walk around row-level security."""


class PrefixRefused(PostgresTrouble):
    """The prefix for roles and database is not a plain lower-case word."""
