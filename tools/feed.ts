import type { Readable, Writable } from "node:stream";

/**
 * Writes a stream into several programs at once, as fast as the slowest of them reads.
 * @returns bytes written to each
 */
export async function feed(source: Readable, sinks: Writable[]): Promise<number> {
  let bytes = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    for (const sink of sinks) {
      if (!sink.writable) throw new Error("a program that was being written to has ended");
      if (!sink.write(chunk)) await drained(sink);
    }
  }
  for (const sink of sinks) sink.end();
  return bytes;
}

function drained(sink: Writable): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      sink.off("drain", settle).off("close", settle);
      resolve();
    };
    sink.on("drain", settle).on("close", settle);
  });
}
