/** Hands a request to another server and its answer back, both as streams. */
import { Readable } from "node:stream";
import { fetchBackend, BackendUnavailable } from "./backend";
import { compressed } from "./compression";
import { problem, unavailable } from "./problem";
import { BodyTooLarge, boundedBody } from "./request-body";

/**
 * The headers that pass. Lists of what may pass keep out the rest by themselves: cookies, lengths
 * and encodings that no longer fit, hop-by-hop headers, the back end's internal addresses.
 */
export interface HeaderAllowList {
  request: readonly string[];
  response: readonly string[];
}

export interface Relay {
  /** The whole address that is asked. */
  url: string;
  passing: HeaderAllowList;
  /** Headers besides those that pass. */
  headers: Record<string, string>;
  /** The request's id, for the logs of both servers. */
  id: string;
}

/**
 * Sends `request` on and resolves to the answer as soon as its headers are there. The body is
 * passed on as it comes; when the browser goes away, the other server's work is given up too.
 */
export async function relay(request: Request, to: Relay): Promise<Response> {
  try {
    const answer = await fetchBackend({
      method: request.method,
      url: to.url,
      headers: {
        ...pick(to.passing.request, (name) => request.headers.get(name)),
        ...to.headers,
        "x-request-id": to.id,
      },
      body: await boundedBody(request),
      signal: request.signal,
    });
    const headers = new Headers(pick(to.passing.response, (name) => answer.headers[name]));
    headers.set("x-request-id", to.id);
    if (headers.get("content-type")?.startsWith("text/event-stream") === true) {
      // Next.js would compress it otherwise, and a compressed stream is held back; so would nginx.
      headers.set("cache-control", "no-cache, no-transform");
      headers.set("x-accel-buffering", "no");
    }
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
    const body = bodyOf(answer, headers, request.headers.get("accept-encoding"));
    return new Response(body, { status: answer.statusCode, headers });
  } catch (error) {
    if (error instanceof BackendUnavailable) {
      return error.cause instanceof BodyTooLarge ? tooLarge(to.id) : unavailable(error, to.id);
    }
    if (error instanceof BodyTooLarge) return tooLarge(to.id);
    // The browser has gone; nobody reads this. 499 is nginx's number for it, for the logs.
    if (request.signal.aborted) return new Response(null, { status: 499 });
    throw error;
  }
}

function tooLarge(id: string): Response {
  return problem(413, "too_large", "That is more than one request may carry.", id);
}

/** The answer's body, packed where that helps; `headers` then say so. */
function bodyOf(
  answer: Awaited<ReturnType<typeof fetchBackend>>,
  headers: Headers,
  acceptedEncoding: string | null,
): BodyInit | null {
  const bodyless = answer.statusCode === 204 || answer.statusCode === 304;
  if (bodyless) {
    // Read to its end all the same, or the connection is not given back to the pool.
    answer.body.resume();
    return null;
  }
  const length = answer.headers["content-length"];
  const size = typeof length === "string" ? Number(length) : undefined;
  const body = compressed(answer.body, headers, acceptedEncoding, size);
  return Readable.toWeb(body) as ReadableStream<Uint8Array>;
}

function pick(
  names: readonly string[],
  read: (name: string) => string | string[] | null | undefined,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = read(name);
    if (typeof value === "string") found[name] = value;
  }
  return found;
}
