import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";

type Handler = (request: Request) => Promise<Response>;

const WITHOUT_BODY = new Set(["GET", "HEAD"]);

/**
 * Answers Node's request by a handler of web requests, as route handlers in `app/` are answered;
 * but there Next.js drops `Content-Encoding`, so that nothing can come packed.
 *
 * The request's signal is aborted when the browser leaves before the end.
 */
export async function serve(
  handler: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const left = new AbortController();
  outgoing.on("close", () => {
    left.abort();
  });
  const answer = await handler(requestOf(incoming, left.signal));

  outgoing.statusCode = answer.status;
  for (const [name, value] of answer.headers) {
    // Several cookies are several headers, and the only ones that may not be joined.
    if (name !== "set-cookie") outgoing.setHeader(name, value);
  }
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader("set-cookie", cookies);
  if (answer.body === null) {
    outgoing.end();
    return;
  }
  outgoing.flushHeaders();
  try {
    await pipeline(Readable.fromWeb(answer.body as NodeReadableStream), outgoing);
  } catch {
    // One of the two sides has gone, and the other is closed by now: nobody is left to be told.
  }
}

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = "GET", headers, url = "/" } = incoming;
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) sent.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return new Request(new URL(url, `http://${headers.host ?? "localhost"}`), {
    method,
    headers: sent,
    body: WITHOUT_BODY.has(method) ? null : Readable.toWeb(incoming),
    duplex: "half",
    signal,
  } as RequestInit);
}
