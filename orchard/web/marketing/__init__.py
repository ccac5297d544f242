"""The desk of marketing: contacts, accounts, campaigns, segments, programs, imports."""
