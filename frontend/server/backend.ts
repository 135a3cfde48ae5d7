/** One request to the back end: connections, time limits and retries are decided here alone. */
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool, type Dispatcher } from "undici";

/**
 * kube-proxy balances connections, not requests. A pooled connection would stay on one pod for
 * ever: new pods of the autoscaler would get nothing, and a pod that is being stopped would still
 * be sent requests. So a connection serves at most 100 requests and takes no new one after 4 s,
 * which is less than the 5 s that a stopping pod goes on serving (its preStop hook) and less than
 * the 5 s after which uvicorn closes an idle connection.
 */
const LIMITS: Pool.Options = {
  connections: 512,
  // undici closes after this many and one more.
  maxRequestsPerClient: 99,
  keepAliveTimeout: 4_000,
  keepAliveMaxTimeout: 4_000,
  clientTtl: 4_000,
  connect: { timeout: 3_000 },
  // A chat turn may take 45 s before it answers as a whole; a stream sends something every 15 s.
  headersTimeout: 50_000,
  bodyTimeout: 40_000,
};

/**
 * One pool for each back end; there is one, unless the environment changes (in tests).
 * Not undici's Agent: with `maxRequestsPerClient`, 7.30 loses count of its pools once their
 * connections have closed and then opens a new connection for every request (measured).
 */
const pools = new Map<string, Pool>();

function poolOf(origin: string): Pool {
  const pool = pools.get(origin) ?? new Pool(origin, LIMITS);
  pools.set(origin, pool);
  return pool;
}

/** Pauses before the second and third attempt, in milliseconds. */
const RETRY_PAUSES = [100, 400];

const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

/** Nothing was sent when one of these happens: there was no connection to send it on. */
const NOT_CONNECTED = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** The connection broke, perhaps after the back end had read the request. */
const BROKEN = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "UND_ERR_SOCKET"]);

export interface BackendRequest {
  method: string;
  /** The whole address: `http://backend:8000/api/7/tasks?status=pending`. */
  url: string;
  headers: Record<string, string>;
  /** Bytes can be sent again after a broken connection; a stream cannot. */
  body?: Uint8Array | Readable | undefined;
  signal: AbortSignal;
  /** Whether the same request may be made twice although its method is not idempotent. */
  repeatable?: boolean;
}

/** The back end gave no answer. `reason` says whether it was away or too slow. */
export class BackendUnavailable extends Error {
  constructor(
    readonly reason: "unreachable" | "timeout",
    origin: string,
    cause: unknown,
  ) {
    super(`The back end at ${origin} is ${reason}: ${describe(cause)}`, { cause });
  }
}

/**
 * Sends a request and resolves as soon as the answer's headers are there.
 *
 * Tries again where nothing was sent yet, and, for idempotent methods, where the connection broke.
 * Throws `BackendUnavailable` when there is no answer, and the signal's reason when it was aborted.
 */
export async function fetchBackend(ask: BackendRequest): Promise<Dispatcher.ResponseData> {
  const { origin, pathname, search } = new URL(ask.url);
  for (let attempt = 0; ; attempt++) {
    try {
      return await poolOf(origin).request({
        path: pathname + search,
        method: ask.method,
        headers: ask.headers,
        body: ask.body ?? null,
        signal: ask.signal,
      });
    } catch (error) {
      ask.signal.throwIfAborted();
      const pause = RETRY_PAUSES[attempt];
      if (pause === undefined || !mayRetry(ask, codeOf(error))) {
        const slow = codeOf(error) === "UND_ERR_HEADERS_TIMEOUT";
        throw new BackendUnavailable(slow ? "timeout" : "unreachable", origin, error);
      }
      await sleep(pause, undefined, { signal: ask.signal });
    }
  }
}

function mayRetry(ask: BackendRequest, code: string): boolean {
  const replayable = ask.body === undefined || ask.body instanceof Uint8Array;
  if (!replayable) return false;
  const twice = ask.repeatable === true || IDEMPOTENT.has(ask.method);
  return NOT_CONNECTED.has(code) || (BROKEN.has(code) && twice);
}

/** The error's code; of an AggregateError (IPv4 and IPv6 both failed) the first one's. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}

function describe(error: unknown): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return code === "" || message.includes(code) ? message : `${code} ${message}`;
}
