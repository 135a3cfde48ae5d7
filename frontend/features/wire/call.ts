/** Asking this site's own server, from the page. */

/** An answer other than success, or none at all. The message is for people. */
export class CallFailed extends Error {
  constructor(
    message: string,
    /** The HTTP status; 0 when there was no answer. */
    readonly status: number,
  ) {
    super(message);
  }
}

/**
 * Sends JSON and returns the JSON of the answer (undefined when it has no body).
 *
 * Throws `CallFailed`. The answer's shape is the caller's word: both ends are this product's own.
 */
export async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch {
    throw new CallFailed("There is no connection. Check your network and try again.", 0);
  }
  const text = await response.text();
  const answer = parse(text);
  if (!response.ok) throw new CallFailed(explanation(answer, response.status), response.status);
  return answer as Answer;
}

function parse(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The server's own words: `detail` is a text, or a list of what is wrong with each field. */
function explanation(answer: unknown, status: number): string {
  const detail = (answer as { detail?: unknown } | null | undefined)?.detail;
  if (typeof detail === "string") return detail;
  if (Array.isArray(detail)) {
    const problems = (detail as { msg?: unknown }[]).map((problem) => problem.msg);
    const words = problems.filter((message) => typeof message === "string");
    if (words.length > 0) return `${words.join(". ")}.`;
  }
  return `Something went wrong on the server (${status}). Try again.`;
}
