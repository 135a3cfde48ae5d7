/**
 * What the browser may ask of the back end through this origin. Anything else is answered 404
 * here, so that a new route of the back end becomes public only when it is listed.
 *
 * Ids are matched by a narrow alphabet: no escapes, no dots, nothing that could climb out of the
 * path when it is put together again.
 */
const ID = "[A-Za-z0-9_-]{1,128}";

const FORWARDED: ReadonlyArray<readonly [path: RegExp, methods: readonly string[]]> = [
  [new RegExp(`^/api/${ID}/tasks$`), ["GET", "POST"]],
  [new RegExp(`^/api/${ID}/tasks/${ID}$`), ["GET", "PUT", "DELETE"]],
  [new RegExp(`^/api/${ID}/tasks/${ID}/complete$`), ["PATCH"]],
];

/** The methods that a path takes; undefined when the path is not forwarded at all. */
export function forwardedMethods(path: string): readonly string[] | undefined {
  return FORWARDED.find(([pattern]) => pattern.test(path))?.[1];
}
