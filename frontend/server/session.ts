/** `/session`: signing in or up, asking who is signed in, signing out. */
import { fetchBackend, BackendUnavailable } from "./backend";
import { backendUrl } from "./environment";
import { problem, unavailable } from "./problem";
import { BodyTooLarge, boundedBody } from "./request-body";
import { requestId } from "./request-id";
import { isSameOrigin } from "./same-origin";
import {
  lifeOf,
  noSessionCookie,
  readSessionCookie,
  sessionCookie,
  type Session,
} from "./session-cookie";

const PATHS = { "sign-in": "/auth/login", "sign-up": "/auth/register" } as const;

interface Credentials {
  mode: keyof typeof PATHS;
  email: string;
  password: string;
}

/** POST `{mode: "sign-in" | "sign-up", email, password}` → `{user_id, email, expires}` + cookie. */
export async function openSession(request: Request): Promise<Response> {
  const id = requestId(request);
  if (!isSameOrigin(request)) return crossSite(id);
  return answering(id, async () => {
    const credentials = parseCredentials(await boundedBody(request));
    if (credentials === undefined) {
      return problem(422, "invalid", "Send mode, email and password, all of them text.", id);
    }
    const { mode, email, password } = credentials;
    const answer = await fetchBackend({
      method: "POST",
      url: backendUrl() + PATHS[mode],
      headers: { "content-type": "application/json", "x-request-id": id },
      body: Buffer.from(JSON.stringify({ email, password })),
      signal: request.signal,
    });
    const body = await answer.body.text();
    if (answer.statusCode >= 300) return refused(answer.statusCode, answer.headers, body, id);
    const session = parseToken(body, email.trim().toLowerCase());
    return session === undefined ? misunderstood(id) : opened(session, id);
  });
}

/**
 * GET → `{user_id, email, expires}` (`expires` in ISO 8601), or 401.
 *
 * A token that has used up half of its life is exchanged for a new one, so that a session goes on
 * for as long as somebody is there. The back end ends it after seven days.
 */
export async function showSession(request: Request): Promise<Response> {
  const id = requestId(request);
  const session = readSessionCookie(request.headers.get("cookie"));
  if (session === undefined) return ended(id);
  const { issued, expires } = lifeOf(session.token);
  if (Date.now() / 1000 < (issued + expires) / 2) return describe(session, id);

  try {
    const answer = await withToken(session, "/auth/refresh", id, request.signal);
    const body = await answer.body.text();
    if (answer.statusCode === 401) return ended(id);
    const renewed = answer.statusCode === 200 ? parseToken(body, session.email) : undefined;
    return renewed === undefined ? describe(session, id) : opened(renewed, id);
  } catch (error) {
    // What is left of the token still counts; the next question tries again.
    if (error instanceof BackendUnavailable) return describe(session, id);
    throw error;
  }
}

/** DELETE → 204. The cookie goes in any case; the back end revokes the session if it is there. */
export async function closeSession(request: Request): Promise<Response> {
  const id = requestId(request);
  if (!isSameOrigin(request)) return crossSite(id);
  const session = readSessionCookie(request.headers.get("cookie"));
  if (session !== undefined) {
    try {
      const answer = await withToken(session, "/auth/logout", id, request.signal);
      await answer.body.dump();
    } catch (error) {
      if (!(error instanceof BackendUnavailable)) throw error;
      unavailable(error, id);
    }
  }
  return new Response(null, {
    status: 204,
    headers: { "set-cookie": noSessionCookie(), "x-request-id": id },
  });
}

function withToken(session: Session, path: string, id: string, signal: AbortSignal) {
  return fetchBackend({
    method: "POST",
    url: backendUrl() + path,
    headers: { authorization: `Bearer ${session.token}`, "x-request-id": id },
    signal,
  });
}

async function answering(id: string, answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof BackendUnavailable) return unavailable(error, id);
    if (error instanceof BodyTooLarge) return problem(413, "too_large", error.message, id);
    throw error;
  }
}

function describe(session: Session, id: string): Response {
  return Response.json(
    {
      user_id: session.userId,
      email: session.email,
      expires: new Date(lifeOf(session.token).expires * 1000).toISOString(),
    },
    { headers: { "cache-control": "no-store", "x-request-id": id } },
  );
}

/** The cookie is sent with a new token only: an answer on its way must not undo a sign-out. */
function opened(session: Session, id: string): Response {
  const answer = describe(session, id);
  answer.headers.set("set-cookie", sessionCookie(session));
  return answer;
}

function ended(id: string): Response {
  const answer = problem(401, "signed_out", "Nobody is signed in.", id);
  answer.headers.set("set-cookie", noSessionCookie());
  return answer;
}

function crossSite(id: string): Response {
  return problem(403, "cross_site", "Requests from other sites are refused.", id);
}

function misunderstood(id: string): Response {
  return problem(502, "backend_answer", "The server gave an answer that makes no sense.", id);
}

/** Passes on why the back end refused (wrong password, e-mail taken, too many tries). */
function refused(
  status: number,
  headers: Record<string, string | string[] | undefined>,
  body: string,
  id: string,
): Response {
  const parsed = parseObject(body);
  if (parsed === undefined) return misunderstood(id);
  const retryAfter = headers["retry-after"];
  return Response.json(parsed, {
    status,
    headers: {
      "cache-control": "no-store",
      "x-request-id": id,
      ...(typeof retryAfter === "string" ? { "retry-after": retryAfter } : {}),
    },
  });
}

function parseCredentials(body: Awaited<ReturnType<typeof boundedBody>>): Credentials | undefined {
  // A body too long to be held is not a pair of credentials.
  const value = body instanceof Uint8Array ? parseObject(Buffer.from(body).toString()) : undefined;
  const { mode, email, password } = value ?? {};
  if (mode !== "sign-in" && mode !== "sign-up") return undefined;
  if (typeof email !== "string" || typeof password !== "string") return undefined;
  return { mode, email, password };
}

/** The back end's `{access_token, user_id}`; user ids may be numbers there. */
function parseToken(body: string, email: string): Session | undefined {
  const { access_token: token, user_id: user } = parseObject(body) ?? {};
  if (typeof token !== "string" || lifeOf(token).expires === 0) return undefined;
  if (typeof user !== "string" && typeof user !== "number") return undefined;
  return { token, userId: String(user), email };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
