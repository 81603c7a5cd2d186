"""The product with the benchmark's receivers: what `flask --app bench.worker worker` runs."""

from app import create_app
from bench import facts

app = create_app()
__all__ = ["app", "facts"]
