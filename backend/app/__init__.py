"""The Todo application's back end: accounts and tasks over HTTP, kept in PostgreSQL."""
