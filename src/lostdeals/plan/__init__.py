"""Say what to do next for each customer, by whom and when."""

from lostdeals.plan.calendar import next_working_day
from lostdeals.plan.playbook import Planned, plan

__all__ = ["Planned", "next_working_day", "plan"]
