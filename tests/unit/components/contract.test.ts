import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parseAllDocuments } from "yaml";

import { manifestArgs } from "../../../stack/args";
import { type KubernetesObject, stackObjects } from "../../../render/objects";
import { references, stackConfig } from "../fixtures/stack";

/** Fields in which the program departs from the contract on purpose; the reasons are in docs/architecture.md. */
const departures = new Map<string, unknown>([
  ["livenessProbe.initialDelaySeconds", 0],
  ["readinessProbe.initialDelaySeconds", 0],
  ["livenessProbe.httpGet.path", "/livez"],
  ["readinessProbe.httpGet.path", "/readyz"],
]);

function identity(object: KubernetesObject): string {
  return `${object.kind} ${object.metadata?.name}`;
}

/** Every field of `wanted` that `found` does not have, as `path: wanted, found`. Named items are matched by name. */
function missing(wanted: unknown, found: unknown, at: string): string[] {
  if (Array.isArray(wanted)) {
    const items: unknown[] = Array.isArray(found) ? found : [];
    return wanted.flatMap((item: unknown, index) => {
      const name = (item as { name?: string } | null)?.name;
      const partner =
        name === undefined
          ? items[index]
          : items.find((other) => (other as { name?: string } | null)?.name === name);
      return missing(item, partner, `${at}[${name ?? index}]`);
    });
  }
  if (typeof wanted === "object" && wanted !== null) {
    return Object.entries(wanted).flatMap(([key, value]) =>
      missing(value, (found as Record<string, unknown> | undefined)?.[key], `${at}.${key}`),
    );
  }
  if (wanted === found) return [];
  const departure = [...departures].find(([end]) => at.endsWith(end));
  if (departure !== undefined && found === departure[1]) return [];
  return [
    `${at}: ${JSON.stringify(wanted)} in the contract, ${JSON.stringify(found)} in the program`,
  ];
}

describe("the objects that people and tools know by name, port, label and limit", () => {
  const objects = stackObjects(manifestArgs(stackConfig(), references));
  const documents = parseAllDocuments(
    readFileSync(path.join(__dirname, "..", "fixtures", "contract-objects.yaml"), "utf8"),
  ).map((document) => document.toJS() as KubernetesObject);

  it("are eight", () => {
    assert.equal(documents.length, 8);
  });

  for (const wanted of documents) {
    it(`${identity(wanted)} is made to the letter`, () => {
      const found = objects.find((object) => identity(object) === identity(wanted));
      const { stringData, ...rest } = wanted as KubernetesObject & { stringData?: object };
      assert.deepEqual(missing(rest, found, identity(wanted)), []);
      // Secret values never stand in a manifest; their keys are tested with secretData.
      assert.equal(stringData !== undefined, wanted.kind === "Secret");
    });
  }
});
