"""What the house keeps about itself."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """When a part of the house last showed that it lives.

    Beat writes its own row. It also sends a message every half minute, for which a worker writes the
    other, so two fresh rows prove that beat, the broker, a worker and the database work together.
    """

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"
