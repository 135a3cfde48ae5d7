/** `/session`: signing in or up, asking who is signed in, signing out. */
import { BackendUnavailable, fetchBackend } from "./backend";
import { backendUrl } from "./environment";
import { keepDevice, readDevice } from "./device-cookie";
import type { ReadHeader } from "./https";
import { problem, unavailable } from "./problem";
import { BodyTooLarge, boundedBody } from "./request-body";
import { requestId } from "./request-id";
import { isSameOrigin } from "./same-origin";
import {
  claimsOf,
  dropSession,
  keepSession,
  readSession,
  withCookies,
  type Session,
} from "./session-cookie";
import { parseObject, parseTokens, renewed, type NewSession } from "./session-renewal";

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
    const header = headersOf(request);
    const device = readDevice(header);
    const answer = await fetchBackend({
      method: "POST",
      url: backendUrl() + PATHS[mode],
      headers: {
        "content-type": "application/json",
        "x-request-id": id,
        // For the list of sign-ins: people know their browsers.
        "user-agent": request.headers.get("user-agent") ?? "",
      },
      body: Buffer.from(
        JSON.stringify({
          email,
          password,
          ...(mode === "sign-in" && device !== undefined ? { device_token: device } : {}),
        }),
      ),
      signal: request.signal,
    });
    const body = await answer.body.text();
    if (answer.statusCode >= 300) return refused(answer.statusCode, answer.headers, body, id);
    const made = parseTokens(body);
    if (made === undefined) return misunderstood(id);
    return withCookies(
      given(header, made, id, { email: email.trim().toLowerCase() }),
      keepDevice(header, parseObject(body)?.device_token),
    );
  });
}

/**
 * GET → `{user_id, expires}` (`expires`, in ISO 8601, is when the tokens have to be renewed), or 401.
 *
 * An access token that has used up half of its life is renewed, so that a session goes on for as
 * long as somebody comes back within weeks.
 */
export async function showSession(request: Request): Promise<Response> {
  const id = requestId(request);
  const header = headersOf(request);
  const session = readSession(header);
  if (session === undefined) return problem(401, "signed_out", "Nobody is signed in.", id);
  const { issued, expires } = claimsOf(session.token) ?? { issued: 0, expires: 0 };
  return answering(id, async () => {
    const renewal = await renewed(session, id, (expires - issued) / 2);
    if (renewal === "ended") return ended(header, id);
    return renewal.renewed === undefined
      ? describe(renewal.session, id)
      : given(header, renewal.renewed, id);
  });
}

/** DELETE → 204. The cookie goes in any case; the back end revokes the session if it is there. */
export async function closeSession(request: Request): Promise<Response> {
  const id = requestId(request);
  if (!isSameOrigin(request)) return crossSite(id);
  const header = headersOf(request);
  const session = readSession(header);
  if (session !== undefined) {
    try {
      const answer = await revoke(session, id, request.signal);
      await answer.body.dump();
    } catch (error) {
      if (!(error instanceof BackendUnavailable)) throw error;
      unavailable(error, id);
    }
  }
  const answer = new Response(null, { status: 204, headers: { "x-request-id": id } });
  return withCookies(answer, dropSession(header));
}

/** The access token may be over; the back end then goes by the refresh token. */
function revoke({ token, refreshToken }: Session, id: string, signal: AbortSignal) {
  const headers = { authorization: `Bearer ${token}`, "x-request-id": id };
  const url = `${backendUrl()}/auth/logout`;
  return refreshToken === undefined
    ? fetchBackend({ method: "POST", url, headers, signal })
    : fetchBackend({
        method: "POST",
        url,
        headers: { ...headers, "content-type": "application/json" },
        body: Buffer.from(JSON.stringify({ refresh_token: refreshToken })),
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

function describe(session: Session, id: string, more: object = {}): Response {
  const { userId, expires } = claimsOf(session.token) ?? { userId: "", expires: 0 };
  return Response.json(
    { user_id: userId, expires: new Date(expires * 1000).toISOString(), ...more },
    { headers: { "cache-control": "no-store", "x-request-id": id } },
  );
}

/** The cookie is sent with new tokens only: an answer on its way must not undo a sign-out. */
function given(header: ReadHeader, made: NewSession, id: string, more: object = {}): Response {
  return withCookies(
    describe(made.session, id, more),
    keepSession(header, made.session, made.ends),
  );
}

function ended(header: ReadHeader, id: string): Response {
  const answer = problem(401, "session_ended", "Your session has ended. Sign in again.", id);
  return withCookies(answer, dropSession(header));
}

function headersOf(request: Request): ReadHeader {
  return (name) => request.headers.get(name);
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
