/** Requests as a browser on this site sends them. */
import { keepSession, type Session } from "@/server/session-cookie";

export const HOST = "192.168.49.2:30300";

/** `minutes` until the token ends, of the 30 that it lives. */
export function token(minutes = 30): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: "7", iat: now + (minutes - 30) * 60, exp: now + minutes * 60 };
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${encode({ alg: "HS256" })}.${encode(claims)}.c2lnbmF0dXJl`;
}

/** A session whose access token lives `minutes` more; without a refresh token unless one is given. */
export function session(minutes = 30, refreshToken?: string): Session {
  return { token: token(minutes), refreshToken };
}

/** The `Cookie` header of somebody who is signed in, by plain http. */
export function cookieOf(signedIn: Session): string {
  return cookiePair(keepSession(() => undefined, signedIn, new Date(Date.now() + 60_000))[0]);
}

export function cookiePair(setCookie: string | null | undefined): string {
  return setCookie?.split(";")[0] ?? "";
}

interface Options {
  method?: string;
  cookie?: string;
  origin?: string | null;
  body?: BodyInit;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export function browserRequest(path: string, options: Options = {}): Request {
  const { method = "GET", cookie, origin = `http://${HOST}`, body, signal } = options;
  const headers = new Headers({ host: HOST, ...options.headers });
  if (cookie !== undefined) headers.set("cookie", cookie);
  if (method !== "GET" && origin !== null) headers.set("origin", origin);
  return new Request(`http://${HOST}${path}`, {
    method,
    headers,
    body: body ?? null,
    signal: signal ?? null,
    duplex: "half",
  } as RequestInit);
}
