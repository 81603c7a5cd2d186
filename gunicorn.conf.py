"""Gunicorn's settings. The launcher gives `--bind fd://…`; without it HOST and PORT say where to listen."""

import gc
import os

from gunicorn.http.wsgi import Response

from app.core.db import dispose_engine
from launcher.supervisor import die_with

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True
graceful_timeout = 8
timeout = 30
keepalive = 5

# Nobody's word about the client is taken here; PROXIES says how many proxies in front of us are believed.
forwarded_allow_ips = ""
# Beyond these limits, and where a request is none, gunicorn itself answers 400 or 414: in bare HTML without the headers
# of `app.core.security`, with no word that is not escaped.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True


_headers = Response.default_headers
# Nobody is told what serves here. There is no setting for it.
Response.default_headers = lambda self: [each for each in _headers(self) if not each.startswith("Server:")]


def when_ready(server):
    """What was loaded so far is garbage never again: left alone, its memory stays shared (measured: 50 of 200 MB)."""
    gc.collect()
    gc.freeze()


def post_fork(server, worker):
    """A web process opens its own database connections, and does not outlive its master; its streams end with it."""
    app = server.app.wsgi()
    die_with(worker.ppid)
    dispose_engine(app)
    app.extensions["stopping"] = lambda: not worker.alive
