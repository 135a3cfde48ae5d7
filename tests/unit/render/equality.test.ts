import fc from "fast-check";
import assert from "node:assert/strict";

import type { StackConfig } from "../../../config/stack";
import { databaseForms } from "../../../stack/database-forms";
import { manifestArgs } from "../../../stack/args";
import { secretNames } from "../../../manifests/names";
import { databaseUrl, secretData } from "../../../manifests/secret-data";
import { notInChart, chartValues } from "../../../render/chart/values";
import { manifestFiles, refusal } from "../../../render/manifests";
import { stackObjects } from "../../../render/objects";
import { declarations } from "../../../render/tree";
import { parseStackFile } from "../../../config/stack-file";
import { root, stackFile } from "../fixtures/stack";
import { arbitraries, type Changes, configurations } from "./support/configurations";
import {
  optionalSecretSamples,
  notGenerated,
  renderableValues,
  sampleReferences,
  secretMap,
  secretSamples,
} from "./support/equivalent";
import { helmTemplate, helmTemplates } from "./support/helm";
import { byIdentity, comparable, type Parsed, parseObjects } from "./support/objects";
import { forGenerated } from "./support/concurrently";
import { buildTimeout, goProgram } from "./support/tools";

/** Cases of one run; RENDER_SEED=… looks at others, RENDER_CASES=… at more or fewer. */
const cases = Number(process.env["RENDER_CASES"] ?? 200);
const seed = Number(process.env["RENDER_SEED"] ?? 20260126);

const defaults = stackFile();

function stackConfig(changes: Changes): StackConfig {
  return parseStackFile({ ...defaults, values: { ...defaults.values, ...changes } });
}

function programObjects(config: StackConfig): Parsed[] {
  const objects = stackObjects(manifestArgs(config, sampleReferences(config)));
  return JSON.parse(JSON.stringify(objects)) as Parsed[];
}

function compared(objects: readonly Parsed[], config: StackConfig): Record<string, Parsed> {
  return byIdentity(objects.map((object) => comparable(object, config.backend.autoscaling)));
}

/** kagent is installed by charts of its own, into a namespace of its own. */
function inChart(objects: readonly Parsed[]): Parsed[] {
  return objects.filter(
    ({ kind, metadata }) =>
      !(
        metadata.labels?.["app"] === "kagent" ||
        (kind === "Namespace" && ["kagent", "agents"].includes(metadata.name))
      ),
  );
}

/** Values of the Secrets: those that the configuration names, and others in place of those that are generated. */
function expectedSecrets(
  changes: Changes,
  { databasePassword: password, jwtSecret }: typeof notGenerated,
) {
  const given = (key: string) => (key in changes ? (secretSamples[key] ?? "") : "");
  const values = {
    databaseUrl: given("databaseUrl") || (password === "" ? "" : databaseUrl(password)),
    jwtSecret: given("jwtSecret") || jwtSecret,
    openaiApiKey: given("openaiApiKey"),
    databasePassword: password,
    registry: String(changes["registry"]),
    registryUsername: (changes["registryUsername"] as string | undefined) ?? "",
    registryPassword: given("registryPassword"),
    frontendEnv: secretMap(changes["frontendSecretEnv"]),
    backendEnv: { ...secretMap(changes["backendSecretEnv"]), ...optionalSecretSamples(changes) },
    mcpEnv: secretMap(changes["mcpSecretEnv"]),
  };
  const data = secretData(values, databaseForms(stackConfig(changes)));
  return Object.fromEntries(
    Object.entries(secretNames).map(([part, name]) => [name, data[part as keyof typeof data]]),
  );
}

describe("program, manifests and chart", function () {
  this.timeout(10 * 60_000);

  it("have the same objects for any configuration", () => {
    fc.assert(
      fc.property(configurations, (changes) => {
        const config = stackConfig(changes);
        const texts = [...manifestFiles(config, sampleReferences(config))]
          .filter(([file]) => file !== "kustomization.yaml")
          .map(([, text]) => text);
        const rendered = texts.flatMap(parseObjects).map((object) => {
          Reflect.deleteProperty(object, refusal);
          return object;
        });
        assert.deepEqual(compared(rendered, config), compared(programObjects(config), config));
      }),
      { numRuns: cases, seed, endOnFailure: true },
    );
  });

  for (const version of ["helm4", "helm3"] as const) {
    it(`have the same objects as ${version} template with the equivalent values`, async function () {
      this.timeout(buildTimeout);
      const helm = await goProgram(version);
      if (helm === undefined) this.skip();
      const valuesOf = (changes: Changes) => {
        const config = stackConfig(changes);
        return renderableValues(changes, sampleReferences(config), programObjects(config));
      };
      const make = async (all: readonly Changes[]) => {
        const made = await helmTemplates(helm, all.map(valuesOf));
        // One of them by a command of its own, as people render the chart.
        const [changes = {}] = all;
        made[0] = await helmTemplate(helm, valuesOf(changes));
        return made;
      };
      await forGenerated(configurations, { numRuns: cases, seed }, make, (changes, objects) => {
        const config = stackConfig(changes);
        const program = programObjects(config);
        assert.deepEqual(compared(objects, config), compared(inChart(program), config));
        const secrets = objects.filter(({ kind }) => kind === "Secret");
        const { embedded } = config.database;
        const databasePassword = embedded ? notGenerated.databasePassword : "";
        const expected = expectedSecrets(changes, { ...notGenerated, databasePassword });
        for (const { metadata, stringData } of secrets) {
          assert.deepEqual(readable(stringData), readable(expected[metadata.name]));
        }
      });
    });
  }
});

describe("the generated configurations", () => {
  const keys = Object.keys(declarations(root));

  it("set every configuration key", () => {
    assert.deepEqual(Object.keys(arbitraries).sort(), keys.sort());
  });

  it("hold no key that changes no object in any case", () => {
    /** These change what `pulumi up` does with the objects, or the values of Secrets, not the objects. */
    const elsewhere = [
      ...["imageLoadCommand", "databaseProtect", "jwtSecret", "openaiApiKey", "registryUsername"],
      ...["externalDatabase", "keptDigests"],
      ...["kagentVersion", "kagentMcpToken"],
    ];
    const alive = new Set<string>(elsewhere);
    for (const changes of fc.sample(configurations, { numRuns: cases, seed })) {
      const whole = objectsOrNothing(changes);
      for (const key of Object.keys(changes)) {
        const arbitrary = arbitraries[key];
        if (alive.has(key) || arbitrary === undefined) continue;
        const without = Object.fromEntries(Object.entries(changes).filter(([k]) => k !== key));
        const others = fc.sample(arbitrary, { numRuns: 3, seed });
        const differs = [without, ...others.map((value) => ({ ...changes, [key]: value }))]
          .map(objectsOrNothing)
          .some((objects) => objects !== undefined && objects !== whole);
        if (differs) alive.add(key);
      }
    }
    assert.deepEqual(
      keys.filter((key) => !alive.has(key)),
      [],
    );
  });

  it("name a key of values.yaml for each, or the reason why it has none", () => {
    const known = [...chartValues.map(({ config }) => config), ...Object.keys(notInChart)];
    assert.deepEqual(
      keys.filter((key) => !known.includes(key)),
      [],
    );
  });
});

/** Secret data with JSON, whose order of keys means nothing, as values. */
function readable(data: Record<string, string> = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([key, text]) => [
      key,
      key === ".dockerconfigjson" ? (JSON.parse(text) as unknown) : text,
    ]),
  );
}

/** Undefined where a rule over several keys forbids it. */
function objectsOrNothing(changes: Changes): string | undefined {
  try {
    return JSON.stringify(programObjects(stackConfig(changes)));
  } catch {
    return undefined;
  }
}
