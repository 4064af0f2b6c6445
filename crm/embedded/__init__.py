"""The embedded PostgreSQL: a real server in the state folder, for when DATABASE_URL names none.

Start reading at `server.Server`. `layout` says where everything lies, `binaries` finds the server
program, `cluster` makes and mends the data folder, `processes` knows who is alive. Nothing here
imports Django, so that the server can be up before the settings are used.
"""
