"""The roles that say who a row is about."""

from __future__ import annotations

REACHED = ("phone", "email", "wechat")
"""By which somebody is reached."""
NAMED = ("id", "name", "company")
"""By which somebody is called."""
WHO = (*NAMED, *REACHED)
"""Roles that tell customers apart."""
DEALS = "deal"
"""A deal has a name of its own."""
WHO_OR_WHAT = (*WHO, DEALS)
"""Roles of which a customer's own row has one."""
CALLED = frozenset((*NAMED, DEALS))
"""Roles under which a row for example says so: 示例：王晓雯."""
