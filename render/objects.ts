import * as backend from "../components/backend";
import { keyedChecksum, secretsChecksum } from "../components/checksum";
import * as credentials from "../components/credentials";
import * as database from "../components/database";
import * as frontend from "../components/frontend";
import * as namespace from "../components/namespace";
import type { Plan } from "../components/plan";
import { secretData, type SecretValues } from "../components/secret-data";
import * as settings from "../components/settings";

import type { Deployment, StatefulSet } from "kubernetes-types/apps/v1";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import type { ConfigMap, Namespace, Secret, Service } from "kubernetes-types/core/v1";

export type KubernetesObject =
  Namespace | Secret | ConfigMap | StatefulSet | Deployment | Service | HorizontalPodAutoscaler;

/** The stack's objects by the component that makes them, from the very functions that the program registers. */
export function componentObjects(plan: Plan) {
  return {
    namespace: namespace.manifests(plan.namespace),
    credentials: credentials.manifests(plan.credentials),
    settings: settings.manifests(plan.settings),
    database: plan.database === undefined ? undefined : database.manifests(plan.database),
    backend: backend.manifests(plan.backend),
    frontend: frontend.manifests(plan.frontend),
  };
}

/** The stack's objects without secret data, in the order in which they can be applied. */
export function stackObjects(plan: Plan): KubernetesObject[] {
  const { namespace, credentials, settings, database, backend, frontend } = componentObjects(plan);
  return [
    namespace.namespace,
    ...present(Object.values(credentials)),
    settings.configMap,
    ...(database === undefined ? [] : [database.service, database.statefulSet]),
    backend.service,
    backend.deployment,
    ...present([backend.autoscaler]),
    frontend.service,
    frontend.deployment,
  ].map(checked);
}

/** Values for the Secrets, and the key of the digests by which pods roll when one changes. */
export interface SecretInput extends SecretValues {
  checksumKey: string;
}

/** The same objects with their secret data, for applying them without the engine. Never write them to a file. */
export function stackObjectsWithSecrets(plan: Plan, input: SecretInput): KubernetesObject[] {
  const data = secretData(input);
  const { credentials, database, backend, frontend } = componentObjects(plan);
  const digests = new Map<string | undefined, string>([
    [name(backend.deployment), digest(input, { ...data.application, ...data.backendEnv })],
    ...(plan.credentials.frontendEnv
      ? [[name(frontend.deployment), digest(input, data.frontendEnv)] as const]
      : []),
    ...(database === undefined
      ? []
      : [[name(database.statefulSet), digest(input, data.database)] as const]),
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

function digest(input: SecretInput, values: Record<string, string>): string {
  return keyedChecksum(input.checksumKey, values);
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

function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}

/** An `undefined` in a rendered field means that some argument was missing: an error, never silently left out. */
function checked(object: KubernetesObject): KubernetesObject {
  const visit = (value: unknown, at: string): void => {
    if (value === undefined) throw new Error(`${object.kind} ${name(object)}: ${at} is undefined`);
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) visit(inner, `${at}.${key}`);
  };
  visit(object, object.kind ?? "object");
  return object;
}
