"""The desk of marketing: contacts, accounts, campaigns, imports."""
