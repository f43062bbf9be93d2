"""A port of this machine that nobody listens on."""

import socket
from contextlib import closing


def free_port() -> int:
    """Such a port; the system does not give it again at once."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
