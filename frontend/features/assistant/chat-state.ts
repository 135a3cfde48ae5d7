/** What the panel shows, and how each thing that happens changes it. No React, no network. */
import type { ChatEvent } from "./chat-stream";
import { MESSAGES_PAGE } from "./api";
import type { AssistantKind, Confirmation, Conversation, Message, ToolCall, Turn } from "./api";

/** The turn that is under way, or that has failed and can be sent again. */
export interface LiveTurn {
  turn: Turn;
  text: string;
  tools: ToolCall[];
  /** Set when it has failed; until then it is under way. */
  problem?: { detail: string; retryable: boolean };
}

export interface ChatState {
  /** Known before its messages are: what is said in the meantime belongs to it. */
  conversation: number | undefined;
  /** Set until the conversation's messages are there; with a text when they could not be read. */
  opening: { problem?: string } | undefined;
  messages: Message[];
  /** Whether more was said before these messages, or may have been. */
  hasEarlier: boolean;
  live: LiveTurn | undefined;
  confirmation: Confirmation | null;
  assistant: AssistantKind | undefined;
}

export function newChat(conversation?: number): ChatState {
  return {
    conversation,
    opening: conversation === undefined ? undefined : {},
    messages: [],
    hasEarlier: false,
    live: undefined,
    confirmation: null,
    assistant: undefined,
  };
}

export type ChatAction =
  | { type: "opening" }
  | { type: "opened"; conversation: Conversation }
  | { type: "unopened"; problem: string }
  | { type: "earlier"; conversation: Conversation }
  | { type: "new" }
  | { type: "assistant"; assistant: AssistantKind }
  | { type: "sent"; turn: Turn }
  | { type: "stopped" }
  | { type: "failed"; detail: string; retryable: boolean }
  | ChatEvent;

export function chatReducer(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case "opening":
      return { ...state, opening: {} };
    case "unopened":
      return { ...state, opening: { problem: action.problem } };
    case "opened": {
      const { id, messages, pending_confirmation: confirmation } = action.conversation;
      if (id !== state.conversation) {
        const { assistant } = state;
        const opened = { opening: undefined, messages, hasEarlier: isWholePage(messages) };
        return { ...newChat(id), ...opened, assistant, confirmation };
      }
      // What was said here while it was being read may or may not be in it.
      const here = new Set([...state.messages, state.live?.turn].map((each) => each?.turn_id));
      const before = messages.filter(({ turn_id }) => turn_id === null || !here.has(turn_id));
      const isNews = state.messages.length === 0 && state.live === undefined;
      return {
        ...state,
        opening: undefined,
        messages: [...before, ...state.messages],
        hasEarlier: isWholePage(messages),
        confirmation: isNews ? confirmation : state.confirmation,
      };
    }
    case "earlier": {
      const { id, messages } = action.conversation;
      if (id !== state.conversation) return state;
      const known = new Set(state.messages.map((message) => message.id));
      const earlier = messages.filter((message) => !known.has(message.id));
      return {
        ...state,
        messages: [...earlier, ...state.messages],
        hasEarlier: isWholePage(messages),
      };
    }
    case "new":
      return { ...newChat(), assistant: state.assistant };
    case "assistant":
      return { ...state, assistant: action.assistant };
    case "sent": {
      // A turn that failed before stays in the history; the same one again begins anew.
      const again = state.live?.turn.turn_id === action.turn.turn_id;
      const live = { turn: action.turn, text: "", tools: [] };
      return { ...(again ? state : endedTurn(state, "failed")), live, confirmation: null };
    }
    case "stopped":
      return endedTurn(state, "stopped");
    case "failed":
    case "error":
      return withLive(state, () => ({
        problem: { detail: action.detail, retryable: action.retryable },
      }));
    case "conversation":
      return withLive(
        { ...state, conversation: action.conversation_id, assistant: action.assistant },
        ({ turn }) => ({ turn: { ...turn, conversation_id: action.conversation_id } }),
      );
    case "delta":
      return withLive(state, ({ text }) => ({ text: text + action.text }));
    case "tool_start": {
      const { id, name, arguments: args } = action;
      return withLive(state, ({ tools }) => ({ tools: [...tools, { id, name, arguments: args }] }));
    }
    case "tool_end":
      return withLive(state, ({ tools }) => ({
        tools: tools.map((tool) =>
          tool.id === action.id
            ? { ...tool, result: action.result ?? null, error: action.error ?? null }
            : tool,
        ),
      }));
    case "confirm": {
      const { id, tool, arguments: args, prompt, expires_at } = action;
      return { ...state, confirmation: { id, tool, arguments: args, prompt, expires_at } };
    }
    case "done":
      return {
        ...state,
        conversation: action.conversation_id,
        assistant: action.assistant,
        messages: [...state.messages, ...messagesOf(state.live), action.message],
        confirmation: action.confirmation,
        live: undefined,
      };
  }
}

function isWholePage(messages: readonly Message[]): boolean {
  return messages.length >= MESSAGES_PAGE;
}

function withLive(state: ChatState, change: (live: LiveTurn) => Partial<LiveTurn>): ChatState {
  const { live } = state;
  return live === undefined ? state : { ...state, live: { ...live, ...change(live) } };
}

/** The live turn as part of the history, with what was said so far. */
function endedTurn(state: ChatState, status: "stopped" | "failed"): ChatState {
  const { live } = state;
  if (live === undefined) return state;
  const answer = local("assistant", live.text, status, live.turn, live.tools);
  const messages = [...state.messages, ...messagesOf(live), answer];
  return { ...state, messages, live: undefined };
}

/** What the person said in a turn, as a message; nothing where they pressed a button. */
function messagesOf(live: LiveTurn | undefined): Message[] {
  if (live?.turn.message === undefined) return [];
  return [local("user", live.turn.message, "done", live.turn)];
}

let lastLocalId = 0;

/** A message that the page knows of before it has been read from the server. */
function local(
  role: Message["role"],
  content: string,
  status: Message["status"],
  { turn_id }: Turn,
  tool_calls: ToolCall[] = [],
): Message {
  return {
    id: --lastLocalId,
    role,
    content,
    tool_calls,
    turn_id,
    status,
    created_at: new Date().toISOString(),
  };
}
