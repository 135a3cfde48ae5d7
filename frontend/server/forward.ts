/** `/api/…`: the browser's requests, handed to the back end in the signed-in person's name. */
import { backendUrl } from "./environment";
import { endsSession, forwardedMethods } from "./forwarded-paths";
import { methodNotAllowed, problem } from "./problem";
import { relay, type HeaderAllowList } from "./relay";
import { requestId } from "./request-id";
import { isSameOrigin } from "./same-origin";
import { noSessionCookie, readSessionCookie } from "./session-cookie";

const PASSING: HeaderAllowList = {
  request: ["accept", "accept-language", "content-type", "if-match", "if-none-match"],
  response: [
    "cache-control",
    "content-disposition",
    "content-language",
    // Bytes are passed on as they come, so an encoding still describes them.
    "content-encoding",
    "content-type",
    "etag",
    "last-modified",
    "retry-after",
    "x-total-count",
  ],
};

/** Answers a request for `/api/<rest>` with what the back end answers to `/api/<rest>`. */
export async function forward(request: Request): Promise<Response> {
  const id = requestId(request);
  const url = new URL(request.url);

  const methods = forwardedMethods(url.pathname);
  if (methods === undefined) return problem(404, "not_found", "There is no such address.", id);
  if (!methods.includes(request.method)) return methodNotAllowed(methods, id);
  if (!isSameOrigin(request)) {
    return problem(403, "cross_site", "Requests from other sites are refused.", id);
  }
  const session = readSessionCookie(request.headers.get("cookie"));
  if (session === undefined) return problem(401, "signed_out", "Please sign in.", id);

  const answer = await relay(request, {
    url: backendUrl() + url.pathname + url.search,
    passing: PASSING,
    headers: { authorization: `Bearer ${session.token}` },
    id,
  });
  // Where the back end no longer knows the session, the browser forgets it too.
  const over = answer.status === 401 || (answer.ok && endsSession(url.pathname));
  if (over) answer.headers.set("set-cookie", noSessionCookie());
  return answer;
}
