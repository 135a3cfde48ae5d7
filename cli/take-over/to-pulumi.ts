/** Brings what another tool has deployed into a Pulumi stack: nothing is deleted, made anew or restarted. */
import * as fs from "node:fs";
import { randomBytes } from "node:crypto";
import { parseDocument } from "yaml";
import {
  adopted,
  fieldManager,
  plannedObjects,
  plannedValues,
  type PlannedStep,
} from "../../automation/adopt";
import type { TodoStack } from "../../automation";
import { secretsReadBy, secretData, type SecretReader } from "../../manifests/secret-data";
import { keyedChecksum } from "../../manifests/checksum";
import { parseStackFile, readStackFile } from "../../config/stack-file";
import { stackArgs } from "../../stack/args";
import { UserError } from "../../tools/errors";
import type { ClusterAddress } from "../../tools/kubectl";
import { root } from "../../tools/paths";
import { namespaceOf, stackFile } from "../stack-file";
import { print } from "../terminal";
import { keptDigests } from "./digests";
import { forgetRelease, handOverAll } from "./hand-over";
import { list, readNamespace, refuseStrangers, type Found } from "./found";
import { leftovers, nameOf, type LiveObject } from "./objects";
import { asValues, type FoundSecrets, secretsIn, userSecrets } from "./secrets";

/** What was taken over, for people. */
export interface TakenOver {
  /** "kubectl", "Helm", … */
  tools: string[];
  objects: number;
  /** Objects of the application that the stack does not have; they stay as they are. */
  left: string[];
}

/**
 * Makes the stack the owner of what its namespace holds. The update that follows brings the objects to what the program
 * says; where that is what they are, nothing happens to them.
 * @throws UserError where the namespace is not this application's; nothing is changed then
 */
export async function takeOverWithPulumi(
  handle: TodoStack,
  cluster: ClusterAddress,
  signal: AbortSignal,
): Promise<TakenOver> {
  const stack = handle.name;
  const found = await readNamespace(cluster, namespaceOf(stack));
  const secrets = secretsIn(found.ours);
  await configureSecrets(handle, secrets);
  const steps = await handle.planned(signal);
  const planned = plannedObjects(steps);
  if (planned.length === 0) {
    throw new UserError(
      `The stack ${stack} has all its objects already: there is nothing to take over.`,
      ["npm start"],
    );
  }
  const own = planned.filter(({ namespace }) => namespace === found.namespace);
  const wanted = new Set(own.map(({ kind, name }) => `${kind} ${name}`));
  refuseStrangers(found, wanted, true);
  const live = await existing(cluster, found, planned);
  const checksumKey = randomBytes(24).toString("base64url");
  const { databaseForms, mcpOwn } = stackArgs(
    parseStackFile(readStackFile(stack, root)),
  ).credentials;
  const data = secretData(asValues(secrets), databaseForms);
  const read = secretsReadBy(data, databaseForms, mcpOwn);
  const digest = (reader: SecretReader): string => keyedChecksum(checksumKey, read[reader]);
  keepDigests(stack, keptDigests(found.ours, digest));

  const managers = new Map([...live.keys()].map((urn) => [urn, fieldManager()]));
  const urns = new Map([...live].map(([urn, object]) => [object, urn]));
  const manager = (object: LiveObject): string => managers.get(urns.get(object) ?? "") ?? "";
  await handOverAll(
    cluster,
    [...live.values()],
    (object) => ({ manager: manager(object), operation: "Apply" }),
    () => [],
    signal,
  );
  const before = await handle.exportState();
  const state = adopted(
    before.deployment,
    steps.map((step) => known(step, live)),
    {
      objects: new Map([...live].map(([urn, o]) => [urn, plain(o)])),
      generated: generated(steps, secrets, checksumKey),
    },
    managers,
  );
  await handle.importState({ ...before, deployment: state });
  for (const release of found.releases) await forgetRelease(cluster, release);

  const left = found.ours.filter(
    (object) => !wanted.has(nameOf(object)) && object.kind !== "Namespace",
  );
  return { tools: found.tools, objects: live.size, left: left.map(nameOf) };
}

/** Values that the user chose and that only the cluster knows are written into the stack's file, encrypted. */
async function configureSecrets(handle: TodoStack, secrets: FoundSecrets): Promise<void> {
  const file = readStackFile(handle.name, root);
  const { given } = parseStackFile(file);
  const names = (key: string): string[] =>
    Object.keys((file.values[key] as object | undefined) ?? {}).map((name) => `${key}.${name}`);
  const present = new Set([
    ...Object.entries(given).flatMap(([key, isGiven]) => (isGiven ? [key] : [])),
    ...["frontendSecretEnv", "backendSecretEnv", "mcpSecretEnv"].flatMap(names),
  ]);
  const missing = userSecrets(secrets, present);
  for (const [key, value] of missing) await handle.setSecret(key, value);
  if (missing.size > 0) {
    print(
      `Read from the cluster into Pulumi.${handle.name}.yaml, encrypted: ${[...missing.keys()].join(", ")}`,
    );
  }
}

/** The planned objects that are in the cluster, by URN. */
async function existing(
  cluster: ClusterAddress,
  { holder, all }: Found,
  planned: ReturnType<typeof plannedObjects>,
): Promise<Map<string, LiveObject>> {
  const live = new Map<string, LiveObject>();
  for (const { urn, kind, name, namespace, apiVersion } of planned) {
    const known = [holder, ...all].find(
      (object) =>
        object.kind === kind &&
        object.metadata.name === name &&
        object.metadata.namespace === namespace &&
        object.apiVersion === apiVersion,
    );
    if (known !== undefined) live.set(urn, known);
    // What the stack has in other namespaces is read one by one: kagent's objects alone are.
    else if (namespace !== holder.metadata.name) {
      const [group = "", version = ""] = apiVersion.includes("/")
        ? apiVersion.split("/")
        : ["", apiVersion];
      const type = `${kind.toLowerCase()}.${version}.${group}`;
      const where = namespace === undefined ? [] : ["-n", namespace];
      const [object] = await list(cluster, [...where, type, name, "--ignore-not-found"]).catch(
        () => [],
      );
      if (object !== undefined) live.set(urn, object);
    }
  }
  return live;
}

/** The generated values that go on: those of the cluster, and a new key for the digests. */
function generated(
  steps: readonly PlannedStep[],
  secrets: FoundSecrets,
  checksumKey: string,
): Map<string, string> {
  const values: Record<string, string | undefined> = {
    "database-password": secrets.databasePassword,
    "jwt-secret": secrets.jwtSecret,
    "checksum-key": checksumKey,
  };
  return new Map(
    plannedValues(steps).flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function keepDigests(stack: string, digests: Record<string, string>): void {
  const file = stackFile(stack);
  const document = parseDocument(fs.readFileSync(file, "utf8"));
  document.setIn(["config", "todo-app:keptDigests"], document.createNode(digests));
  fs.writeFileSync(file, document.toString({ lineWidth: 0 }));
}

/** Stands in a preview for a value that is known only after the update. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The step with the pods' digests in place of those that only the update knows. */
function known(step: PlannedStep, live: ReadonlyMap<string, LiveObject>): PlannedStep {
  const spec = live.get(step.urn)?.spec as
    { template?: { metadata?: { annotations?: Record<string, string> } } } | undefined;
  const annotations = spec?.template?.metadata?.annotations ?? {};
  const digests = Object.fromEntries(
    Object.entries(annotations).filter(([name]) => name.startsWith("checksum/")),
  );
  const replaced = JSON.parse(JSON.stringify(step), (_, value: unknown) =>
    value === UNKNOWN ? digests : value,
  ) as PlannedStep;
  return replaced;
}

/** An object without the tools' notes: kubectl's is a copy of the whole manifest, secrets in clear. */
function plain(object: LiveObject): LiveObject {
  const { managedFields: _, annotations = {}, ...metadata } = object.metadata;
  const kept = Object.entries(annotations).filter(
    ([key]) => !(leftovers.annotations as readonly string[]).includes(key),
  );
  return { ...object, metadata: { ...metadata, annotations: Object.fromEntries(kept) } };
}
