"""The one fact that the panel itself states."""

from __future__ import annotations

from app.events import event


@event("settings.changed", aggregate=("settings", "area"), severity="warning")
class SettingsChanged:
    """Somebody changed what the institution decides about itself. `fields` names what is different now."""

    area: str
    fields: list[str]
