/** A dump of the embedded database, in `.stack/backups`. */
import * as fs from "node:fs";
import { UserError } from "../../tools/errors";
import type { Cluster } from "../machine";
import { state } from "../../tools/paths";
import { hasDatabase, inPod, kubectlWords, POD } from "./pod";

/** The image's own contract: the names of user and database are in the pod's environment. */
const DUMP = 'pg_dump --format=custom --username="$POSTGRES_USER" "$POSTGRES_DB"';

/**
 * Dumps the database of a namespace.
 * @param otherwise what to do when it fails, beside looking at the pod
 * @returns the file, or undefined when the namespace holds no database
 * @throws UserError when there is one that cannot be dumped; nothing has been changed then
 */
export async function dumpDatabase(
  cluster: Cluster,
  namespace: string,
  signal: AbortSignal,
  otherwise: readonly string[] = [],
): Promise<string | undefined> {
  if (!(await hasDatabase(cluster, namespace))) return undefined;
  fs.mkdirSync(state("backups"), { recursive: true, mode: 0o700 });
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const file = state("backups", `${time}.dump`);
  const partial = `${file}.part`;
  const output = fs.openSync(partial, "w", 0o600);
  const { code, stderr } = await inPod(cluster, namespace, DUMP, { output }, signal).finally(() => {
    fs.closeSync(output);
  });
  if (code !== 0 || fs.statSync(partial).size === 0) {
    fs.rmSync(partial, { force: true });
    signal.throwIfAborted();
    throw new UserError(
      `The database could not be dumped, so nothing was changed: ${stderr.trim()}`,
      [`${kubectlWords(cluster)} -n ${namespace} get pods   (is ${POD} running?)`, ...otherwise],
    );
  }
  fs.renameSync(partial, file);
  return file;
}

/** The newest dump, or undefined. The names are times, so their order is that of the letters. */
export function newestDump(): string | undefined {
  const folder = state("backups");
  if (!fs.existsSync(folder)) return undefined;
  const name = fs
    .readdirSync(folder)
    .filter((entry) => entry.endsWith(".dump"))
    .sort()
    .at(-1);
  return name === undefined ? undefined : state("backups", name);
}
