/** What goes over the wire between the assistant's panel and the back end. Times are ISO 8601. */
import { apiFetch } from "@/features/api/api-fetch";

export interface ToolCall {
  id: string;
  name: string;
  arguments: Record<string, unknown>;
  result?: unknown;
  error?: string | null;
}

/** Something the assistant may do only after a person's yes. */
export interface Confirmation {
  id: string;
  tool: string;
  arguments: Record<string, unknown>;
  /** The question, in words for people. */
  prompt: string;
  expires_at: string;
}

export interface Message {
  id: number;
  role: "user" | "assistant";
  content: string;
  tool_calls: ToolCall[];
  /** The turn that it belongs to, where that is known. */
  turn_id: string | null;
  status: "done" | "stopped" | "failed";
  created_at: string;
}

export interface ConversationSummary {
  id: number;
  title: string;
  updated_at: string;
}

export interface Conversation extends ConversationSummary {
  messages: Message[];
  pending_confirmation: Confirmation | null;
}

/** Which assistant answers: a model, or fixed rules where no model is configured. */
export type AssistantKind = "offline" | "openai";

/** One turn: something said, or the answer to a question of the assistant's. */
export interface Turn {
  /** Made here, so that sending it again never does anything twice. */
  turn_id: string;
  conversation_id?: number;
  message?: string;
  confirm?: { id: string; approve: boolean };
}

/** The whole answer to a turn. */
export interface Answer {
  conversation_id: number;
  message: Message;
  confirmation: Confirmation | null;
  assistant: AssistantKind;
}

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

export function fetchHealth(): Promise<{ assistant: AssistantKind; model: string | null }> {
  return apiFetch("GET", "/api/chat/health");
}
