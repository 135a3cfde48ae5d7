/** The assistant's panel: events from a real server, and what a person sees of them. */
import { afterEach, expect, test, vi } from "vitest";
import { chatReducer, newChat, type ChatState } from "@/features/assistant/chat-state";
import { streamTurn, type ChatEvent } from "@/features/assistant/chat-stream";
import type { Conversation, Message } from "@/features/assistant/api";
import { backendStandIn, json, type Received } from "./stand-in";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

const TURN = { turn_id: "11111111-1111-4111-8111-111111111111", message: "Add milk" };

/** The last request that was made. */
let asked: Received | undefined;

async function events(write: string[], status = 200): Promise<ChatEvent[]> {
  const server = await backendStandIn((request, response) => {
    asked = request;
    if (status !== 200) {
      response.setHeader("retry-after", "3");
      json(response, status, { detail: "Still at it.", code: "turn_in_progress" });
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const part of write) response.write(part);
    response.end();
  });
  const realFetch = fetch;
  vi.stubGlobal("fetch", (path: string, init: RequestInit) =>
    realFetch(`http://127.0.0.1:${server.port}${path}`, init),
  );
  const found: ChatEvent[] = [];
  for await (const event of streamTurn("7", TURN, new AbortController().signal)) found.push(event);
  return found;
}

test("events are read whole, however they are cut, and comments are passed over", async () => {
  const found = await events([
    ": waiting\n\nevent: del",
    'ta\ndata: {"text":"Hel',
    'lo"}\n\n: still\n\n',
    'event: done\ndata: {"conversation_id":1}\n\n',
  ]);
  expect(found).toEqual([
    { type: "delta", text: "Hello" },
    { type: "done", conversation_id: 1 },
  ]);
});

test("a turn says in which time zone it was said", async () => {
  vi.stubEnv("TZ", "Pacific/Auckland");
  await events(['event: done\ndata: {"conversation_id":1}\n\n']);
  expect(asked?.headers["x-time-zone"]).toBe("Pacific/Auckland");
});

test("a stream that breaks off before its end is a failure", async () => {
  await expect(events(['event: delta\ndata: {"text":"Hel"}\n\n'])).rejects.toThrow(
    "The connection was lost",
  );
});

test("a refusal has the server's words, its code, and when to come back", async () => {
  await expect(events([], 409)).rejects.toMatchObject({
    message: "Still at it.",
    code: "turn_in_progress",
    retryAfter: 3,
  });
});

const answer: Message = {
  id: 5,
  role: "assistant",
  content: "Added milk.",
  tool_calls: [],
  turn_id: TURN.turn_id,
  status: "done",
  created_at: "2026-11-23T10:00:00Z",
};

function after(...actions: Parameters<typeof chatReducer>[1][]): ChatState {
  return actions.reduce(chatReducer, newChat());
}

function said({ messages, live }: ChatState): string[] {
  return [...messages.map(({ content }) => content), live?.text ?? ""].filter(Boolean);
}

const sent = { type: "sent", turn: TURN } as const;
const begun = {
  type: "conversation",
  conversation_id: 3,
  title: "",
  assistant: "offline",
} as const;
const done = {
  type: "done",
  conversation_id: 3,
  message: answer,
  confirmation: null,
  assistant: "offline",
} as const;

test("an answer grows, and is then a message beside the person's own", () => {
  const growing = after(
    sent,
    begun,
    { type: "delta", text: "Added " },
    { type: "delta", text: "m" },
  );
  expect(growing.live?.text).toBe("Added m");
  expect(said(chatReducer(growing, done))).toEqual(["Add milk", "Added milk."]);
});

test("a tool is under way until its answer comes", () => {
  const start = { type: "tool_start", id: "c1", name: "add_task", arguments: {} } as const;
  const running = after(sent, start);
  expect(running.live?.tools[0]?.result).toBeUndefined();
  const end = { type: "tool_end", id: "c1", name: "add_task", result: { title: "Milk" } } as const;
  expect(chatReducer(running, end).live?.tools[0]).toMatchObject({ result: { title: "Milk" } });
});

test("what was said before a stop stays", () => {
  const state = after(sent, begun, { type: "delta", text: "Add" }, { type: "stopped" });
  expect(said(state)).toEqual(["Add milk", "Add"]);
  expect(state.messages.at(-1)?.status).toBe("stopped");
});

test("a failed turn is sent again as itself, in its conversation, from its beginning", () => {
  const failed = after(
    sent,
    begun,
    { type: "delta", text: "Add" },
    {
      type: "failed",
      detail: "Lost.",
      retryable: true,
    },
  );
  expect(failed.live?.turn).toEqual({ ...TURN, conversation_id: 3 });
  const turn = failed.live?.turn ?? TURN;
  const again = chatReducer(failed, { type: "sent", turn });
  expect(said(again)).toEqual([]);
  expect(said(chatReducer(again, done))).toEqual(["Add milk", "Added milk."]);
});

test("a history that arrives late neither hides nor doubles what was said meanwhile", () => {
  const earlier: Message = { ...answer, id: 1, content: "Earlier", turn_id: null };
  const conversation: Conversation = {
    id: 3,
    title: "",
    created_at: "",
    updated_at: "",
    messages: [earlier, { ...answer, id: 4, role: "user", content: "Add milk" }],
    pending_confirmation: null,
  };
  const waiting = [sent, done].reduce<ChatState>(chatReducer, newChat(3));
  const state = chatReducer(waiting, { type: "opened", conversation });
  expect(said(state)).toEqual(["Earlier", "Add milk", "Added milk."]);
});

test("what was said earlier comes before what is there, once, and not into another conversation", () => {
  const page = (first: number): Conversation => ({
    id: 3,
    title: "",
    created_at: "",
    updated_at: "",
    messages: Array.from({ length: 50 }, (_, index) => ({
      ...answer,
      id: first + index,
      turn_id: null,
    })),
    pending_confirmation: null,
  });
  const opened = chatReducer(newChat(3), { type: "opened", conversation: page(51) });
  expect(opened.hasEarlier).toBe(true);
  const whole = chatReducer(opened, { type: "earlier", conversation: page(1) });
  const twice = chatReducer(whole, { type: "earlier", conversation: page(1) });
  expect(twice.messages.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  const none = chatReducer(twice, { type: "earlier", conversation: { ...page(1), messages: [] } });
  expect(none.hasEarlier).toBe(false);
  const elsewhere = chatReducer(newChat(4), { type: "earlier", conversation: page(1) });
  expect(elsewhere.messages).toEqual([]);
});
