"""The demo school: data files and the seeder that plays them through the actions."""
