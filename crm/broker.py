"""The message queue kept in the same PostgreSQL as all else: kombu's PGMQ transport, connected our way."""

from __future__ import annotations

from typing import Any

from kombu.transport import pgmq as kombu_pgmq
from pgmq import PGMQueue
from psycopg_pool import ConnectionPool

PGMQ_URL = "pgmq://localhost"  # a name kombu wants to hear; the connection string decides
# Celery's name for the transport below; it takes the place of the one that the URL names.
PGMQ_TRANSPORT = "crm.broker:Transport"


class Transport(kombu_pgmq.Transport):
    """PGMQ over a connection pool of our own.

    The client as kombu makes it rebuilds the connection string from host, port, name and password
    alone, which loses sslmode, passfile and whatever else DATABASE_URL says, and hands out
    connections that died with the server. Ours keeps the string whole and looks before it hands out.
    """

    def _create_pgmq_client(self) -> PGMQueue:
        assert self.client is not None  # noqa: S101 - tells the type checker; kombu sets it when it makes us
        options: Any = self.client.transport_options
        pool = ConnectionPool(
            options["conn_string"],
            min_size=0,
            max_size=4,
            timeout=10,
            check=ConnectionPool.check_connection,
            open=True,
        )
        return _OwnedQueue(pool=pool, conn_string="", vt=options["visibility_timeout"], init_extension=False)


class _OwnedQueue(PGMQueue):  # type: ignore[no-untyped-call] # its dataclass base is untyped
    """A client that closes the pool it was given, as it is the only one to use it."""

    def close(self) -> None:
        self._own_pool = True
        super().close()
