"""The assistant: one turn of a conversation, answered by one of two brains over the MCP tools.

`turn` runs a turn, whoever answers it; `hands` is what a brain may do (say something, use a tool,
ask before deleting); `offline` and `openai` are the brains.
"""
