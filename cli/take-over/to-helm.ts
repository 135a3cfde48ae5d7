/** Brings what another tool has deployed into a Helm release. */
import * as path from "node:path";
import { chartDigest } from "../../render/chart/digest";
import { set, valuesOfStack } from "../../render/chart/from-stack";
import { yaml } from "../../render/yaml";
import { stackArgs } from "../../stack/args";
import { UserError } from "../../tools/errors";
import { helm, type HelmCli } from "../../tools/helm";
import type { ClusterAddress } from "../../tools/kubectl";
import { root } from "../../tools/paths";
import { writePrivately } from "../../tools/private-file";
import { tail } from "../../tools/process";
import { keptDigests } from "./digests";
import { forgetRelease, handOverAll } from "./hand-over";
import { nameOf, type LiveObject } from "./objects";
import type { Plan } from "./plan";
import { asValues } from "./secrets";

/** The release's name, as the README's commands have it. */
const RELEASE = "todo-app";

export const chartFolder = path.join(root, "helm", "todo-app");

/**
 * The values with which the chart makes what runs now.
 * @param whenDeleted what becomes of the volume at the release's end: what the cluster has
 */
export function releaseValues(plan: Plan): Record<string, unknown> {
  const { configuration, secrets, references, objects, found } = plan;
  const { frontendEnv, backendEnv, mcpEnv } = secrets;
  const texts = Object.entries(secrets).filter(([, value]) => typeof value === "string");
  const known = Object.fromEntries(texts) as Record<string, string>;
  // What the chart generates it finds in the cluster; values are for what the user chose.
  const given = Object.keys(known).filter((key) => isGiven(configuration[key]));
  const values = valuesOfStack(
    configuration,
    {
      values: Object.fromEntries(given.map((key) => [key, known[key] ?? ""])),
      ...{ frontendEnv, backendEnv, mcpEnv },
    },
    references,
    objects,
  );
  const { databaseForms, mcpOwn } = stackArgs(plan.config).credentials;
  const digests = keptDigests(found.ours, (reader) =>
    chartDigest(reader, asValues(secrets), databaseForms, mcpOwn),
  );
  set(values, "secrets.keptDigests", digests);
  set(values, "database.whenDeleted", whenDeleted(found.ours));
  return values;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== "";
}

function whenDeleted(objects: readonly LiveObject[]): string {
  const database = objects.find((object) => nameOf(object) === "StatefulSet postgres");
  const policy = database?.spec?.["persistentVolumeClaimRetentionPolicy"] as
    { whenDeleted?: string } | undefined;
  return policy?.whenDeleted ?? "Retain";
}

/**
 * @param valuesFile where the release's values are written, for the upgrades to come; secrets may be among them
 * @returns the command for those
 * @throws UserError in Helm's words
 */
export async function takeOverWithHelm(
  cli: HelmCli,
  cluster: ClusterAddress,
  plan: Plan,
  valuesFile: string,
  signal: AbortSignal,
): Promise<string> {
  const { found, objects } = plan;
  const { namespace } = found;
  const values = releaseValues(plan);
  const args = ["upgrade", "--install", RELEASE, chartFolder, "--namespace", namespace];
  const own = ["--values", "-", "--take-ownership"];
  const input = JSON.stringify(values);
  const trial = await helm(cli, cluster, [...args, ...own, "--dry-run=server"], { input, signal });
  if (trial.code !== 0) throw refused(trial.stderr);
  writePrivately(
    valuesFile,
    `# Values of the release; what is secret stands here in clear.\n${yaml(values)}`,
  );

  const made = new Set(objects.map((object) => `${object.kind} ${object.metadata?.name}`));
  const to = {
    manager: "helm",
    operation: cli.version.startsWith("3.") ? "Update" : "Apply",
  } as const;
  // The chart leaves the number out: who had claimed it and does not send it would set it to one.
  const isScaled = (object: LiveObject): boolean =>
    nameOf(object) === "Deployment backend" && plan.config.backend.autoscaling;
  await handOverAll(
    cluster,
    found.ours.filter((object) => made.has(nameOf(object))),
    () => to,
    (object) => (isScaled(object) ? [["spec", "replicas"]] : []),
    signal,
  );
  const { code, stderr } = await helm(cli, cluster, [...args, ...own], { input, signal });
  if (code !== 0) throw refused(stderr);
  const others = found.releases.filter(
    (release) => release.name !== RELEASE || release.namespace !== namespace,
  );
  for (const release of others) await forgetRelease(cluster, release);
  return `helm upgrade ${RELEASE} ./helm/todo-app -n ${namespace} --values ${valuesFile}`;
}

function refused(said: string): UserError {
  return new UserError(`Helm refused:\n${tail(said, 5)}`, [
    "npm run take-over   (again, once that is set right: what was done until here stays)",
  ]);
}
