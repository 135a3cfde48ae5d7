/** Asking this site's own server, from the page. */
import { timeZone } from "@/lib/dates";
import { explainFields } from "./invalid-fields";

/** An answer other than success, or none at all. The message is for people. */
export class ApiError extends Error {
  constructor(
    message: string,
    /** The HTTP status; 0 when there was no answer. */
    readonly status: number,
    /** The server's word for programs, e.g. `turn_in_progress`; empty when it gave none. */
    readonly code = "",
    /** Seconds after which to try again, if the server said so. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/** What went wrong, in words for people. */
export function messageOf(error: unknown): string {
  return error instanceof ApiError ? error.message : "Something went wrong. Try again.";
}

/** Whether the same request may well succeed later: what was refused for its content will not. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof ApiError)) return true;
  return error.status === 0 || [408, 425, 429].includes(error.status) || error.status >= 500;
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/**
 * Characters of a body that is sent on when its page is closed. Browsers refuse more than 64 KiB of such bodies in all, of
 * every request under way together (Fetch standard, "HTTP-network-or-cache fetch"): four bytes a character, four at a time.
 */
const mostOutlives = 4096;

/**
 * Sends JSON and returns the JSON of the answer (undefined when it has no body).
 *
 * Throws `ApiError`. The answer's shape is the caller's word: both ends are this product's own.
 */
export async function apiFetch<Answer>(
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const sent = body === undefined ? null : JSON.stringify(body);
  const response = await request(path, {
    method,
    headers: sent === null ? {} : { "content-type": "application/json" },
    body: sent,
    // A change outlives the page that made it: who closes the tab right after a click has still made it.
    keepalive: method !== "GET" && (sent?.length ?? 0) <= mostOutlives,
  });
  const text = await response.text();
  return (text === "" ? undefined : parse(text)) as Answer;
}

const signedOutListeners = new Set<() => void>();

/** `listener` is called whenever the server answers that nobody is signed in, until the returned function is. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/** `fetch`, but every answer other than success (or "not modified") is thrown as `ApiError`. */
export async function request(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    const headers = new Headers(init.headers);
    // What "today" and "at five" mean to this person.
    headers.set("x-time-zone", timeZone());
    response = await fetch(path, { ...init, headers });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new ApiError("There is no connection. Check your network and try again.", 0);
  }
  if (response.ok || response.status === 304) return response;
  if (response.status === 401) for (const listener of signedOutListeners) listener();
  const answer = parse(await response.text()) as { detail?: unknown; code?: unknown } | undefined;
  const wait = Number(response.headers.get("retry-after") ?? NaN);
  throw new ApiError(
    explanation(answer?.detail, response.status),
    response.status,
    typeof answer?.code === "string" ? answer.code : "",
    Number.isNaN(wait) ? undefined : wait,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The server's own words: `detail` is a text, or a list of what is wrong with each field. */
function explanation(detail: unknown, status: number): string {
  if (typeof detail === "string") return detail;
  if (Array.isArray(detail) && detail.length > 0) return explainFields(detail);
  return `Something went wrong on the server (${status}). Try again.`;
}
