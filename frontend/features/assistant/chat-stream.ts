/** A turn as it happens: the events that the back end sends while the assistant works. */
import { ApiError, request } from "@/features/api/api-fetch";
import type { Answer, AssistantKind, ChatProblem, Confirmation, ToolCall, Turn } from "./api";

export type ChatEvent =
  | { type: "conversation"; conversation_id: number; title: string; assistant: AssistantKind }
  | { type: "delta"; text: string }
  | ({ type: "tool_start" } & Pick<ToolCall, "id" | "name" | "arguments">)
  | ({ type: "tool_end" } & Pick<ToolCall, "id" | "name" | "result" | "error">)
  | ({ type: "confirm" } & Confirmation)
  | ({ type: "done" } & Answer)
  | ({ type: "error"; retryable: boolean; retry_after?: number } & ChatProblem);

/**
 * Sends a turn and yields its events; the last one is `done` or `error`.
 *
 * Throws `ApiError` when there was no stream, or it broke off. Aborting `signal` stops the turn
 * at the back end, and ends this with the signal's reason.
 */
export async function* streamTurn(
  userId: string,
  turn: Turn,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent> {
  const response = await request(`/api/${encodeURIComponent(userId)}/chat`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify(turn),
    signal,
  });
  // A turn that had ended before may be answered as a whole.
  if (response.headers.get("content-type")?.startsWith("application/json") === true) {
    yield { ...((await response.json()) as Answer), type: "done" };
    return;
  }
  let ended = false;
  try {
    for await (const event of readEvents(response)) {
      if (ended) continue;
      yield event;
      // Read to its end all the same: a body that is left lying counts as one that was broken off.
      ended = event.type === "done" || event.type === "error";
    }
  } catch (error) {
    if (signal.aborted && !ended) throw error;
  }
  if (ended) return;
  throw new ApiError("The connection was lost before the answer was complete.", 0);
}

/** Server-sent events, as far as this contract uses them: `event:` and `data:` lines. */
async function* readEvents(response: Response): AsyncGenerator<ChatEvent> {
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let unread = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (unread + value).replace(/\r\n?/g, "\n").split("\n\n");
      unread = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parseEvent(block);
        if (event !== undefined) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Comments, which only keep the connection open, give nothing. */
function parseEvent(block: string): ChatEvent | undefined {
  let type = "";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [, field, value = ""] = /^(event|data): ?(.*)$/.exec(line) ?? [];
    if (field === "event") type = value;
    if (field === "data") data.push(value);
  }
  if (type === "" || data.length === 0) return undefined;
  return { ...(JSON.parse(data.join("\n")) as object), type } as ChatEvent;
}
