"""The groups under which ``lifecycle --help`` lists its commands."""

from __future__ import annotations

from cyclopts import Group

ASK = Group("Ask", sort_key=1)
RECORD = Group("Record", sort_key=2)
SHOW = Group("Show", sort_key=3)
MANY = Group("Many accounts", sort_key=4)
TERMS = Group("Terms", sort_key=5)
SESSION = Group("Session", sort_key=6)
