"""What Alembic runs for `registry.storage.database.migrate`; nothing else calls it."""

from alembic import context

# One transaction for all that is missing: a failure leaves the database as it was.
context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
