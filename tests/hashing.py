"""Passwords of tests withstand no guess: hashed as the program does it, two thirds of their time would go there."""

from argon2 import PasswordHasher

from registry.staff import passwords

AS_SHIPPED = passwords.PASSWORDS
"""The program's own; `test_staff` has it hash."""


def cheaply() -> None:
    """From now on this process hashes so; a program that a test starts does it as shipped."""
    passwords.PASSWORDS = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
