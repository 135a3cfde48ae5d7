/** Brings what another tool has deployed under `kubectl apply -k`. */
import * as fs from "node:fs";
import * as path from "node:path";
import { manifestFiles } from "../../render/manifests";
import { UserError } from "../../tools/errors";
import { kubectl, kubectlWords, type ClusterAddress } from "../../tools/kubectl";
import { tail } from "../../tools/process";
import { forgetRelease, handOverAll } from "./hand-over";
import { nameOf, type LiveObject } from "./objects";
import type { Plan } from "./plan";

/** Who `kubectl apply` is for the API server. */
const CLAIMANT = { manager: "kubectl-client-side-apply", operation: "Update" } as const;

/**
 * @param folder for the manifests; it must be empty or not exist
 * @returns the command for the changes to come
 * @throws UserError in kubectl's words
 */
export async function takeOverWithKubectl(
  cluster: ClusterAddress,
  plan: Plan,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const { config, found, objects, references } = plan;
  if (fs.existsSync(folder) && fs.readdirSync(folder).length > 0) {
    throw new UserError(`${folder} holds files, which could be mixed up with those of the stack.`, [
      "Name another folder with --out",
    ]);
  }
  const data = new Map(
    found.ours
      .filter(({ kind }) => kind === "Secret")
      .map((secret) => [secret.metadata.name, text(secret)]),
  );
  for (const [file, content] of manifestFiles(config, references, data)) {
    const target = path.join(folder, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, content, { mode: 0o600 });
  }
  const apply = ["apply", "-k", folder];
  const trial = await kubectl(cluster, [...apply, "--dry-run=server"], { signal });
  if (trial.code !== 0) throw refused(trial.stderr);
  const made = new Set(objects.map((object) => `${object.kind} ${object.metadata?.name}`));
  const isScaled = (object: LiveObject): boolean =>
    nameOf(object) === "Deployment backend" && config.backend.autoscaling;
  await handOverAll(
    cluster,
    [found.holder, ...found.ours].filter((object) => made.has(nameOf(object))),
    () => CLAIMANT,
    (object) => (isScaled(object) ? [["spec", "replicas"]] : []),
    signal,
  );
  const { code, stderr } = await kubectl(cluster, apply, { signal });
  if (code !== 0) throw refused(stderr);
  for (const release of found.releases) await forgetRelease(cluster, release);
  return `${kubectlWords(cluster)} apply -k ${folder}`;
}

function text({ data = {} }: LiveObject): Record<string, string> {
  const entries = Object.entries(data);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]),
  );
}

function refused(said: string): UserError {
  return new UserError(`kubectl refused:\n${tail(said, 5)}`, [
    "npm run take-over   (again, once that is set right: what was done until here stays)",
  ]);
}
