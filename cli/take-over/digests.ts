/** The digests of secrets that running pods carry, for a new owner who computes others of the same secrets. */
import { secretsChecksum } from "../../manifests/checksum";
import type { SecretReader } from "../../manifests/secret-data";
import { nameOf, type LiveObject } from "./objects";

const workloads: Record<SecretReader, string> = {
  backend: "Deployment backend",
  mcp: "Deployment mcp",
  frontend: "Deployment frontend",
  database: "StatefulSet postgres",
};

/**
 * What the new owner computes for each workload → what its pods carry, or an empty text for nothing.
 * @param compute the new owner's digest of what a workload reads
 */
export function keptDigests(
  objects: readonly LiveObject[],
  compute: (reader: SecretReader) => string,
): Record<string, string> {
  const entries = (Object.keys(workloads) as SecretReader[]).flatMap((reader) => {
    const object = objects.find((one) => nameOf(one) === workloads[reader]);
    return object === undefined ? [] : [[compute(reader), digestOn(object)] as const];
  });
  return Object.fromEntries(entries);
}

function digestOn({ spec }: LiveObject): string {
  const template = spec?.["template"] as
    { metadata?: { annotations?: Record<string, string> } } | undefined;
  return template?.metadata?.annotations?.[secretsChecksum] ?? "";
}
