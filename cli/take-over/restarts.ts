/** What a new owner would change in running pods, found before anything is changed. */
import { differences } from "../../review/fields";
import type { Field } from "../../review/model";
import { nameOf, type LiveObject } from "./objects";

/** A workload whose pods would be started anew, and the fields for which. */
export interface Restart {
  name: string;
  fields: string[];
}

interface Template {
  spec?: { template?: unknown };
}

/**
 * Workloads whose pods are not what the new owner asks for. What it does not name is the API server's default, or somebody
 * else's, and no difference.
 */
export function restarts(
  live: readonly LiveObject[],
  wanted: readonly { kind?: string; metadata?: { name?: string } }[],
): Restart[] {
  return wanted.flatMap((object) => {
    const { kind = "", metadata } = object;
    if (kind !== "Deployment" && kind !== "StatefulSet") return [];
    const name = `${kind} ${metadata?.name ?? ""}`;
    const found = live.find((one) => nameOf(one) === name);
    if (found === undefined) return [];
    const after = (object as Template).spec?.template;
    const fields = differences(shapedAs((found as Template).spec?.template, after), after);
    const told = fields.filter((field) => !isNothing(field));
    return told.length === 0 ? [] : [{ name, fields: told.map(inWords) }];
  });
}

/** Whether a default is named that the API server drops. */
function isNothing({ before, after }: Field): boolean {
  return before === undefined && (after === "0" || after === "false" || after === "");
}

function inWords({ path, before, after }: Field): string {
  return `${path.replace(/^spec\./, "")}: ${before ?? "nothing"} → ${after ?? "nothing"}`;
}

/** The part of a value that another one names. */
function shapedAs(value: unknown, shape: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(shape)) {
    return value.map((item: unknown, index) =>
      index in shape ? shapedAs(item, shape[index]) : item,
    );
  }
  if (typeof value !== "object" || value === null) return value;
  if (typeof shape !== "object" || shape === null) return value;
  const entries = Object.entries(shape as Record<string, unknown>);
  return Object.fromEntries(
    entries.flatMap(([key, inner]) => {
      const own = (value as Record<string, unknown>)[key];
      return own === undefined ? [] : [[key, shapedAs(own, inner)] as const];
    }),
  );
}
