/** `/api/…`: the browser's requests, handed to the back end in the signed-in person's name. */
import { BackendUnavailable } from "./backend";
import { backendUrl } from "./environment";
import { endsSession, forwardedMethods } from "./forwarded-paths";
import { methodNotAllowed, problem, unavailable } from "./problem";
import { relay, type HeaderAllowList } from "./relay";
import { requestId } from "./request-id";
import { isSameOrigin } from "./same-origin";
import { dropSession, keepSession, readSession, withCookies, type Session } from "./session-cookie";
import { NEEDED_LIFE, renewed, type Renewal } from "./session-renewal";

const PASSING: HeaderAllowList = {
  request: [
    "accept",
    "accept-language",
    "content-type",
    "if-match",
    "if-none-match",
    "x-time-zone",
  ],
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
  const header = (name: string) => request.headers.get(name);
  const session = readSession(header);
  if (session === undefined) return problem(401, "signed_out", "Please sign in.", id);
  const renewal = await renewedOrProblem(session, id);
  if (renewal instanceof Response) return renewal;
  if (renewal === "ended") {
    const answer = problem(401, "session_ended", "Your session has ended. Sign in again.", id);
    return withCookies(answer, dropSession(header));
  }

  const answer = await relay(request, {
    url: backendUrl() + url.pathname + url.search,
    passing: PASSING,
    headers: { authorization: `Bearer ${renewal.session.token}` },
    id,
  });
  // Where the back end no longer knows the session, the browser forgets it too.
  const over = answer.status === 401 || (answer.ok && endsSession(request.method, url.pathname));
  if (over) return withCookies(answer, dropSession(header));
  const { renewed: next } = renewal;
  return next === undefined
    ? answer
    : withCookies(answer, keepSession(header, next.session, next.ends));
}

async function renewedOrProblem(session: Session, id: string): Promise<Renewal | Response> {
  try {
    return await renewed(session, id, NEEDED_LIFE);
  } catch (error) {
    if (error instanceof BackendUnavailable) return unavailable(error, id);
    throw error;
  }
}
