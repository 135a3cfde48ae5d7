"""What the application does, without HTTP: every route dialect calls these same functions.

Who is given a session of the database's never commits: that is up to who opened it (for a route its
dependency, once it returns). Who is given the database itself makes transactions of their own.
"""
