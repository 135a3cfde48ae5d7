"""What the application does, without HTTP: every route dialect calls these same functions."""
