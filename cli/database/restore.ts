/** Puts a dump back into the embedded database: all of it, or nothing. */
import * as fs from "node:fs";
import { UserError } from "../../tools/errors";
import { kubectl } from "../../tools/kubectl";
import { tail } from "../../tools/process";
import { measure, measured } from "./dump";
import { kubectlWords } from "../../tools/kubectl";
import { hasDatabase, inPod, POD, type DatabaseTarget } from "./pod";

/** What every dump in the custom format begins with. */
const MAGIC = "PGDMP";

/** Takes the dump in, says what arrived, and reads all of it before anything is replaced. */
const UPLOAD = `set -e
umask 077
file=$(mktemp "\${TMPDIR:-/tmp}/todo-restore.XXXXXX")
trap 'status=$?; [ "$status" -eq 0 ] || rm -f "$file"; exit "$status"' EXIT
cat > "$file"
echo "received $file $(wc -c < "$file" | tr -d ' ') $(sha256sum "$file" | cut -d ' ' -f 1)"`;

/** Said by the pod itself: kubectl has ended with 0 for programs that it had lost (kubernetes #73056). */
const DONE = "restored in one transaction";

/** One transaction: a dump that is damaged or does not fit leaves everything as it was. */
function restoreScript(file: string): string {
  return `pg_restore --clean --if-exists --no-owner --single-transaction --exit-on-error \
--username="$POSTGRES_USER" --dbname="$POSTGRES_DB" '${file}' && echo "${DONE}"`;
}

/**
 * Brings a dump into the pod and proves that it is whole, both the transfer and the dump itself. Changes nothing.
 * @returns the file in the pod
 * @throws UserError when it is not
 */
export async function uploadDump(
  target: DatabaseTarget,
  file: string,
  signal: AbortSignal,
): Promise<string> {
  requireDump(file);
  if (!(await hasDatabase(target))) {
    throw new UserError(
      `There is no database in the namespace ${target.namespace} to restore into.`,
      ["npm start   (with a databaseUrl of your own: pg_restore on that database instead)"],
    );
  }
  const refuse = (reason: string, next: readonly string[]): never => {
    signal.throwIfAborted();
    throw new UserError(`The dump was not restored, and the data is as before: ${reason}`, next);
  };
  const looks = [
    `${kubectlWords(target.cluster)} -n ${target.namespace} get pods   (is ${POD} running?)`,
  ];
  const here = await measure(file);
  const input = fs.openSync(file, "r");
  const sent = await inPod(target, UPLOAD, { input }, signal).finally(() => {
    fs.closeSync(input);
  });
  const there = measured(sent.stdout, "received");
  if (sent.code !== 0 || there === undefined) return refuse(tail(sent.stderr, 3), looks);
  if (there.bytes !== here.bytes || there.sha256 !== here.sha256) {
    await removeUpload(target, there.file);
    const reason = `${there.bytes} of its ${here.bytes} bytes arrived in the pod (kubectl exec cut the stream).`;
    return refuse(reason, ["the same command again"]);
  }
  const read = await inPod(target, `pg_restore --file=/dev/null '${there.file}'`, {}, signal);
  if (read.code !== 0) {
    await removeUpload(target, there.file);
    return refuse(`pg_restore cannot read all of it: ${tail(read.stderr, 3)}`, [
      "ls -l .stack/backups   (another one: npm run restore -- --file FILE)",
    ]);
  }
  return there.file;
}

export async function removeUpload(target: DatabaseTarget, uploaded: string): Promise<void> {
  await inPod(target, `rm -f '${uploaded}'`, {}, undefined);
}

/**
 * Replaces what the database holds by an uploaded dump.
 * @param uploaded what `uploadDump` has returned
 * @throws UserError when it could not be restored; the data is as before then
 */
export async function applyDump(
  target: DatabaseTarget,
  uploaded: string,
  signal: AbortSignal,
): Promise<void> {
  const restored = await inPod(target, restoreScript(uploaded), {}, signal);
  signal.throwIfAborted();
  if (restored.code !== 0 || !restored.stdout.includes(DONE)) {
    // Without a word of pg_restore the connection may have been lost while it went on.
    const known = /^pg_restore: error/m.test(restored.stderr);
    const outcome = known
      ? "The dump was not restored, and the data is as before"
      : "It is not known whether the dump was restored; all of it was, or nothing";
    throw new UserError(
      `${outcome}: ${tail(restored.stderr, 3) || `kubectl ended with ${restored.code}`}`,
      [`${kubectlWords(target.cluster)} -n ${target.namespace} get pods   (is ${POD} running?)`],
    );
  }
  await migrateAgain(target, signal);
}

/** New pods migrate before they serve: the dump may be of an older version. */
async function migrateAgain(
  { cluster, namespace }: DatabaseTarget,
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

/** @throws UserError when a file is no dump at all */
export function requireDump(file: string): void {
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
