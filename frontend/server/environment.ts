/**
 * What the front end takes from its process's environment. This is the only file that reads it.
 *
 * Everything is read at each call through a dynamic key: Next.js replaces `process.env.NAME` by
 * its value at build time, which would tie the image to one environment.
 */

/** Works in the cluster and in Compose alike, where the back end's Service is called `backend`. */
const DEFAULT_BACKEND_URL = "http://backend:8000";

function read(name: string): string | undefined {
  const value = process.env[name]?.trim();
  return value === "" ? undefined : value;
}

/**
 * Where the back end listens, without a slash at the end.
 *
 * `BACKEND_URL`, else `NEXT_PUBLIC_API_URL` (the older name, still accepted), else
 * `http://backend:8000`. Throws when the value is not an http(s) URL.
 */
export function backendUrl(): string {
  const name = read("BACKEND_URL") === undefined ? "NEXT_PUBLIC_API_URL" : "BACKEND_URL";
  const value = read(name) ?? DEFAULT_BACKEND_URL;
  return parseHttpUrl(name, value).href.replace(/\/+$/, "");
}

/**
 * Where MCP clients' requests go: `MCP_URL`, where that server is deployed by itself
 * (`http://mcp:8001/mcp`), else the back end's own `/mcp`. Throws as `backendUrl` does.
 */
export function mcpUrl(): string {
  const value = read("MCP_URL");
  return value === undefined
    ? `${backendUrl()}/mcp`
    : parseHttpUrl("MCP_URL", value).href.replace(/\/+$/, "");
}

/** The address that people use, e.g. `https://todo.example.org`; undefined when not configured. */
export function publicUrl(): URL | undefined {
  const value = read("PUBLIC_URL");
  return value === undefined ? undefined : parseHttpUrl("PUBLIC_URL", value);
}

function parseHttpUrl(name: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new Error(`${name} is "${value}", which is not an http:// or https:// address.`);
  }
  return url;
}
