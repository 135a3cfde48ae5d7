import type { Role } from "./roles";
import type { Application, Survey } from "./survey";
import { isForBrowsers, variablesOf } from "./variables";

/** Where each application is reached, within the cluster and by browsers. */
export interface Addresses extends Record<Role, { port: number; why: string }> {
  publicUrl: string;
  backendNodePort: number;
  backendPublicUrl: string;
  /** The variable by which the front end's browser code is told the API's address; absent where the pages call it alone. */
  byBrowser?: { name: string; path: string };
  /**
   * What the hosts in other files' addresses mean here: a Compose service's name, or a port of the developer's machine, or
   * failing that what the variable's own name says.
   */
  meaning: (host: string, port: string, name: string) => Role | undefined;
}

const DEFAULTS: Record<Role, number> = { frontend: 3000, backend: 8000, mcp: 8001 };

export function addresses(
  found: Partial<Record<Role, Application>>,
  survey: Survey,
  given: ReadonlyMap<string, string>,
): Addresses {
  const port = (role: Role): { port: number; why: string } => portOf(found[role], DEFAULTS[role]);
  const nodePort = Number(given.get("nodePort") ?? 30_300);
  const backendNodePort = Number(
    given.get("backendNodePort") ?? (nodePort === 30_300 ? 30_800 : nodePort + 1),
  );
  const ports = { frontend: port("frontend"), backend: port("backend"), mcp: port("mcp") };
  const services = new Map<string, Role>();
  for (const [role, application] of Object.entries(found) as [Role, Application][]) {
    if (application.compose !== undefined) services.set(application.compose.name, role);
  }
  const byBrowser = found.frontend === undefined ? undefined : browserVariable(found.frontend);
  return {
    ...ports,
    publicUrl: given.get("publicUrl") ?? `http://localhost:${nodePort}`,
    backendNodePort,
    backendPublicUrl: given.get("backendPublicUrl") ?? `http://localhost:${backendNodePort}`,
    ...(byBrowser === undefined ? {} : { byBrowser }),
    meaning(host, at, name) {
      const named = services.get(host);
      if (named !== undefined) return named;
      if (survey.services.some((service) => service.name === host)) return undefined;
      if (/mcp/.test(host)) return "mcp";
      if (/front|web/.test(host)) return "frontend";
      if (/back|api/.test(host) && !host.includes(".")) return "backend";
      if (!/^(localhost|127\.0\.0\.1|0\.0\.0\.0)$/.test(host)) return undefined;
      const roles = Object.entries(ports) as [Role, { port: number }][];
      const byPort = roles.find(([, each]) => String(each.port) === at)?.[0];
      if (byPort !== undefined) return byPort;
      if (/AUTH_URL|FRONTEND|CLIENT|APP_URL|SITE|ORIGIN/.test(name)) return "frontend";
      return /API|BACKEND/.test(name) ? "backend" : undefined;
    },
  };
}

function portOf(
  application: Application | undefined,
  otherwise: number,
): { port: number; why: string } {
  if (application === undefined) return { port: otherwise, why: "" };
  const { docker, compose, chart, packages, sources } = application;
  const [exposed] = docker.ports;
  if (exposed !== undefined) return { port: exposed, why: "EXPOSE of the Dockerfile." };
  const command = `${compose?.command ?? ""} ${docker.command}`;
  // `npm start` is what package.json says that it is.
  const [, script = ""] = /\b(?:npm|pnpm|yarn|bun)(?: run)? ([\w:-]+)/.exec(command) ?? [];
  const started = packages.map(({ scripts }) => scripts?.[script] ?? "").join(" ");
  const asked = /(?:--port[= ]|-p |:)(\d{2,5})\b/.exec(`${command} ${started}`)?.[1];
  if (asked !== undefined) return { port: Number(asked), why: "From the image's command." };
  const [published] = compose?.ports ?? [];
  if (published !== undefined) return { port: published, why: "From the Compose file." };
  if (chart?.port !== undefined) return { port: chart.port, why: "From the chart's values." };
  const set = Number(docker.env["PORT"]);
  if (set > 0) return { port: set, why: "PORT of the Dockerfile." };
  const { port } = sources.server;
  if (port !== undefined) return { port, why: "From the sources." };
  if (sources.reads.has("PORT"))
    return {
      port: otherwise,
      why: "It listens where PORT says, which the stack sets: any would do.",
    };
  return { port: otherwise, why: "Nothing says which; this is the usual one." };
}

/** The likeliest of the variables by which browser code learns where the API is. */
function browserVariable(application: Application): { name: string; path: string } | undefined {
  const known = new Map(
    variablesOf("frontend", application).map(({ name, value }) => [name, value]),
  );
  const written = { ...application.chart?.environment, ...application.compose?.environment };
  const names = new Set([
    ...Object.keys(application.docker.args),
    ...application.sources.reads,
    ...known.keys(),
    ...Object.keys(written),
  ]);
  const [name] = [...names]
    .filter(
      (each) =>
        isForBrowsers(each) &&
        /API|BACKEND|SERVER/.test(each) &&
        /URL|BASE|HOST|ENDPOINT/.test(each),
    )
    .sort((a, b) => Number(b === "NEXT_PUBLIC_API_URL") - Number(a === "NEXT_PUBLIC_API_URL"));
  if (name === undefined) return undefined;
  const value = application.examples[name]?.value ?? known.get(name) ?? written[name] ?? "";
  return { name, path: /^https?:\/\/[^/]+(\/[^\s?#]*?)\/?$/.exec(value)?.[1] ?? "" };
}
