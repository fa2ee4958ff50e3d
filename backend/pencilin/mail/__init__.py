"""Mail: what it says (messages), where it waits (outbox), how it leaves (smtp)."""
