/** Programs that the project fetches itself: where they are kept, whether they can be had, and their checksums. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "./errors";
import { cacheFolder } from "./paths";

/** Programs that `npm start` fetched: kubectl and minikube. Pulumi has a folder of its own. */
export const fetchedPrograms = path.join(cacheFolder(), "bin");

/** In a closed network a user must not wait longer than this for each address. */
const LIMIT_MS = 5000;

/**
 * Puts what was fetched on this process's PATH, behind everything else: from here on a program is found by its name,
 * by whoever starts it, and the user's own one first.
 */
export function putFetchedOnPath(): void {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  if (folders.includes(fetchedPrograms)) return;
  process.env["PATH"] = [...folders, fetchedPrograms].join(path.delimiter);
}

/** Undefined when the address answers, else why not, in a few words. */
export async function unreachable(url: string): Promise<string | undefined> {
  const host = new URL(url).host;
  try {
    const answer = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(LIMIT_MS) });
    return answer.ok ? undefined : `${host} answers ${answer.status}`;
  } catch {
    return `${host} cannot be reached`;
  }
}

/** Keeps a program under its name, whole or not at all. */
export function keepProgram(name: string, content: Uint8Array): void {
  fs.mkdirSync(fetchedPrograms, { recursive: true });
  const target = path.join(fetchedPrograms, name);
  const partial = `${target}.${process.pid}.part`;
  fs.writeFileSync(partial, content, { mode: 0o755 });
  fs.renameSync(partial, target);
}

async function download(url: string, signal: AbortSignal): Promise<Buffer> {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new UserError(`${url} answers ${answer.status}.`);
  return Buffer.from(await answer.arrayBuffer());
}

/**
 * Fetches a program whose SHA-256 is at the same address with `.sha256`.
 * @throws UserError when it is damaged or cannot be had
 */
export async function fetchProgram(name: string, url: string, signal: AbortSignal): Promise<void> {
  const [program, digest] = await Promise.all([
    download(url, signal),
    download(`${url}.sha256`, signal),
  ]);
  const found = createHash("sha256").update(program).digest("hex");
  if (digest.toString().trim().split(/\s/)[0] !== found) {
    throw new UserError(`The download of ${name} is damaged: its SHA-256 is ${found}.`, [
      "npm start",
    ]);
  }
  keepProgram(name, program);
}

/** The name under which Kubernetes's projects publish for this machine: `linux-amd64`. */
export function releasePlatform(separator: string): string {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  return `${process.platform}${separator}${architecture}`;
}
