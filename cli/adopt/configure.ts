import * as path from "node:path";
import { planContext } from "./build-context";
import { addresses, type Addresses } from "./addresses";
import { planDatabase } from "./database";
import { planEnvironment } from "./environment";
import { type Plan, Planner } from "./plan";
import { planProbes } from "./probes";
import { assignRoles, depends, type Role } from "./roles";
import type { Application, Survey } from "./survey";

export interface Wishes {
  /** The project's folder: paths in a stack's file are relative to it. */
  root: string;
  /** Values that were given, by key: they go before every guess. */
  given: ReadonlyMap<string, string>;
  /** Absolute paths of the folders that somebody named for a place. */
  named?: ReadonlyMap<Role, string>;
}

/** Decides a stack's configuration from what was found. */
export function configure(survey: Survey, wishes: Wishes): Plan {
  const { found, others } = assignRoles(survey, wishes.named);
  const planner = new Planner();
  const reached = addresses(found, survey, wishes.given);
  for (const role of ["frontend", "backend", "mcp"] as const) {
    const application = found[role];
    if (application !== undefined) {
      const own = role === "mcp" ? alone(application, found.backend) : application;
      planApplication(planner, role, own, reached, wishes);
    }
  }
  planReach(planner, reached, found);
  for (const role of ["frontend", "backend"] as const) {
    if (found[role] !== undefined) continue;
    const name = role === "frontend" ? "front end" : "back end";
    planner.open(
      `No ${name} with a Dockerfile was found: the stack keeps this project's own. If there is one: npm run adopt -- ${role}=PATH`,
    );
  }
  for (const { dockerfile } of others) {
    planner.open(
      `${shown(dockerfile, wishes.root)} is not part of the stack: another took its place, or nothing says what it is for.`,
    );
  }
  if (others.length > 0) {
    planner.open(
      "Which folder is which can be said: npm run adopt -- frontend=PATH backend=PATH mcp=PATH",
    );
  }
  for (const { name, image } of survey.services) {
    if (/postgres|postgis|pgvector/.test(image)) continue;
    planner.open(
      `The Compose file has ${name} (${image}), which the stack has not: run it elsewhere, and give its address by an Env key.`,
    );
  }
  for (const file of survey.unread) planner.open(`Not read: ${file}`);
  return planner.plan;
}

/** An MCP server that is built from the back end's folder: of what lies there only what it needs is its own. */
function alone(application: Application, backend?: Application): Application {
  if (application.context !== backend?.context) return application;
  const { examples, sources } = application;
  const needed = Object.entries(examples).filter(([name]) => sources.requires.has(name));
  return {
    ...application,
    examples: Object.fromEntries(needed),
    sources: { ...sources, healthPaths: [] },
    ownVariables: [],
  };
}

function planApplication(
  planner: Planner,
  role: Role,
  application: Application,
  reached: Addresses,
  { root }: Wishes,
): void {
  const { docker, compose, context, contextFrom, dockerfile } = application;
  const name = shown(dockerfile, root);
  if (role === "mcp") {
    planner.set("mcpMode", "separate", "It has a Dockerfile of its own.");
    planner.set("mcpCommand", [], "The image's own command.");
    const { mcpPath } = application.sources.server;
    if (mcpPath !== undefined && mcpPath !== "/mcp")
      planner.set("mcpPath", mcpPath, "The path of the protocol in its sources.");
  }
  planner.set(`${role}Context`, shown(context, root) || ".", `The folder ${contextFrom}.`);
  planner.set(`${role}Dockerfile`, name, "Found by its name.");
  const target = compose?.build?.target ?? "";
  if (target !== "") planner.set(`${role}Target`, target, "From the Compose file.");
  planner.set(`${role}Port`, reached[role].port, reached[role].why);
  planContext(planner, role, application);
  planBuild(planner, role, application);
  planUser(planner, role, application);
  planProbes(planner, role, application);
  planDatabase(planner, role, application);
  planEnvironment(planner, role, application, reached);
  if (/\buv run\b/.test(docker.command)) {
    planner.set(`${role}ReadOnlyRoot`, false, "`uv run` writes beside the sources when it starts.");
  }
  if (depends(application, ["sentence-transformers", "torch", "transformers"])) {
    planner.set(`${role}MemoryLimit`, "2Gi", "It loads a model of its own.");
    planner.set(`${role}MemoryRequest`, "1Gi", "It loads a model of its own.");
    planner.set(`${role}StartSeconds`, 300, "It loads a model of its own when it starts.");
    planner.set("deployTimeoutSeconds", 600, "More than a start may take.");
  }
}

function planBuild(planner: Planner, role: Role, { docker, compose }: Application): void {
  for (const [name, value] of Object.entries(compose?.build?.args ?? {})) {
    if (value !== "" && !value.includes("$")) {
      planner.put(`${role}BuildArgs`, name, value, "from the Compose file");
    }
  }
  for (const id of new Set(docker.secrets)) {
    planner.secret(`${role}BuildSecrets`, id, "a step of its Dockerfile mounts it");
  }
}

function planUser(planner: Planner, role: Role, application: Application): void {
  const { docker } = application;
  if (docker.userId !== undefined && docker.userId !== 0) {
    const how = /^\d+$/.test(docker.user ?? "")
      ? ""
      : ` (${docker.user ?? ""}, as the Dockerfile makes it)`;
    planner.set(`${role}RunAsUser`, docker.userId, `The Dockerfile's USER${how}.`);
  } else if (docker.user !== undefined && docker.userId === undefined) {
    planner.open(
      `${role}RunAsUser: the Dockerfile's USER is ${docker.user}, whose number it does not say. Ask the image: docker run --rm IMAGE id -u`,
    );
  } else {
    planner.open(
      `${role}: its Dockerfile names no USER, so it runs as 10001. If it must be root: ${role}RunAsUser 0, ${role}ReadOnlyRoot false, podSecurity baseline.`,
    );
  }
  if (depends(application, ["next"])) {
    const cache = `${docker.workdir.replace(/\/$/, "")}/.next/cache`;
    planner.set(
      `${role}WritablePaths`,
      ["/tmp", cache],
      "Next.js keeps images and pages that it made again in its cache.",
    );
  }
}

/** How browsers reach the two. */
function planReach(
  planner: Planner,
  reached: Addresses,
  found: Partial<Record<Role, Application>>,
): void {
  const { byBrowser } = reached;
  if (byBrowser === undefined || found.backend === undefined || found.frontend === undefined)
    return;
  const why = `The front end's browser code calls the API by itself (${byBrowser.name}).`;
  planner.set("backendExpose", "nodePort", why);
  planner.set(
    "backendNodePort",
    reached.backendNodePort,
    "A port of the nodes for the API; any free one.",
  );
  planner.set(
    "backendPublicUrl",
    reached.backendPublicUrl,
    "Where browsers reach the API; on another machine, its address.",
  );
  planner.set(
    "publicUrl",
    reached.publicUrl,
    "Where browsers reach the page: the API lets this origin call it.",
  );
  if (byBrowser.name !== "NEXT_PUBLIC_API_URL") {
    planner.put(
      "frontendBuildArgs",
      byBrowser.name,
      `${reached.backendPublicUrl}${byBrowser.path}`,
      "built into what browsers load",
    );
  }
  if (byBrowser.name in found.frontend.docker.args) return;
  planner.open(
    `The front end's Dockerfile has no ARG ${byBrowser.name}, so that browsers keep the address that is written in the sources. ` +
      `Add before its build: ARG ${byBrowser.name}`,
  );
}

function shown(file: string, root: string): string {
  return path.relative(root, file).split(path.sep).join("/");
}
