/** kubectl, where the user has none: from the cluster's own programs, else from its release page. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../../tools/errors";
import { unreachable } from "../probes/downloads";
import { findProgram, ownPrograms } from "../probes/programs";
import { print } from "../terminal";

/** Works with clusters one minor version older and newer (Kubernetes's version skew policy). */
const VERSION = "v1.35.2";

function download(): string {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  return `https://dl.k8s.io/release/${VERSION}/bin/${process.platform}/${architecture}/kubectl`;
}

function keep(content: Buffer): void {
  fs.mkdirSync(ownPrograms, { recursive: true });
  const target = path.join(ownPrograms, "kubectl");
  fs.writeFileSync(`${target}.part`, content, { mode: 0o755 });
  fs.renameSync(`${target}.part`, target);
}

/**
 * Makes sure that there is a kubectl.
 * @param fromCluster one that the cluster brings along, as the sandbox does
 */
export async function ensureKubectl(signal: AbortSignal, fromCluster?: string): Promise<void> {
  if (findProgram("kubectl") !== undefined) return;
  if (fromCluster !== undefined) {
    keep(fs.readFileSync(fromCluster));
    return;
  }
  const url = download();
  const reason = await unreachable(url);
  const remedy = "Install kubectl: https://kubernetes.io/docs/tasks/tools/";
  if (reason !== undefined) throw new UserError(`There is no kubectl, and ${reason}.`, [remedy]);
  print(`kubectl: fetching ${VERSION}`);
  const [answer, digest] = await Promise.all([
    fetch(url, { signal }),
    fetch(`${url}.sha256`, { signal }),
  ]);
  const content = Buffer.from(await answer.arrayBuffer());
  const expected = (await digest.text()).trim();
  if (createHash("sha256").update(content).digest("hex") !== expected) {
    throw new UserError("The download of kubectl is damaged.", [remedy]);
  }
  keep(content);
}
