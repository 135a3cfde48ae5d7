/** How an application is reached, as its sources say it plainly. */
export interface ServerFacts {
  /** The port that it listens on: a number in the sources, or the one that it takes without PORT. */
  port?: number;
  /** Has an HTTP server of its own. */
  isHttp: boolean;
  /** Answers the Model Context Protocol. */
  isMcp: boolean;
  /** Path of the Model Context Protocol, where it is said. */
  mcpPath?: string;
  /** Serves gRPC, with or without its standard health service. */
  grpc: "none" | "plain" | "health";
  /** Answers only under certain host names; those that are written as they are. */
  checksHost: boolean;
  hosts: string[];
  /** How it takes CORS_ORIGINS apart. */
  corsFormat?: "json" | "comma";
}

/** Arguments of a call, with calls among them, up to the one that is looked for. */
const ARGUMENTS = String.raw`\((?:[^()]|\([^()]*\))*?`;
const PORTS = [
  /process\.env(?:\.PORT|\[["']PORT["']\])\s*(?:\?\?|\|\|)\s*["']?(\d{2,5})\b/,
  /(?:getenv|environ\.get)\(\s*["']PORT["']\s*,\s*["']?(\d{2,5})\b/,
  new RegExp(
    String.raw`\b(?:run|run_app|serve|FastMCP|Config)${ARGUMENTS}\bport\s*=\s*(\d{2,5})\b`,
  ),
  /\.listen\(\s*(?:\{[^}]*?\bport:\s*)?(\d{2,5})\b/,
  /(?:HTTPServer|TCPServer)\(\s*\(\s*["'][^"']*["']\s*,\s*(\d{2,5})\b/,
  /add_(?:in)?secure_port\(\s*f?["'][^"']*:(\d{2,5})["']/,
  /\.bindAsync\(\s*["'`][^"'`]*:(\d{2,5})["'`]/,
];
const HTTP =
  /\bcreateServer\(|\.listen\(|HTTPServer\(|uvicorn\.run\(|\bBun\.serve\(|\bDeno\.serve\(|web\.run_app\(/;
const MCP =
  /\bFastMCP\(|\bnew McpServer\(|^\s*(?:from|import) (?:fastmcp|mcp\.server)\b|@modelcontextprotocol\/sdk\/server|["']tools\/list["']/m;
const MCP_PATHS = [
  /\bstreamable_http_path\s*=\s*["'](\/[^"']*)["']/,
  new RegExp(String.raw`\.run${ARGUMENTS}\bpath\s*=\s*["'](\/[^"']*)["']`),
];
/** Of a server that is not FastMCP's, which has its routes beside the protocol's. */
const MCP_ROUTES: readonly [server: RegExp, route: RegExp][] = [
  [/@modelcontextprotocol\/sdk/, /\.(?:post|all)\(\s*["'](\/[^"']*)["']/],
  [/["']tools\/list["']/, /\b(?:path|url|pathname)\s*===?\s*["'](\/[^"']*)["']/],
];

/** @param texts the source files' texts */
export function readServers(texts: readonly string[]): ServerFacts {
  const facts: ServerFacts = {
    isHttp: false,
    isMcp: false,
    grpc: "none",
    checksHost: false,
    hosts: [],
  };
  for (const text of texts) {
    const port = first(PORTS, text);
    if (port !== undefined) facts.port ??= Number(port);
    facts.isHttp ||= HTTP.test(text);
    if (MCP.test(text)) {
      facts.isMcp = true;
      const path = mcpPath(text);
      if (path !== undefined) facts.mcpPath ??= path;
    }
    if (/\bgrpc\.(?:aio\.)?server\(|\bnew grpc\.Server\(/.test(text) && facts.grpc === "none")
      facts.grpc = "plain";
    if (/add_HealthServicer_to_server\(|grpc-health-check/.test(text)) facts.grpc = "health";
    facts.checksHost ||= /\bTrustedHostMiddleware\b[,(]|allowed_hosts\s*=|ALLOWED_HOSTS\s*=/.test(
      text,
    );
    for (const [, list = ""] of text.matchAll(/allowed_hosts\s*=\s*[[(]([^\])]*)[\])]/gi)) {
      for (const [, host = ""] of list.matchAll(/["']([^"']+)["']/g)) facts.hosts.push(host);
    }
    const format = corsFormat(text);
    if (format !== undefined) facts.corsFormat ??= format;
  }
  return facts;
}

function first(patterns: readonly RegExp[], text: string): string | undefined {
  for (const pattern of patterns) {
    const [, found] = pattern.exec(text) ?? [];
    if (found !== undefined) return found;
  }
  return undefined;
}

function mcpPath(text: string): string | undefined {
  const routes = MCP_ROUTES.filter(([server]) => server.test(text)).map(([, route]) => route);
  return (
    first([...MCP_PATHS, ...routes], text) ??
    (/transport\s*=\s*["']sse["']/.test(text) ? "/sse" : undefined)
  );
}

function corsFormat(text: string): "json" | "comma" | undefined {
  if (/(?:json\.loads|JSON\.parse)\([^\n]*\bCORS_ORIGINS\b/.test(text)) return "json";
  if (/\bCORS_ORIGINS\b[^\n]*\.split\(\s*["'],/i.test(text)) return "comma";
  // A list among pydantic's settings is JSON.
  const isField = /^\s+cors_origins\s*:\s*(?:list|set|tuple|Sequence)\[/im.test(text);
  return isField && /BaseSettings/.test(text) && !/\.split\(/.test(text) ? "json" : undefined;
}
