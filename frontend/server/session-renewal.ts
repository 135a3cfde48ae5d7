/** Keeping a session going: new tokens from the back end when the access token is nearly over. */
import { BackendUnavailable, fetchBackend } from "./backend";
import { backendUrl } from "./environment";
import { claimsOf, secondsLeft, type Session } from "./session-cookie";

/** A session that the back end has just begun or renewed, and when it ends if nobody comes back. */
export interface NewSession {
  session: Session;
  ends: Date;
}

/**
 * What became of a session: good as it is, renewed (the browser must be given the new tokens), or
 * over for good, because it was ended elsewhere or nobody came back for weeks.
 */
export type Renewal = { session: Session; renewed?: NewSession } | "ended";

/**
 * Seconds of life that an access token needs for what it is used for now: a turn of the chat takes
 * up to 45, and clocks differ.
 */
export const NEEDED_LIFE = 120;

/** One renewal at a time for each session: a page that wakes up asks for several things at once. */
const underWay = new Map<string, Promise<Renewal>>();

/**
 * The session with an access token that lives for `needed` seconds more, if it can be had.
 *
 * While the back end is away, a token that still lives has to do. Throws `BackendUnavailable` when
 * there is none.
 */
export async function renewed(session: Session, id: string, needed: number): Promise<Renewal> {
  // Of a token that lives for less than that anyway, half of its life.
  const { issued, expires } = claimsOf(session.token) ?? { issued: 0, expires: 0 };
  if (secondsLeft(session) > Math.min(needed, (expires - issued) / 2)) return { session };
  const key = session.refreshToken ?? session.token;
  let renewal = underWay.get(key);
  if (renewal === undefined) {
    renewal = askForTokens(session, id).finally(() => underWay.delete(key));
    underWay.set(key, renewal);
  }
  try {
    return await renewal;
  } catch (error) {
    if (error instanceof BackendUnavailable && secondsLeft(session) > 0) return { session };
    throw error;
  }
}

async function askForTokens(session: Session, id: string): Promise<Renewal> {
  const { token, refreshToken } = session;
  const answer = await fetchBackend({
    method: "POST",
    url: `${backendUrl()}/auth/refresh`,
    headers:
      refreshToken === undefined
        ? { authorization: `Bearer ${token}`, "x-request-id": id }
        : { "content-type": "application/json", "x-request-id": id },
    body:
      refreshToken === undefined
        ? undefined
        : Buffer.from(JSON.stringify({ refresh_token: refreshToken })),
    // Whoever asked first may go away: the others wait for the same answer.
    signal: AbortSignal.timeout(15_000),
    // The back end gives the same next token to who asks twice within a minute.
    repeatable: true,
  });
  const body = await answer.body.text();
  if (answer.statusCode === 401) return "ended";
  const next = answer.statusCode === 200 ? parseTokens(body) : undefined;
  if (next !== undefined) return { session: next.session, renewed: next };
  if (secondsLeft(session) > 0) return { session };
  throw new BackendUnavailable("unreachable", backendUrl(), `refresh: ${answer.statusCode}`);
}

/** The back end's `{access_token, refresh_token?, session_expires_at?}`. */
export function parseTokens(body: string): NewSession | undefined {
  const { access_token, refresh_token, session_expires_at } = parseObject(body) ?? {};
  const claims = typeof access_token === "string" ? claimsOf(access_token) : undefined;
  if (typeof access_token !== "string" || claims === undefined) return undefined;
  const refreshToken = typeof refresh_token === "string" ? refresh_token : undefined;
  const session = { token: access_token, refreshToken };
  // Without a refresh token nothing outlives the access token.
  const ends =
    refreshToken === undefined || typeof session_expires_at !== "string"
      ? new Date(claims.expires * 1000)
      : new Date(session_expires_at);
  return Number.isNaN(ends.getTime()) ? undefined : { session, ends };
}

export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
