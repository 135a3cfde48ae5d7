/**
 * What each secret must be, wherever it is given: each returns what is wrong with a value as the end of "KEY must be …", or
 * undefined. No message repeats a value.
 */

const postgresUrl = /^postgres(ql)?(\+\w+)?:\/\/\S+$/;

/** Signs that end a part of an address stand in none of them but encoded: everybody reads them in another way. */
const unambiguous =
  /^\w+(\+\w+)?:\/\/(?:(?:[^/?#@%]|%[\da-f]{2})*@)?[^/?#@]+\/(?:[^/?#@%]|%[\da-f]{2})+(?:\?[^#]*)?$/i;

export function databaseUrlFault(value: string): string | undefined {
  if (!postgresUrl.test(value) || !/^[^:]+:\/\/[^/]+.*\/\S/.test(value)) {
    return "a PostgreSQL URL: postgresql://USER:PASSWORD@HOST:5432/DATABASE";
  }
  if (unambiguous.test(value)) return undefined;
  return (
    "a PostgreSQL URL in which user and password have each /, ?, #, @ and % encoded (%2F, %3F, %23, %40, %25); " +
    'node -p \'encodeURIComponent(require("fs").readFileSync(0, "utf8").trim())\' encodes what you type'
  );
}

export function signingKeyFault(value: string): string | undefined {
  // RFC 7518 section 3.2: a key for HS256 has 256 bits or more.
  return Buffer.byteLength(value) >= 32 ? undefined : "32 bytes or longer";
}

export function wordFault(value: string): string | undefined {
  return /^\S+$/.test(value) ? undefined : "one word without spaces";
}
