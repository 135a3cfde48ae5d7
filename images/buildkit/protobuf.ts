/** One field of a protobuf message; `bytes` for strings, bytes and nested messages. */
export interface Field {
  number: number;
  bytes?: Buffer;
  value?: number;
}

/**
 * The fields of a protobuf message: enough to read BuildKit's few progress messages, which is all
 * that a protobuf library would be used for.
 */
export function fields(message: Buffer): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++];
      if (byte === undefined) throw new Error("truncated protobuf message");
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    const type = key % 8;
    if (type === 0) found.push({ number, value: varint() });
    else if (type === 2) {
      const length = varint();
      found.push({ number, bytes: message.subarray(at, at + length) });
      at += length;
    } else at += type === 1 ? 8 : 4; // fixed64, fixed32
  }
  return found;
}

export function stringField(number: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) length.push((rest % 0x80) + 0x80);
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length, rest]), bytes]);
}
