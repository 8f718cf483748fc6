"""Test users: accounts, proved by real sessions."""
