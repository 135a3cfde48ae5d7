/** The session as it is kept in the browser: one httpOnly cookie that scripts cannot read. */
import { publicUrl } from "./environment";

const NAME = "todo_session";

export interface Session {
  /** The back end's token: a JWT, sent to it as `Authorization: Bearer`. */
  token: string;
  userId: string;
  email: string;
}

/** When a token was issued and when it ends, in seconds since 1970. */
export interface TokenLife {
  issued: number;
  expires: number;
}

/** The session of a `Cookie` header; undefined when there is none, or it is garbled or over. */
export function readSessionCookie(header: string | null): Session | undefined {
  const pair = header?.split(/;\s*/).find((part) => part.startsWith(`${NAME}=`));
  if (pair === undefined) return undefined;
  const session = parseSession(pair.slice(NAME.length + 1));
  return session !== undefined && lifeOf(session.token).expires * 1000 > Date.now()
    ? session
    : undefined;
}

/** A `Set-Cookie` value that lives as long as the session's token. */
export function sessionCookie(session: Session): string {
  const seconds = Math.max(0, lifeOf(session.token).expires - Math.floor(Date.now() / 1000));
  const value = Buffer.from(JSON.stringify(session)).toString("base64url");
  return setCookie(value, seconds);
}

/** A `Set-Cookie` value that removes the session from the browser. */
export function noSessionCookie(): string {
  return setCookie("", 0);
}

/**
 * Reads a token's life without checking its signature: only the back end can do that, and does so
 * at every request. A token that says nothing counts as ended.
 */
export function lifeOf(token: string): TokenLife {
  const claims = parseJson(token.split(".")[1] ?? "");
  const expires = typeof claims?.exp === "number" ? claims.exp : 0;
  // 30 minutes is the back end's default life of a token.
  return { issued: typeof claims?.iat === "number" ? claims.iat : expires - 30 * 60, expires };
}

function setCookie(value: string, maxAge: number): string {
  // A Secure cookie would never stick on http://<minikube ip>:30300.
  const secure = publicUrl()?.protocol === "https:" ? "; Secure" : "";
  return `${NAME}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${secure}`;
}

function parseSession(value: string): Session | undefined {
  const { token, userId, email } = parseJson(value) ?? {};
  if (typeof token !== "string" || !/^[\w.-]+$/.test(token)) return undefined;
  if (typeof userId !== "string" || typeof email !== "string") return undefined;
  return { token, userId, email };
}

function parseJson(base64url: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64url, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
