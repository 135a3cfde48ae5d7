import { createHash, createHmac } from "node:crypto";

/** Annotations that make a pod roll when what it read at its start has changed. */
export const configChecksum = "checksum/config";
export const secretsChecksum = "checksum/secrets";

/** Short digest of settings that are no secret; keys in any order. */
export function checksum(values: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(canonical(values)).digest("hex").slice(0, 16);
}

/**
 * Digest of secret values that gives nothing away: without `key`, a value cannot be guessed and checked against it,
 * so it may stand in a preview.
 */
export function keyedChecksum(key: string, values: Readonly<Record<string, string>>): string {
  return createHmac("sha256", key).update(canonical(values)).digest("hex").slice(0, 16);
}

/**
 * Digests under which pods already run that another tool started from the same secrets: the digest that is computed here →
 * theirs; empty where theirs carry none. Pods are not restarted for the mere change of tool.
 */
export type KeptDigests = Readonly<Record<string, string>>;

/** The digest that the pods carry; undefined for none. */
export function podDigest(computed: string, kept: KeptDigests): string | undefined {
  const theirs = kept[computed] ?? computed;
  return theirs === "" ? undefined : theirs;
}

function canonical(values: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
