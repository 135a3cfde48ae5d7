"""What happens to every request, written against ASGI itself so that streams stay streams."""
