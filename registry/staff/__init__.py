"""Who works with the register: users, their sessions, keys of programs, visits. None of it is in the log (semantics 7).

Everything that people do is done by a `Who`: an actor as the log names it, and the roles they have on the day.
"""
