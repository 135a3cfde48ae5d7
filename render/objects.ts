import type { Deployment } from "kubernetes-types/apps/v1";

import { readsSecrets } from "../components/credentials";
import { keyedChecksum, podDigest, secretsChecksum } from "../manifests/checksum";
import { allObjects, componentObjects, type KubernetesObject } from "./component-objects";
import type { ManifestArgs } from "../stack/args";
import { secretData, secretsReadBy, type SecretValues } from "../manifests/secret-data";

export { componentObjects, type KubernetesObject } from "./component-objects";

/** The stack's objects without secret data, in an order in which they can be applied. */
export function stackObjects(plan: ManifestArgs): KubernetesObject[] {
  return allObjects(plan).map(checked);
}

/** Values for the Secrets, and the key of the digests by which pods roll when one changes. */
export interface SecretInput extends SecretValues {
  checksumKey: string;
}

/** The same objects with their secret data, for applying them without the engine. Never write them to a file. */
export function stackObjectsWithSecrets(
  plan: ManifestArgs,
  input: SecretInput,
): KubernetesObject[] {
  const { databaseForms, mcpOwn } = plan.credentials;
  const data = secretData(input, databaseForms);
  const { credentials, database, backend, mcp, frontend } = componentObjects(plan);
  const read = secretsReadBy(data, databaseForms, mcpOwn);
  const digest = (values: Record<string, string>) =>
    podDigest(keyedChecksum(input.checksumKey, values), plan.credentials.keptDigests);
  const digests = new Map<string | undefined, string | undefined>([
    [name(backend.deployment), digest(read.backend)],
    ...(mcp === undefined ? [] : [[name(mcp.deployment), digest(read.mcp)] as const]),
    ...(readsSecrets(plan.credentials)
      ? [[name(frontend.deployment), digest(read.frontend)] as const]
      : []),
    ...(database === undefined
      ? []
      : [[name(database.statefulSet), digest(read.database)] as const]),
  ]);
  const dataOf = new Map(
    Object.entries(credentials).map(([key, secret]) => [
      name(secret),
      data[key as keyof typeof data],
    ]),
  );
  return stackObjects(plan).map((object) => {
    if (object.kind === "Secret") return { ...object, stringData: dataOf.get(name(object)) };
    if (object.kind === "Deployment" || object.kind === "StatefulSet") {
      const checksum = digests.get(name(object));
      return checksum === undefined ? object : withChecksum(object as Deployment, checksum);
    }
    return object;
  });
}

function withChecksum(object: Deployment, checksum: string): Deployment {
  const copy = structuredClone(object);
  const template = copy.spec?.template;
  if (template !== undefined) {
    template.metadata = {
      ...template.metadata,
      annotations: { ...template.metadata?.annotations, [secretsChecksum]: checksum },
    };
  }
  return copy;
}

function name(object: KubernetesObject): string | undefined {
  return object.metadata?.name;
}

/** An `undefined` in a rendered field means that some argument was missing: an error, never silently left out. */
export function checked(object: KubernetesObject): KubernetesObject {
  const visit = (value: unknown, at: string): void => {
    if (value === undefined) throw new Error(`${object.kind} ${name(object)}: ${at} is undefined`);
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) visit(inner, `${at}.${key}`);
  };
  visit(object, object.kind ?? "object");
  return object;
}
