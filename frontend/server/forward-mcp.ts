/**
 * `/mcp`: other programs' assistants, handed to the MCP server with the token they bring.
 *
 * Nothing here looks at cookies, on purpose: a browser's session must not open this door, so no
 * page of another site can walk through it.
 */
import { mcpUrl } from "./environment";
import { methodNotAllowed } from "./problem";
import { relay, type HeaderAllowList } from "./relay";
import { requestId } from "./request-id";

/** POST asks, GET listens, DELETE ends a session (MCP's streamable HTTP transport). */
const METHODS = ["POST", "GET", "DELETE"];

const PASSING: HeaderAllowList = {
  request: [
    "accept",
    "authorization",
    "content-type",
    "last-event-id",
    "mcp-method",
    "mcp-name",
    "mcp-protocol-version",
    "mcp-session-id",
  ],
  response: [
    "allow",
    "cache-control",
    "content-encoding",
    "content-type",
    "mcp-protocol-version",
    "mcp-session-id",
    "retry-after",
    "www-authenticate",
  ],
};

export async function forwardMcp(request: Request): Promise<Response> {
  const id = requestId(request);
  if (!METHODS.includes(request.method)) return methodNotAllowed(METHODS, id);
  return relay(request, {
    url: mcpUrl() + new URL(request.url).search,
    passing: PASSING,
    headers: {},
    id,
  });
}
