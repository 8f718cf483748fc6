"""The routes below /admin: users and links, for a bearer whose role is service_role."""
