/** The front end's own error answers, in the back end's shape, so that pages know only one. */
import { BackendUnavailable } from "./backend";

/** `{"detail": text for people, "code": for programs, "request_id": for the logs}`. */
export function problem(status: number, code: string, detail: string, id: string): Response {
  return Response.json(
    { detail, code, request_id: id },
    { status, headers: { "cache-control": "no-store", "x-request-id": id } },
  );
}

/** 405, naming what the address does take. */
export function methodNotAllowed(methods: readonly string[], id: string): Response {
  const refusal = problem(405, "method_not_allowed", "This address does not do that.", id);
  refusal.headers.set("allow", methods.join(", "));
  return refusal;
}

/** 502 or 504 for a back end that gave no answer. The cause is logged, never sent. */
export function unavailable(error: BackendUnavailable, id: string): Response {
  console.error(
    JSON.stringify({
      level: "error",
      time: new Date().toISOString(),
      request_id: id,
      message: error.message,
    }),
  );
  return error.reason === "timeout"
    ? problem(504, "backend_timeout", "The server took too long to answer. Try again.", id)
    : problem(502, "backend_unreachable", "The server cannot be reached. Try again shortly.", id);
}
