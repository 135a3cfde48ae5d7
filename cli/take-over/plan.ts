/** What kubectl or Helm are to go on with: the stack's objects, with the images and secrets that run now. */
import * as fs from "node:fs";
import { parseStackFile, type StackFile } from "../../config/stack-file";
import type { StackConfig } from "../../config/stack";
import { readStackFile } from "../../config/stack-file";
import type { PerApplication } from "../../stack/per-application";
import { manifestArgs } from "../../stack/args";
import { stackObjects, type KubernetesObject } from "../../render/objects";
import { declarations } from "../../render/tree";
import { UserError } from "../../tools/errors";
import type { ClusterAddress } from "../../tools/kubectl";
import { root } from "../../tools/paths";
import { stackFile } from "../stack-file";
import { confirm, print } from "../terminal";
import { readNamespace, refuseStrangers, type Found } from "./found";
import { nameOf, type LiveObject } from "./objects";
import { restarts } from "./restarts";
import { isEmbedded, secretsIn, userSecrets, type FoundSecrets } from "./secrets";

export interface Plan {
  /** The stack's keys, without the project's prefix; what is encrypted counts as given. */
  configuration: Record<string, unknown>;
  config: StackConfig;
  found: Found;
  secrets: FoundSecrets;
  /** The images that run, with their tags. */
  references: PerApplication<string>;
  objects: KubernetesObject[];
}

/**
 * Reads the namespace, and makes of the stack's configuration what goes on there.
 * @param namespace in place of the configuration's
 * @throws UserError where the namespace is not this application's
 */
export async function planned(
  cluster: ClusterAddress,
  stack: string,
  namespace: string | undefined,
): Promise<Plan> {
  const file = configurationOf(stack);
  if (namespace !== undefined) file.values["namespace"] = namespace;
  const given = parseStackFile(file);
  const found = await readNamespace(cluster, given.namespace);
  const secrets = secretsIn(found.ours);
  const configuration = withSecrets(file, secrets);
  const config = parseStackFile({ ...file, values: configuration });
  const references = imagesIn(found.ours, config.mcp.ownImage);
  const objects = stackObjects(manifestArgs(config, references));
  const names = objects.map((object) => `${object.kind} ${object.metadata?.name}`);
  refuseStrangers(found, new Set(names), false);
  return { configuration: typed(configuration), config, found, secrets, references, objects };
}

/** The stack's file; for who has none, the defaults, of which `k8s/` and the chart are made too. */
function configurationOf(stack: string): StackFile {
  if (fs.existsSync(stackFile(stack))) return readStackFile(stack, root);
  const values = Object.entries(declarations(root)).map(([key, { default: value }]) => [
    key,
    value,
  ]);
  return { values: Object.fromEntries(values) as Record<string, unknown>, context: "any" };
}

/** Numbers and truth values as such: `pulumi config set` writes them as text, which Helm's schema refuses. */
function typed(values: Record<string, unknown>): Record<string, unknown> {
  const declared = declarations(root);
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const type = declared[key]?.type;
      const isText = typeof value === "string";
      if (isText && (type === "integer" || type === "boolean")) return [key, JSON.parse(value)];
      return [key, value];
    }),
  );
}

/** The user's own secrets that are in the cluster count as given, as the program must know which variables the pods read. */
function withSecrets({ values }: StackFile, secrets: FoundSecrets): Record<string, unknown> {
  const encrypted = { secure: "" };
  const all: Record<string, unknown> = { ...values };
  for (const path of userSecrets(secrets, new Set()).keys()) {
    const [key = "", name] = path.split(".");
    all[key] =
      name === undefined ? encrypted : { ...(all[key] as object | undefined), [name]: encrypted };
  }
  if (isEmbedded(secrets)) delete all["databaseUrl"];
  return all;
}

function imagesIn(objects: readonly LiveObject[], mcpOwn: boolean): PerApplication<string> {
  const image = (name: string): string => {
    const found = objects.find((object) => nameOf(object) === `Deployment ${name}`);
    const spec = found?.spec as
      { template: { spec: { containers: { image: string }[] } } } | undefined;
    const reference = spec?.template.spec.containers[0]?.image;
    if (reference === undefined) {
      throw new UserError(`There is no Deployment ${name} in the namespace.`, ["npm start"]);
    }
    return reference;
  };
  return {
    frontend: image("frontend"),
    backend: image("backend"),
    ...(mcpOwn ? { mcp: image("mcp") } : {}),
  };
}

/** Says whose pods would be started anew, and asks; a configuration may differ from what runs. */
export async function acceptRestarts(
  { found, objects }: Plan,
  agreed: boolean,
  signal: AbortSignal,
): Promise<void> {
  const all = restarts(found.ours, objects);
  for (const { name, fields } of all) {
    print(`The pods of ${name} are started anew, one after the other, since this differs:`);
    for (const field of fields) print(`  ${field}`);
  }
  if (all.length === 0 || agreed) return;
  if (!(await confirm("Go on?", signal))) throw new UserError("Stopped; nothing was changed.");
}
