"""Who may come in: accounts, passwords, sessions, invitations, and the demo's one click."""
