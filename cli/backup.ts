/** A dump of the embedded database before it is removed, and the command that restores it. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "./errors";
import type { Cluster } from "./machine";
import { root, state } from "./paths";
import { kubectl } from "./probes/cluster";
import { findProgram } from "./probes/programs";
import { environmentWith } from "./process";

/** The pod of the one-replica StatefulSet. */
const POD = "postgres-0";

/** The image's own contract: the names of user and database are in the pod's environment. */
const DUMP = 'pg_dump --format=custom --username="$POSTGRES_USER" "$POSTGRES_DB"';
const RESTORE =
  'pg_restore --clean --if-exists --no-owner --username="$POSTGRES_USER" --dbname="$POSTGRES_DB"';

function kubectlWords(cluster: Cluster): string {
  const file = cluster.kubeconfig === undefined ? "" : `KUBECONFIG=${cluster.kubeconfig} `;
  return `${file}kubectl --context ${cluster.context}`;
}

/** The command that puts a dump back, for a person to run after the next `npm start`. */
export function restoreCommand(cluster: Cluster, namespace: string, file: string): string {
  return `${kubectlWords(cluster)} -n ${namespace} exec -i ${POD} -- sh -c '${RESTORE}' < ${path.relative(root, file)}`;
}

/**
 * Dumps the database of a namespace.
 * @returns the file, or undefined when the namespace holds no database
 * @throws UserError when there is one that cannot be dumped; nothing has been removed then
 */
export async function dumpDatabase(
  cluster: Cluster,
  namespace: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const found = await kubectl(cluster, [
    ...["-n", namespace, "get", "statefulset", "postgres", "--ignore-not-found", "-o", "name"],
  ]);
  if (found.code === 0 && found.stdout.trim() === "") return undefined;
  fs.mkdirSync(state("backups"), { recursive: true, mode: 0o700 });
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const file = state("backups", `${time}.dump`);
  const partial = `${file}.part`;
  const { code, stderr } = await intoFile(cluster, namespace, partial, signal);
  if (code !== 0 || fs.statSync(partial).size === 0) {
    fs.rmSync(partial, { force: true });
    signal.throwIfAborted();
    throw new UserError(
      `The database could not be dumped, so nothing was removed: ${stderr.trim()}`,
      [
        `${kubectlWords(cluster)} -n ${namespace} get pods   (is ${POD} running?)`,
        "npm run down -- --no-backup   (removes everything, the data too)",
      ],
    );
  }
  fs.renameSync(partial, file);
  return file;
}

/** Streams the dump: it is binary, and may be larger than memory. */
function intoFile(
  cluster: Cluster,
  namespace: string,
  file: string,
  signal: AbortSignal,
): Promise<{ code: number; stderr: string }> {
  const target = fs.openSync(file, "w", 0o600);
  const args = ["--context", cluster.context, "-n", namespace, "exec", POD, "--", "sh", "-c", DUMP];
  const env = cluster.kubeconfig === undefined ? {} : { KUBECONFIG: cluster.kubeconfig };
  return new Promise((resolve) => {
    const child = spawn(findProgram("kubectl") ?? "kubectl", args, {
      env: environmentWith(env),
      stdio: ["ignore", target, "pipe"],
    });
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    const stop = (): void => void child.kill("SIGINT");
    signal.addEventListener("abort", stop, { once: true });
    const finish = (code: number): void => {
      signal.removeEventListener("abort", stop);
      fs.closeSync(target);
      resolve({ code, stderr });
    };
    child.on("error", (error) => {
      stderr += error.message;
      finish(127);
    });
    child.on("close", (code) => {
      if (child.pid !== undefined) finish(code ?? 1);
    });
  });
}
