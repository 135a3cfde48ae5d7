/** A dump of the embedded database, in `.stack/backups`: proven whole before anybody relies on it. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { pipeline } from "node:stream/promises";
import { UserError } from "../../tools/errors";
import { state } from "../../tools/paths";
import { tail } from "../../tools/process";
import { kubectlWords } from "../../tools/kubectl";
import { hasDatabase, inPod, POD, type DatabaseTarget } from "./pod";

/**
 * The dump is made as a file in the pod, since `kubectl exec` may cut a stream and still end with 0 (kubernetes #124571):
 * only what was measured before it left can tell that it arrived. pg_restore reads every byte of it and writes
 * nothing. The names of user and database are in the image's environment. The line at the end says where the file
 * is, its bytes and its digest.
 */
const DUMP = `set -e
umask 077
file=$(mktemp "\${TMPDIR:-/tmp}/todo-dump.XXXXXX")
trap 'status=$?; [ "$status" -eq 0 ] || rm -f "$file"; exit "$status"' EXIT
pg_dump --format=custom --username="$POSTGRES_USER" --file="$file" "$POSTGRES_DB"
pg_restore --file=/dev/null "$file"
echo "dump $file $(wc -c < "$file" | tr -d ' ') $(sha256sum "$file" | cut -d ' ' -f 1)"`;

/** A cut stream is an accident of the connection; another try most often arrives. */
const TRIES = 3;

interface Measured {
  file: string;
  bytes: number;
  sha256: string;
}

/** Size and SHA-256 of a file of this machine. */
export async function measure(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  await pipeline(fs.createReadStream(file), hash);
  return { bytes: fs.statSync(file).size, sha256: hash.digest("hex") };
}

/** The line with which the pod says what it holds; undefined when it was cut off. */
export function measured(stdout: string, word: string): Measured | undefined {
  const line = new RegExp(`^${word} (/\\S+) (\\d+) ([0-9a-f]{64})$`, "m").exec(stdout);
  const [, file, bytes, sha256] = line ?? [];
  if (file === undefined || bytes === undefined || sha256 === undefined) return undefined;
  return { file, bytes: Number(bytes), sha256 };
}

/**
 * Dumps the database of a stack.
 * @param otherwise what to do when it fails, beside looking at the pod
 * @returns the file, or undefined when the namespace holds no database
 * @throws UserError when there is one that cannot be dumped whole; nothing has been changed then
 */
export async function dumpDatabase(
  target: DatabaseTarget,
  signal: AbortSignal,
  otherwise: readonly string[] = [],
): Promise<string | undefined> {
  if (!(await hasDatabase(target))) return undefined;
  const refuse = (reason: string): never => {
    signal.throwIfAborted();
    throw new UserError(`The database could not be dumped, so nothing was changed: ${reason}`, [
      `${kubectlWords(target.cluster)} -n ${target.namespace} get pods   (is ${POD} running?)`,
      ...otherwise,
    ]);
  };
  const made = await inPod(target, DUMP, {}, signal);
  if (made.code !== 0) return refuse(tail(made.stderr, 5) || `kubectl ended with ${made.code}`);
  const there = measured(made.stdout, "dump");
  if (there === undefined) return refuse("the pod did not say how large the dump is");
  try {
    return await fetchDump(target, there, signal, refuse);
  } finally {
    await inPod(target, `rm -f '${there.file}'`, {}, undefined);
  }
}

/** Copies the dump out of the pod; it counts only when size and digest are those of the pod. */
async function fetchDump(
  target: DatabaseTarget,
  there: Measured,
  signal: AbortSignal,
  refuse: (reason: string) => never,
): Promise<string> {
  fs.mkdirSync(state("backups"), { recursive: true, mode: 0o700 });
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const file = state("backups", `${target.stack}-${time}.dump`);
  const partial = `${file}.part`;
  let reason = "";
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const output = fs.openSync(partial, "w", 0o600);
    const copied = await inPod(target, `cat '${there.file}'`, { output }, signal).finally(() => {
      fs.fsyncSync(output);
      fs.closeSync(output);
    });
    const here = await measure(partial);
    if (copied.code === 0 && here.bytes === there.bytes && here.sha256 === there.sha256) {
      fs.renameSync(partial, file);
      return file;
    }
    fs.rmSync(partial, { force: true });
    signal.throwIfAborted();
    reason =
      copied.code === 0
        ? `${here.bytes} of its ${there.bytes} bytes arrived, or not the same ones (kubectl exec cut the stream)`
        : tail(copied.stderr, 5);
  }
  return refuse(reason);
}

const TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d";

/** The newest dump of a stack, or undefined. Earlier versions named no stack; theirs count as those of `local`. */
export function newestDump(stack: string): string | undefined {
  const folder = state("backups");
  if (!fs.existsSync(folder)) return undefined;
  const prefix = stack === "local" ? "(?:local-)?" : `${stack.replaceAll(".", "\\.")}-`;
  const pattern = new RegExp(`^${prefix}(${TIME})\\.dump$`);
  const [newest] = fs
    .readdirSync(folder)
    .flatMap((name) => {
      const time = pattern.exec(name)?.[1];
      return time === undefined ? [] : [{ name, time }];
    })
    .sort((a, b) => b.time.localeCompare(a.time));
  return newest === undefined ? undefined : state("backups", newest.name);
}
