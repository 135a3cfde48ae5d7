/**
 * The environment in which Pulumi finds this machine's stack: CLI, backend, passphrase, cluster and daemon.
 * One definition for `start`, `pulumi` and `env`, so that all three mean the same.
 */
import * as fs from "node:fs";
import { randomBytes } from "node:crypto";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { nodeDaemonEnvironment } from "./clusters/minikube";
import { writePrivately, type StackRecord } from "./stack-record";
import { cacheFolder, root, state } from "../tools/paths";
import { stackExists } from "../automation/state";
import { dockerContextEnvironment } from "./probes/docker";
import { findProgram } from "./probes/programs";

/** The stack that `npm start` makes for one developer on one machine. */
export const LOCAL_STACK = "local";

export type Environment = Record<string, string | undefined>;

/** URL of the state that lives in this clone. */
export function ownBackend(): string {
  return pathToFileURL(state("backend")).href;
}

/**
 * Whether a stack's state is kept in this clone. The stack `local` always is, logged in or not: it
 * describes one machine's cluster, and in a team's backend everyone's `local` would be the same stack.
 * A PULUMI_BACKEND_URL of the user's own, or another stack's name, says otherwise.
 */
export function usesOwnBackend(stack: string, env: NodeJS.ProcessEnv = process.env): boolean {
  const chosen = env["PULUMI_BACKEND_URL"] ?? "";
  return stack === LOCAL_STACK && (chosen === "" || chosen === ownBackend());
}

/** Whether a bare `pulumi` in the user's shell means this clone's stack. */
export function bareWorks(): boolean {
  return process.env["PULUMI_BACKEND_URL"] === ownBackend();
}

/** Makes the folder of the state and the passphrase file, once. */
export function prepareBackend(): void {
  fs.mkdirSync(state("backend"), { recursive: true, mode: 0o700 });
  if (!fs.existsSync(state("passphrase"))) {
    writePrivately(state("passphrase"), `${randomBytes(24).toString("base64url")}\n`);
  }
}

/**
 * Where Pulumi's state and passphrase are; empty when both are the user's own.
 * @param recorded the backend that the stack was deployed to from here
 */
export function backendEnvironment(
  stack: string,
  env: NodeJS.ProcessEnv = process.env,
  recorded?: string,
) {
  const variables: Environment = {};
  if (usesOwnBackend(stack, env)) {
    variables["PULUMI_BACKEND_URL"] = ownBackend();
    variables["PULUMI_CONFIG_PASSPHRASE_FILE"] = state("passphrase");
    // It would win over the file, and belongs to another stack of this user.
    if (env["PULUMI_CONFIG_PASSPHRASE"] !== undefined) {
      variables["PULUMI_CONFIG_PASSPHRASE"] = undefined;
    }
    return variables;
  }
  // This shell's variables are those of `npm run env` for `local`: a team's stack is not in that backend.
  if (env["PULUMI_BACKEND_URL"] === ownBackend() && !stackExists(stack)) {
    variables["PULUMI_BACKEND_URL"] = recorded;
    if (env["PULUMI_CONFIG_PASSPHRASE_FILE"] === state("passphrase")) {
      variables["PULUMI_CONFIG_PASSPHRASE_FILE"] = undefined;
    }
  } else if (recorded !== undefined && (env["PULUMI_BACKEND_URL"] ?? "") === "") {
    variables["PULUMI_BACKEND_URL"] = recorded;
  }
  return variables;
}

/** Folders to put in front of PATH for the programs that are not on it yet. */
export function extraFolders(searchPath = process.env["PATH"] ?? ""): string[] {
  const onPath = searchPath.split(path.delimiter);
  // The Node that bootstrap.mjs fetched or linked is in front of this process's PATH only.
  const own = onPath.filter((folder) => folder.startsWith(cacheFolder()));
  const programs = (["pulumi", "kubectl", "minikube"] as const)
    .map((name) => findProgram(name))
    .filter((file) => file !== undefined)
    .map((file) => path.dirname(file))
    .filter((folder) => !onPath.includes(folder));
  return [...new Set([...own, ...programs])];
}

/** The backend that the user named for a team's stack; undefined for the clone's own and for that of `pulumi login`. */
export function namedBackend(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const url = env["PULUMI_BACKEND_URL"] ?? "";
  return url === "" || url === ownBackend() ? undefined : url;
}

/** All variables that an update of a stack needs. */
export async function updateEnvironment(
  target: Pick<StackRecord, "stack" | "cluster" | "backend">,
): Promise<Environment> {
  const { cluster, stack, backend } = target;
  const daemon =
    cluster.kind === "minikube" && cluster.nodeDaemon && cluster.profile !== undefined
      ? await nodeDaemonEnvironment(cluster.profile)
      : await dockerContextEnvironment();
  return {
    ...backendEnvironment(stack, process.env, backend),
    ...(cluster.kubeconfig === undefined ? {} : { KUBECONFIG: cluster.kubeconfig }),
    ...daemon,
  };
}

/**
 * Lets Node keep what V8 makes of the SDK, in Pulumi's second Node process too (program/typescript.cjs does it for
 * the first): 0.2 s of CPU an update. Not for the user's shell: it would hold for every Node program there.
 */
export function nodeCache(): Environment {
  const folder = path.join(root, "node_modules", ".cache", "todo-app", "v8");
  return { NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? folder };
}

/** PATH with the fetched programs in front. */
export function searchPath(): string {
  const current = process.env["PATH"] ?? "";
  const missing = extraFolders().filter(
    (folder) => !current.split(path.delimiter).includes(folder),
  );
  return [...missing, current].join(path.delimiter);
}

/** A value as a POSIX shell reads it back unchanged. */
export function shellQuoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
