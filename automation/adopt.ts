/**
 * A stack's state with objects in it that are in the cluster already, made by another tool. Creating them would fail, since
 * they exist; importing them with the engine's own import would take every default of the API server for the program's wish.
 */
import { randomBytes, randomUUID } from "node:crypto";

/** A resource as the state keeps it; what is not named here is carried along. */
interface Resource {
  urn: string;
  type: string;
  custom?: boolean;
  id?: string;
  parent?: string;
  provider?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  additionalSecretOutputs?: string[];
}

export interface Deployment {
  resources?: Resource[];
}

/** What a preview says of a resource. */
export interface PlannedStep {
  op: string;
  urn: string;
  newState?: Resource;
}

/** A planned object of the cluster, by what the program says of it. */
export interface PlannedObject {
  urn: string;
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
}

/** The state once another tool goes on with the objects: nothing of it is the stack's any more. */
export function released(deployment: Deployment): Deployment {
  return { ...deployment, resources: [] };
}

/** What exists of the resources that a preview would make. */
export interface Existing {
  /** Objects by their URN, as the API server has them. */
  objects: ReadonlyMap<string, { metadata: { name: string; namespace?: string } }>;
  /** By the name of the generated value. */
  generated: ReadonlyMap<string, string>;
}

const isObject = ({ type }: Resource): boolean => type.startsWith("kubernetes:");
const isProvider = ({ type }: Resource): boolean => type.startsWith("pulumi:providers:");
const isGenerated = ({ type }: Resource): boolean =>
  type === "random:index/randomPassword:RandomPassword";

/** The objects that a preview would create. */
export function plannedObjects(steps: readonly PlannedStep[]): PlannedObject[] {
  return steps.flatMap(({ op, urn, newState }) => {
    if (op !== "create" || newState === undefined || !isObject(newState)) return [];
    const { apiVersion, kind, metadata } = newState.inputs as {
      apiVersion: string;
      kind: string;
      metadata: { name: string; namespace?: string };
    };
    return [{ urn, apiVersion, kind, ...metadata }];
  });
}

/** Names of the values that a preview would generate. */
export function plannedValues(steps: readonly PlannedStep[]): string[] {
  return steps.flatMap(({ op, urn, newState }) =>
    op === "create" && newState !== undefined && isGenerated(newState)
      ? [urn.split("::").at(-1) ?? ""]
      : [],
  );
}

/** How the Kubernetes provider names the owner of an object's fields: one name an object, which its state keeps. */
export function fieldManager(): string {
  return `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
}

/**
 * The state with what exists. The update that follows applies every one of these objects, since the labels are left out of
 * what the state says the program asked for: only so does the API server come to hold the provider for their owner.
 * @param managers the name under which the provider will own each object's fields, by URN
 */
export function adopted(
  deployment: Deployment,
  steps: readonly PlannedStep[],
  existing: Existing,
  managers: ReadonlyMap<string, string>,
): Deployment {
  const known = new Map((deployment.resources ?? []).map((resource) => [resource.urn, resource]));
  const providers = new Map(
    [...known.values()].filter(isProvider).map(({ urn, id = "" }) => [urn, id]),
  );
  const added: Resource[] = [];
  const providerOf = (reference: string): string => {
    const urn = reference.slice(0, reference.lastIndexOf("::"));
    let id = providers.get(urn);
    if (id === undefined) {
      // A default provider is no step of a preview.
      id = randomUUID();
      providers.set(urn, id);
      added.push(defaultProvider(urn, id));
    }
    return `${urn}::${id}`;
  };
  for (const { op, urn, newState } of steps) {
    if (op !== "create" || newState === undefined || known.has(urn)) continue;
    const { type, custom = false, parent, inputs } = newState;
    const base = { urn, type, custom, ...(parent === undefined ? {} : { parent }) };
    if (isProvider(newState)) {
      const id = randomUUID();
      providers.set(urn, id);
      added.push({ ...base, id, ...(inputs && { inputs, outputs: inputs }) });
    } else if (!custom) {
      added.push(base);
    } else {
      const made = resourceOf(newState, existing, managers.get(urn));
      if (made === undefined) continue;
      added.push({ ...base, provider: providerOf(newState.provider ?? ""), ...made });
    }
  }
  return { ...deployment, resources: [...(deployment.resources ?? []), ...added] };
}

/** What the state holds of one resource that exists; undefined where it does not. */
function resourceOf(
  planned: Resource,
  { objects, generated }: Existing,
  manager: string | undefined,
): Partial<Resource> | undefined {
  const { urn, inputs = {}, additionalSecretOutputs } = planned;
  const secrets = additionalSecretOutputs === undefined ? {} : { additionalSecretOutputs };
  if (isGenerated(planned)) {
    const value = generated.get(urn.split("::").at(-1) ?? "");
    if (value === undefined) return undefined;
    return { id: "none", inputs, outputs: password(inputs, value), ...secrets };
  }
  const live = objects.get(urn);
  if (live === undefined || manager === undefined) return undefined;
  const { name, namespace } = live.metadata;
  const asked = withoutLabels(inputs);
  return {
    id: namespace === undefined ? name : `${namespace}/${name}`,
    inputs: asked,
    outputs: {
      ...withSecretData(live),
      __inputs: asked,
      __initialApiVersion: inputs["apiVersion"],
      __fieldManager: manager,
    },
    ...secrets,
  };
}

function defaultProvider(urn: string, id: string): Resource {
  // urn:…::pulumi:providers:random::default_4_21_1
  const [type = "", name = ""] = urn.split("::").slice(-2);
  const inputs = { version: name.replace(/^default_/, "").replaceAll("_", ".") };
  return { urn, type, custom: true, id, inputs, outputs: inputs };
}

/** What the random provider keeps of a password, with the attributes that the program does not name at their defaults. */
function password(inputs: Record<string, unknown>, value: string): Record<string, unknown> {
  return {
    __meta: JSON.stringify({ schema_version: "3" }),
    id: "none",
    ...{ lower: true, upper: true, number: true, numeric: true },
    ...{ minLower: 0, minNumeric: 0, minSpecial: 0, minUpper: 0 },
    ...inputs,
    bcryptHash: secret(""),
    result: secret(value),
  };
}

/** Marks a value as secret in a state that is handed to the CLI, which encrypts it. */
function secret(value: unknown): Record<string, string> {
  return {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(value),
  };
}

function withoutLabels(inputs: Record<string, unknown>): Record<string, unknown> {
  const { labels: _, ...metadata } = inputs["metadata"] as Record<string, unknown>;
  const { stringData: __, ...rest } = inputs;
  return { ...rest, metadata };
}

function withSecretData(live: object): Record<string, unknown> {
  const object = { ...live } as Record<string, unknown>;
  return object["kind"] === "Secret" && "data" in object
    ? { ...object, data: secret(object["data"]) }
    : object;
}
