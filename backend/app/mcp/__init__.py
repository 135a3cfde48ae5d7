"""The tools over the Model Context Protocol, for the assistant and for other programs.

`tools` says what there is and does it; `calls` makes a call once, whatever is retried; `server`
speaks the protocol; `endpoint` is its address in this application; `connection` is the assistant's
way to it.
"""
