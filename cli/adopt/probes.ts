import type { Planner } from "./plan";
import type { Role } from "./roles";
import type { Application } from "./survey";

/** What answers whether a pod is well. */
export function planProbes(planner: Planner, role: Role, application: Application): void {
  const { docker, compose, chart, sources } = application;
  if (sources.checksHost && role !== "frontend") {
    planner.open(
      `${role}: its sources answer only under certain host names. In the cluster it is called ${role}, and probed by its address: let these in, and set ${role}ProbeHost to a name that is.`,
    );
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

function pathIn(check: string): string | undefined {
  return /https?:\/\/[^/\s'"]+(\/[^\s'"\\)]*)/.exec(check)?.[1];
}
