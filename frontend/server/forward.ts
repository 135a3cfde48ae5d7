/** `/api/…`: the browser's requests, handed to the back end in the signed-in person's name. */
import { Readable } from "node:stream";
import { askBackend, BackendUnavailable } from "./backend";
import { forwardedMethods } from "./forwarded-paths";
import { problem, unavailable } from "./problem";
import { BodyTooLarge, boundedBody } from "./request-body";
import { requestId } from "./request-id";
import { isSameOrigin } from "./same-origin";
import { noSessionCookie, readSessionCookie } from "./session-cookie";

/**
 * The headers that pass. Lists of what may pass keep out the rest by themselves: cookies, lengths
 * and encodings that no longer fit, hop-by-hop headers, the back end's internal addresses.
 */
const REQUEST_HEADERS = ["accept", "accept-language", "content-type", "if-match", "if-none-match"];
const RESPONSE_HEADERS = [
  "cache-control",
  "content-disposition",
  "content-language",
  // Bytes are passed on as they come, so an encoding still describes them.
  "content-encoding",
  "content-type",
  "etag",
  "last-modified",
  "retry-after",
];

/** Answers a request for `/api/<rest>` with what the back end answers to `/api/<rest>`. */
export async function forward(request: Request): Promise<Response> {
  const id = requestId(request);
  const url = new URL(request.url);

  const methods = forwardedMethods(url.pathname);
  if (methods === undefined) return problem(404, "not_found", "There is no such address.", id);
  if (!methods.includes(request.method)) {
    const refusal = problem(405, "method_not_allowed", "This address does not do that.", id);
    refusal.headers.set("allow", methods.join(", "));
    return refusal;
  }
  if (!isSameOrigin(request)) {
    return problem(403, "cross_site", "Requests from other sites are refused.", id);
  }
  const session = readSessionCookie(request.headers.get("cookie"));
  if (session === undefined) return problem(401, "signed_out", "Please sign in.", id);

  try {
    const answer = await askBackend({
      method: request.method,
      path: url.pathname + url.search,
      headers: {
        ...pick(REQUEST_HEADERS, (name) => request.headers.get(name)),
        authorization: `Bearer ${session.token}`,
        "x-request-id": id,
      },
      body: await boundedBody(request),
      signal: request.signal,
    });
    const headers = new Headers(pick(RESPONSE_HEADERS, (name) => answer.headers[name]));
    headers.set("x-request-id", id);
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
    // The back end no longer knows this session: the browser forgets it too.
    if (answer.statusCode === 401) headers.set("set-cookie", noSessionCookie());
    return new Response(bodyOf(answer), { status: answer.statusCode, headers });
  } catch (error) {
    if (error instanceof BackendUnavailable) {
      return error.cause instanceof BodyTooLarge ? tooLarge(id) : unavailable(error, id);
    }
    if (error instanceof BodyTooLarge) return tooLarge(id);
    // The browser has gone; nobody reads this. 499 is nginx's number for it, for the logs.
    if (request.signal.aborted) return new Response(null, { status: 499 });
    throw error;
  }
}

function tooLarge(id: string): Response {
  return problem(413, "too_large", "That is more than one request may carry.", id);
}

function bodyOf(answer: Awaited<ReturnType<typeof askBackend>>): BodyInit | null {
  const bodyless = answer.statusCode === 204 || answer.statusCode === 304;
  if (bodyless) {
    // Read to its end all the same, or the connection is not given back to the pool.
    answer.body.resume();
    return null;
  }
  return Readable.toWeb(answer.body) as ReadableStream<Uint8Array>;
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
