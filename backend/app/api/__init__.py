"""The HTTP routes: each reads a request, calls one service and shapes the answer."""
