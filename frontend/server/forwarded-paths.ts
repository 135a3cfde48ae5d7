/**
 * What the browser may ask of the back end through this origin. Anything else is answered 404
 * here, so that a new route of the back end becomes public only when it is listed.
 *
 * Ids are matched by a narrow alphabet: no escapes, no dots, nothing that could climb out of the
 * path when it is put together again.
 */
const ID = "[A-Za-z0-9_-]{1,128}";

const FORWARDED: ReadonlyArray<readonly [path: RegExp, methods: readonly string[]]> = [
  at(`/api/${ID}/tasks`, "GET", "POST"),
  at(`/api/${ID}/tasks/${ID}`, "GET", "PUT", "DELETE"),
  at(`/api/${ID}/tasks/${ID}/complete`, "PATCH"),
  at(`/api/${ID}/tasks/${ID}/restore`, "POST"),
  at("/api/account", "GET", "PATCH"),
  at("/api/account/export", "GET"),
  at("/api/account/password", "POST"),
  at("/api/account/delete", "POST"),
  at("/api/account/sign-ins", "GET", "DELETE"),
  at(`/api/account/sign-ins/${ID}`, "DELETE"),
  at("/api/account/tokens", "GET", "POST"),
  at(`/api/account/tokens/${ID}`, "DELETE"),
  at("/api/conversations", "GET"),
  at(`/api/conversations/${ID}`, "GET", "DELETE"),
  at(`/api/conversations/${ID}/title`, "PATCH"),
  at("/api/chat", "POST"),
  at(`/api/${ID}/chat`, "POST"),
  at("/api/chat/health", "GET"),
];

function at(path: string, ...methods: string[]): [RegExp, string[]] {
  return [new RegExp(`^${path}$`), methods];
}

/** The methods that a path takes; undefined when the path is not forwarded at all. */
export function forwardedMethods(path: string): readonly string[] | undefined {
  return FORWARDED.find(([pattern]) => pattern.test(path))?.[1];
}

/** Whether the session is over once the back end has done this: its account is gone, or all its sign-ins. */
export function endsSession(method: string, path: string): boolean {
  return (
    path === "/api/account/delete" || (path === "/api/account/sign-ins" && method === "DELETE")
  );
}
