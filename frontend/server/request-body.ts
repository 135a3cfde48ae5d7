/** Reading a browser's request body within bounds. */
import { Readable } from "node:stream";

/** More than any request of ours needs (the longest is a chat message of some kilobytes). */
export const LARGEST_BODY = 1024 * 1024;

/** Up to here a body is held in memory, so that it can be sent again; beyond, it is streamed. */
const HELD = 64 * 1024;

export class BodyTooLarge extends Error {
  constructor() {
    super(`The request body is larger than ${LARGEST_BODY} bytes.`);
  }
}

/**
 * The body as bytes when it is small, as a stream when it is not, undefined when there is none.
 *
 * Throws `BodyTooLarge`, at once when the length is declared, else from the stream.
 */
export async function boundedBody(request: Request): Promise<Uint8Array | Readable | undefined> {
  if (request.body === null) return undefined;
  if (Number(request.headers.get("content-length") ?? 0) > LARGEST_BODY) throw new BodyTooLarge();

  const source = request.body.getReader();
  const held: Uint8Array[] = [];
  let size = 0;
  while (size <= HELD) {
    const { done, value } = await source.read();
    if (done) return size === 0 ? undefined : Buffer.concat(held);
    held.push(value);
    size += value.byteLength;
  }
  return Readable.from(rest(held, size, source), { objectMode: false });
}

async function* rest(
  held: readonly Uint8Array[],
  heldSize: number,
  source: ReadableStreamDefaultReader<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* held;
  let size = heldSize;
  for (;;) {
    const { done, value } = await source.read();
    if (done) return;
    size += value.byteLength;
    if (size > LARGEST_BODY) {
      await source.cancel();
      throw new BodyTooLarge();
    }
    yield value;
  }
}
