/** Answers packed on their way to the browser: a list of tasks is a tenth of its size then. */
import { pipeline, type Readable } from "node:stream";
import { constants, createBrotliCompress, createGzip } from "node:zlib";

/** Bytes below which an answer fits one packet of the network as it is. */
const SMALLEST = 1024;

/** Text that comes as a whole. A stream of events would be held back by packing it. */
const PACKABLE = /^(application\/json|text\/(?!event-stream))/;

/**
 * `body` packed as the browser likes it best, with `headers` saying so; as it is where that cannot
 * help. `accepted` is the request's `Accept-Encoding`, `size` the body's length if it is known.
 */
export function compressed(
  body: Readable,
  headers: Headers,
  accepted: string | null,
  size: number | undefined,
): Readable {
  if (!PACKABLE.test(headers.get("content-type") ?? "")) return body;
  if (headers.has("content-encoding") || (size ?? SMALLEST) < SMALLEST) return body;
  if (headers.get("cache-control")?.includes("no-transform") === true) return body;
  headers.append("vary", "accept-encoding");
  const encoding = bestEncoding(accepted ?? "");
  if (encoding === undefined) return body;

  headers.set("content-encoding", encoding);
  weaken(headers);
  const packer =
    encoding === "br"
      ? // The library's own 11 takes half a second for a long list, and saves a tenth more.
        createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
      : createGzip();
  // Either end ends the other; what went wrong reaches whoever reads.
  return pipeline(body, packer, () => undefined);
}

function bestEncoding(accepted: string): "br" | "gzip" | undefined {
  const takes = (name: string) =>
    accepted
      .split(",")
      .map((each) => each.trim().toLowerCase())
      .some((each) => each.split(";")[0] === name && !/;\s*q=0(\.0*)?$/.test(each));
  return takes("br") ? "br" : takes("gzip") ? "gzip" : undefined;
}

/** These are no longer the very bytes that a strong tag stands for (RFC 9110, 8.8.1). */
function weaken(headers: Headers): void {
  const tag = headers.get("etag");
  if (tag?.startsWith('"') === true) headers.set("etag", `W/${tag}`);
}
