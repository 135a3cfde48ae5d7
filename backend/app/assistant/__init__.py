"""The assistant: one turn of a conversation, answered by one of two assistants over the MCP tools.

`turn` runs a turn, whoever answers it; `tool_executor` is what an assistant may do (say something,
use a tool, ask before it acts); `offline` and `openai` are the assistants.
"""
