/** Puts a dump back into the embedded database: all of it, or nothing. */
import * as fs from "node:fs";
import { UserError } from "../../tools/errors";
import type { Cluster } from "../machine";
import { kubectl } from "../probes/cluster";
import { tail } from "../../tools/process";
import { hasDatabase, inPod, kubectlWords, POD } from "./pod";

/** One transaction: a dump that is damaged or does not fit leaves everything as it was. */
const RESTORE =
  "pg_restore --clean --if-exists --no-owner --single-transaction --exit-on-error" +
  ' --username="$POSTGRES_USER" --dbname="$POSTGRES_DB"';

/** What every dump in the custom format begins with. */
const MAGIC = "PGDMP";

/**
 * @param file a dump in pg_dump's custom format
 * @throws UserError when it is none, or could not be restored; the data is as before then
 */
export async function restoreDatabase(
  cluster: Cluster,
  namespace: string,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  requireDump(file);
  if (!(await hasDatabase(cluster, namespace))) {
    throw new UserError(`There is no database in the namespace ${namespace} to restore into.`, [
      "npm start   (with a databaseUrl of your own: pg_restore on that database instead)",
    ]);
  }
  const input = fs.openSync(file, "r");
  const restored = await inPod(cluster, namespace, RESTORE, { input }, signal).finally(() => {
    fs.closeSync(input);
  });
  signal.throwIfAborted();
  if (restored.code !== 0) {
    throw new UserError(
      `The dump was not restored, and the data is as before: ${tail(restored.stderr, 3)}`,
      [`${kubectlWords(cluster)} -n ${namespace} get pods   (is ${POD} running?)`],
    );
  }
  await migrateAgain(cluster, namespace, signal);
}

/** New pods migrate before they serve: the dump may be of an older version. */
async function migrateAgain(
  cluster: Cluster,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  const words = ["-n", namespace, "rollout"];
  await kubectl(cluster, [...words, "restart", "deployment/backend"], { signal });
  const rolled = await kubectl(
    cluster,
    [...words, "status", "deployment/backend", "--timeout=300s"],
    { signal },
  );
  signal.throwIfAborted();
  if (rolled.code !== 0) {
    throw new UserError(
      `The dump is restored, but the back end does not start on it: ${tail(rolled.stderr, 2)}`,
      [`${kubectlWords(cluster)} -n ${namespace} logs -l app=backend --all-containers --tail=20`],
    );
  }
}

function requireDump(file: string): void {
  if (!fs.existsSync(file)) {
    throw new UserError(`There is no file ${file}.`, ["ls .stack/backups"]);
  }
  const descriptor = fs.openSync(file, "r");
  const start = Buffer.alloc(MAGIC.length);
  fs.readSync(descriptor, start);
  fs.closeSync(descriptor);
  if (start.toString("latin1") !== MAGIC) {
    throw new UserError(`${file} is no dump of a database (pg_dump --format=custom).`, [
      "ls .stack/backups",
    ]);
  }
}
