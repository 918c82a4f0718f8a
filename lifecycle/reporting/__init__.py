"""Pictures and pages about one account: its life on a time axis, a report in one file, its deadlines as a calendar.

Each is made in pure steps: agreement and instant -> frozen data -> text. Nothing here reads a clock or a network.
"""
