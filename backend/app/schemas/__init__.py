"""What goes over the wire: the shapes that the OpenAPI document describes."""
