"""Starts Tuntas: `python launcher.py run` (the demo school), `serve` (the real start), `flask …` (one command).

Everything it decides goes into the environment, where config.py and the children find it.
"""

from __future__ import annotations

import errno
import os
import secrets
import select
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import config
import network
import supervisor
from private_redis import start_private_redis
from supervisor import Child
from trouble import Trouble, say
