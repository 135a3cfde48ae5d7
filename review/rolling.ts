/** Why the pods of a workload are replaced, in a reader's words. */
import { hasPods } from "./kinds";
import type { Field } from "./model";

/** Annotations by which pods follow what they read at their start (components/checksum.ts). */
const settings = /annotations[.["]*checksum\/config/;
const secrets = /annotations[.["]*checksum\/secrets/;

/** Whether a field only says that something else has changed. */
export function isChecksum(path: string): boolean {
  return settings.test(path) || secrets.test(path);
}

function reason(path: string): string {
  if (secrets.test(path)) return "a secret that they read";
  if (settings.test(path)) return "settings that they read";
  if (/\.image$/.test(path)) return "another image";
  if (/\.env\b|\.envFrom\b/.test(path)) return "environment";
  if (/\.resources\b/.test(path)) return "requests and limits";
  if (/Probe\b/.test(path)) return "probes";
  if (/\.(command|args)\b/.test(path)) return "command";
  if (/securityContext/.test(path)) return "security context";
  return path.replace(/^spec\.template\./, "");
}

/** The reasons, each once; undefined when the pods stay. */
export function rollReasons(kind: string, fields: readonly Field[]): string[] | undefined {
  if (!hasPods(kind)) return undefined;
  const reasons = fields
    .filter(({ path }) => path.startsWith("spec.template."))
    .map(({ path }) => reason(path));
  return reasons.length === 0 ? undefined : [...new Set(reasons)];
}
