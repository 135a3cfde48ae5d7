import * as pulumi from "@pulumi/pulumi";
import type { DeploymentSpec } from "kubernetes-types/apps/v1";
import type { ServiceSpec } from "kubernetes-types/core/v1";
import { isDeepStrictEqual } from "node:util";

import { NamespaceKubectl } from "../tools/kubectl";

/** Under which name the provider makes objects; from the first update on it applies them under the one in its state. */
const CREATOR = "pulumi-kubernetes";

interface ManagedObject {
  metadata?: { managedFields?: { manager?: string; operation?: string }[] };
}

/**
 * Lets a changed port take the place of the old one, in previews too. Server-side apply merges ports by their number, and
 * takes away only what the applying manager has applied before. An object that was never updated belongs to its creator's
 * name, so the old port would stay beside the new one and be refused for its name ("Duplicate value"). The provider hands
 * the fields over at each update, but not before the dry run of a preview. This writes who owns the fields, never a field.
 */
export function replacePorts(
  kubeContext: string,
  namespace: string,
  kind: "service" | "deployment",
  name: string,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    `replace-ports-${kind}-${name}`,
    async ({ oldInputs, newInputs, oldOutputs }) => {
      const manager: unknown = oldOutputs?.["__fieldManager"];
      if (typeof manager !== "string") return;
      if (isDeepStrictEqual(portsOf(oldInputs), portsOf(newInputs))) return;
      const kubectl = new NamespaceKubectl({ context: kubeContext }, namespace);
      // Without an answer or the right to it, the API server's own words about the ports are what is shown.
      const live = await kubectl.ask(["get", kind, name, "--show-managed-fields", "--output=json"]);
      if (live === undefined) return;
      const owners = (JSON.parse(live) as ManagedObject).metadata?.managedFields ?? [];
      const index = owners.findIndex(
        (owner) => owner.manager === CREATOR && owner.operation === "Update",
      );
      if (index === -1 || owners.some((owner) => owner.manager === manager)) return;
      const path = `/metadata/managedFields/${index}`;
      const patch = [
        { op: "test", path: `${path}/manager`, value: CREATOR },
        { op: "replace", path: `${path}/manager`, value: manager },
        { op: "replace", path: `${path}/operation`, value: "Apply" },
      ];
      await kubectl.ask(["patch", kind, name, "--type=json", `--patch=${JSON.stringify(patch)}`]);
    },
    { onDryRun: true },
  );
}

/** Those of a Service, or of a Deployment's containers. */
function portsOf(inputs: Record<string, unknown> | undefined): unknown {
  const { spec } = (inputs ?? {}) as { spec?: Partial<ServiceSpec & DeploymentSpec> };
  return [spec?.ports, spec?.template?.spec?.containers.map(({ ports }) => ports)];
}
