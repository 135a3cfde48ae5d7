/** What goes over the wire between the assistant's panel and the back end. Times are ISO 8601. */
import { apiFetch } from "@/features/api/api-fetch";
import type { components } from "@/features/api/schema";

type Schemas = components["schemas"];

export type ToolCall = Pick<Schemas["ToolCall"], "id" | "name" | "arguments" | "result" | "error">;

/** Something the assistant may do only after a person's yes. */
export type Confirmation = Schemas["ConfirmationRead"];

export type Message = Omit<Schemas["MessageRead"], "tool_calls"> & { tool_calls: ToolCall[] };

export type ConversationSummary = Schemas["ConversationSummary"];

export type Conversation = Omit<Schemas["ConversationRead"], "messages"> & { messages: Message[] };

/** Which assistant answers: a model, or fixed rules where no model is configured. */
export type AssistantKind = Schemas["ChatHealth"]["assistant"];

/** Why there is no answer, in words for people and for programs. */
export type ChatProblem = Pick<Schemas["ChatProblem"], "code" | "detail">;

type ChatRequest = Schemas["ChatRequest"];

/** One turn: something said, or the answer to a question of the assistant's. What is null is left out. */
export type Turn = { [Part in keyof ChatRequest]: NonNullable<ChatRequest[Part]> } & {
  /** Made here, so that sending it again never does anything twice. */
  turn_id: string;
};

/** The whole answer to a turn. */
export type Answer = Pick<
  Schemas["ChatReply"],
  "conversation_id" | "confirmation" | "assistant"
> & { message: Message };

/** The longest message, in characters, and the longest title of a conversation. */
export const LONGEST_MESSAGE = 4000;
export const LONGEST_CONVERSATION_TITLE = 200;

/** How many conversations are asked for at once. */
export const CONVERSATIONS_PAGE = 50;

/** A page of them, after `offset`: the one that was spoken in last comes first. */
export function fetchConversations(offset: number): Promise<ConversationSummary[]> {
  return apiFetch("GET", `/api/conversations?limit=${CONVERSATIONS_PAGE}&offset=${offset}`);
}

/** How many of a conversation's messages are asked for at once. */
export const MESSAGES_PAGE = 50;

/** A conversation with the last that was said in it, or the last before the message `before`. */
export function fetchConversation(id: number, before?: number): Promise<Conversation> {
  const earlier = before === undefined ? "" : `&before=${before}`;
  return apiFetch("GET", `/api/conversations/${id}?limit=${MESSAGES_PAGE}${earlier}`);
}

export function renameConversation(id: number, title: string): Promise<ConversationSummary> {
  return apiFetch("PATCH", `/api/conversations/${id}/title`, { title });
}

export function deleteConversation(id: number): Promise<void> {
  return apiFetch("DELETE", `/api/conversations/${id}`);
}

export function fetchHealth(): Promise<Schemas["ChatHealth"]> {
  return apiFetch("GET", "/api/chat/health");
}
