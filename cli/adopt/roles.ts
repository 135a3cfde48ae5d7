import * as path from "node:path";
import { type Application, nameOf, ROLES, type Survey } from "./survey";

export type Role = keyof typeof ROLES;

export function isRole(name: string): name is Role {
  return name in ROLES;
}

export interface Roles {
  found: Partial<Record<Role, Application>>;
  /** What was there too, and is not part of the stack. */
  others: Application[];
}

const FRONTENDS = [
  ...["next", "react", "preact", "vue", "nuxt", "@sveltejs/kit", "svelte", "solid-js", "astro"],
  ...["vite", "@angular/core", "@remix-run/node", "streamlit", "gradio", "nicegui", "dash"],
];
const BACKENDS = [
  ...["fastapi", "flask", "django", "starlette", "litestar", "sanic", "tornado", "quart", "grpcio"],
  ...["express", "@nestjs/core", "hono", "fastify", "koa", "@hapi/hapi", "@grpc/grpc-js"],
];
const MCP = ["mcp", "fastmcp", "@modelcontextprotocol/sdk"];
/** Of languages whose sources are not read. */
const SERVERS =
  /^(go\.mod|pom\.xml|build\.gradle(\.kts)?|Cargo\.toml|Gemfile|composer\.json|mix\.exs)$|\.csproj$/;
const PAGE = /^((public|src|static)\/)?index\.html$/;
/** Images of what an application uses. */
const SERVICES =
  /(^|\/)(postgres|pgvector|postgis|redis|valkey|mysql|mariadb|mongo|rabbitmq|minio)\b/;

/**
 * Says which application takes which place; of several for one place, the likeliest.
 * @param named folders that somebody named for a place: these go before every guess
 */
export function assignRoles(
  { applications }: Pick<Survey, "applications">,
  named: ReadonlyMap<Role, string> = new Map(),
): Roles {
  const found: Roles["found"] = {};
  const ranked = applications.toSorted((a, b) => rankOf(b) - rankOf(a));
  const taken = new Set<Application>();
  const take = (role: Role, application: Application | undefined): void => {
    if (application === undefined || found[role] !== undefined) return;
    found[role] = application;
    taken.add(application);
  };
  for (const role of named.keys()) {
    const there = ranked.filter((each) => !taken.has(each) && placeOf(each, named).includes(role));
    take(role, there.find((each) => roleOf(each) === role) ?? there[0]);
  }
  const free = (): Application[] =>
    ranked.filter((each) => !taken.has(each) && placeOf(each, named).length === 0);
  for (const each of free()) {
    const role = roleOf(each);
    if (role !== undefined) take(role, each);
  }
  const vague = free().filter((each) => roleOf(each) === undefined);
  for (const each of vague) {
    const role = likelyRole(each);
    if (role !== undefined) take(role, each);
  }
  // Of two, one of which has its place, the other has what is left.
  const [left, ...others] = vague.filter((each) => !taken.has(each));
  if (left !== undefined && others.length === 0 && taken.size === 1 && !isService(left)) {
    if (found.frontend !== undefined) take("backend", left);
    else if (found.backend !== undefined) take("frontend", left);
  }
  return { found, others: applications.filter((application) => !taken.has(application)) };
}

/** The roles of the innermost folder that was named and has the application in it. */
function placeOf({ context, dockerfile }: Application, named: ReadonlyMap<Role, string>): Role[] {
  const around = [...named].filter(([, folder]) =>
    [context, path.dirname(dockerfile)].some((each) => isWithin(each, folder)),
  );
  const innermost = Math.max(...around.map(([, folder]) => folder.length));
  return around.filter(([, folder]) => folder.length === innermost).map(([role]) => role);
}

function isWithin(inner: string, outer: string): boolean {
  const way = path.relative(outer, inner);
  return way === "" || (!/^\.\.($|[/\\])/.test(way) && !path.isAbsolute(way));
}

/** What an application is called, or depends on, says it. */
function roleOf(application: Application): Role | undefined {
  const { dockerfile, compose, context, sources } = application;
  const isBackend = depends(application, BACKENDS);
  const names = [
    nameOf({ dockerfile, own: context, service: compose?.name }),
    path.basename(path.dirname(dockerfile)).toLowerCase(),
  ];
  for (const name of names) {
    for (const [role, pattern] of Object.entries(ROLES) as [Role, RegExp][]) {
      // Whoever calls it a server may mean a server of tools.
      const isVague = role === "backend" && !/back|\bapi\b/.test(name);
      if (isVague && sources.server.isMcp && !isBackend) continue;
      if (pattern.test(name)) return role;
    }
  }
  if (depends(application, FRONTENDS)) return "frontend";
  if (isBackend) return "backend";
  return depends(application, MCP) ? "mcp" : undefined;
}

/** What its files are like says it. */
function likelyRole({ files, sources, docker }: Application): Role | undefined {
  if (sources.server.isMcp) return "mcp";
  const hasPython = files.some((file) => file.endsWith(".py"));
  const hasNode = files.some((file) => /\.[cm]?[jt]sx?$/.test(file));
  const isPage = files.some((file) => PAGE.test(file)) || (hasNode && sources.server.isHttp);
  if (isPage && !hasPython) return "frontend";
  const isServer = hasPython || hasNode || files.some((file) => SERVERS.test(file));
  return isServer && !docker.bases.some((base) => SERVICES.test(base)) ? "backend" : undefined;
}

function isService({ docker }: Application): boolean {
  return docker.bases.some((base) => SERVICES.test(base));
}

/** A Dockerfile that Compose builds is meant; one for developers or for another place is not. */
function rankOf({ dockerfile, compose, packages }: Application): number {
  const name = path.basename(dockerfile).toLowerCase();
  const isPlain = name === "dockerfile" || /^(front|back|api|mcp|web)\w*\.dockerfile$/.test(name);
  const isOther = /dev|test|debug|local|simple|\bhf\b|vercel/.test(name);
  return (
    (compose === undefined ? 0 : 4) +
    (isPlain ? 2 : 0) +
    (packages.length > 0 ? 1 : 0) -
    (isOther ? 4 : 0) -
    dockerfile.split(path.sep).length / 100
  );
}

/** Whether an application depends on one of the packages. */
export function depends({ packages }: Application, names: readonly string[]): boolean {
  return packages.some((each) => names.some((name) => each.names.has(name)));
}
