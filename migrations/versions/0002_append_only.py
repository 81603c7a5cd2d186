"""The event store refuses changes, and the audit log has its beginning"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE_TRIGGER = """
CREATE TRIGGER event_store_no_{verb} BEFORE {verb} ON event_store
BEGIN SELECT RAISE(ABORT, 'event_store is append-only'); END
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION event_store_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'event_store is append-only'; END $$
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER event_store_no_change BEFORE UPDATE OR DELETE ON event_store
FOR EACH ROW EXECUTE FUNCTION event_store_refuse()
"""


def upgrade() -> None:
    op.execute("INSERT INTO audit_head (id, seq, hash, seal) VALUES (1, 0, '" + "0" * 64 + "', '')")
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(SQLITE_TRIGGER.format(verb=verb))
    else:
        op.execute(POSTGRES_FUNCTION)
        op.execute(POSTGRES_TRIGGER)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"DROP TRIGGER event_store_no_{verb}")
    else:
        op.execute("DROP TRIGGER event_store_no_change ON event_store")
        op.execute("DROP FUNCTION event_store_refuse()")
    op.execute("DELETE FROM audit_head")
