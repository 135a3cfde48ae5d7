import type { Planner } from "./plan";
import type { Role } from "./roles";
import type { Application } from "./survey";

/** What answers whether a pod is well. */
export function planProbes(planner: Planner, role: Role, application: Application): void {
  const { docker, compose, chart, sources } = application;
  if (role !== "frontend") planHost(planner, role, application);
  if (sources.server.grpc === "health" || /grpc_health_probe/.test(docker.healthcheck)) {
    planner.set(`${role}ProbeKind`, "grpc", "It serves gRPC with its standard health service.");
    return;
  }
  const written: [path: string | undefined, why: string][] = [
    [pathIn(docker.healthcheck), "HEALTHCHECK of the Dockerfile."],
    [pathIn(compose?.healthcheck ?? ""), "Health check of the Compose file."],
    [chart?.readinessPath, "Probe of the chart."],
  ];
  const [said, why = ""] = written.find(([path]) => path !== undefined && path !== "") ?? [];
  const [route] = sources.healthPaths;
  const path = said ?? (role === "frontend" ? undefined : route);
  if (role === "frontend" && path === "/") return; // as without
  if (path !== undefined && path !== "") {
    const from = said === undefined ? "A route of the sources." : why;
    const liveness = chart?.livenessPath ?? "";
    planner.set(`${role}ReadinessPath`, path, from);
    planner.set(
      `${role}LivenessPath`,
      liveness === "" ? path : liveness,
      liveness === "" ? from : "Probe of the chart.",
    );
    return;
  }
  if (role === "frontend") return;
  planner.set(
    `${role}ProbeKind`,
    "tcp",
    "No path was found that answers whether it is well: that it listens has to do.",
  );
}

/** Under which name it lets itself be probed, where it looks at the name. */
function planHost(planner: Planner, role: Role, { sources }: Application): void {
  const { checksHost, hosts } = sources.server;
  if (!checksHost || hosts.includes("*")) return;
  const name = hosts.includes(role)
    ? role
    : hosts.find((host) => /^[a-z][\w-]*(\.[\w-]+)*$/i.test(host) && host !== "localhost");
  if (name !== undefined)
    planner.set(`${role}ProbeHost`, name, "One of the host names that its sources let in.");
  if (name === role) return;
  const rest =
    name === undefined
      ? ` It is probed by its address: set ${role}ProbeHost to a name that it lets in.`
      : "";
  planner.open(
    `${role}: its sources answer only under certain host names, and in the cluster it is called ${role}: let that in too.${rest}`,
  );
}

function pathIn(check: string): string | undefined {
  return /https?:\/\/[^/\s'"]+(\/[^\s'"\\)]*)/.exec(check)?.[1];
}
