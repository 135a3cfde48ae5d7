/**
 * The session as it is kept in the browser: one httpOnly cookie that scripts cannot read.
 *
 * It holds the back end's tokens and nothing else. What is read out of them here (whose they are,
 * when they end) decides what is shown and when to renew; whether they are genuine only the back
 * end can tell, and does so at every request.
 */
import { isHttps, type ReadHeader } from "./https";

const NAME = "todo_session";

/**
 * Over https: the prefix makes browsers refuse one that another host of the domain, or plain http,
 * has set. Over plain http, as on a cluster's NodePort, no such cookie would ever stick.
 */
const SECURE_NAME = `__Host-${NAME}`;

export interface Session {
  /** A JWT for minutes, sent to the back end as `Authorization: Bearer`. */
  token: string;
  /** Gives the next tokens, for weeks; undefined in cookies of versions that knew none. */
  refreshToken: string | undefined;
}

/** What an access token says of itself; times are in seconds since 1970. */
export interface TokenClaims {
  userId: string;
  issued: number;
  expires: number;
}

/** The session of a request; undefined when there is none, or it is garbled, or surely over. */
export function readSession(header: ReadHeader): Session | undefined {
  const pairs = header("cookie")?.split(/;\s*/) ?? [];
  for (const name of [SECURE_NAME, NAME]) {
    const pair = pairs.find((each) => each.startsWith(`${name}=`));
    const session = pair === undefined ? undefined : parseSession(pair.slice(name.length + 1));
    if (session !== undefined) return session;
  }
  return undefined;
}

/** The `Set-Cookie` values that keep a session in the browser, until `ends`. */
export function keepSession(header: ReadHeader, session: Session, ends: Date): string[] {
  const seconds = Math.max(0, Math.floor((ends.getTime() - Date.now()) / 1000));
  const { token, refreshToken: refresh } = session;
  const value = Buffer.from(JSON.stringify({ token, refresh })).toString("base64url");
  return isHttps(header)
    ? [cookie(SECURE_NAME, value, seconds, true), cookie(NAME, "", 0, false)]
    : [cookie(NAME, value, seconds, false)];
}

/** The `Set-Cookie` values that remove the session from the browser. */
export function dropSession(header: ReadHeader): string[] {
  const plain = cookie(NAME, "", 0, false);
  return isHttps(header) ? [cookie(SECURE_NAME, "", 0, true), plain] : [plain];
}

/** Adds `Set-Cookie` values to an answer. */
export function withCookies(answer: Response, cookies: string[]): Response {
  for (const cookie of cookies) answer.headers.append("set-cookie", cookie);
  return answer;
}

/** What a token says, its signature unchecked; undefined when it is no token of ours. */
export function claimsOf(token: string): TokenClaims | undefined {
  const claims = parseJson(token.split(".")[1] ?? "");
  const { sub, exp, iat } = claims ?? {};
  if (typeof sub !== "string" || sub === "" || typeof exp !== "number") return undefined;
  // 30 minutes is the back end's default life of a token.
  return { userId: sub, expires: exp, issued: typeof iat === "number" ? iat : exp - 30 * 60 };
}

/** Seconds that an access token still lives; negative when it is over. */
export function secondsLeft(session: Session): number {
  return (claimsOf(session.token)?.expires ?? 0) - Date.now() / 1000;
}

function cookie(name: string, value: string, maxAge: number, secure: boolean): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${secure ? "; Secure" : ""}`;
}

function parseSession(value: string): Session | undefined {
  const { token, refresh } = parseJson(value) ?? {};
  if (typeof token !== "string" || !/^[\w.-]+$/.test(token)) return undefined;
  if (claimsOf(token) === undefined) return undefined;
  const refreshToken = typeof refresh === "string" && refresh !== "" ? refresh : undefined;
  const session = { token, refreshToken };
  return refreshToken !== undefined || secondsLeft(session) > 0 ? session : undefined;
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
