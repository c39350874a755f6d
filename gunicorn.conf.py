"""The web server, under `make run` and in production alike; `--bind` says where. gunicorn reads this file by itself."""

import os

preload_app = True  # a missing setting ends the start with its one line; else each new worker dies of it, for ever
workers = 2
threads = 4
timeout = 60  # seconds without a sign of life from a worker; a long paper is set in a process of its own
loglevel = "warning"
forwarded_allow_ips = os.environ.get("TRUSTED_PROXIES", "")
control_socket_disable = True  # would be a file in the home directory of whoever starts it


def post_worker_init(worker):
    from reports.pdf import get_ready

    get_ready()
