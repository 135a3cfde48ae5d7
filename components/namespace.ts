import { Namespace as NamespaceResource } from "@pulumi/kubernetes/core/v1/namespace";
import * as pulumi from "@pulumi/pulumi";
import type { Namespace as NamespaceManifest } from "kubernetes-types/core/v1";

/** The namespace of the whole application. */
export interface NamespaceArgs {
  name: string;
  /** Level of the Pod Security admission: what a pod must keep to, or it is refused. */
  podSecurity: "restricted" | "baseline";
  /** Refuses to destroy the namespace, and so everything in it. @default false */
  protect?: boolean;
}

/** With the labels of Kubernetes's Pod Security admission. */
export function manifests(args: NamespaceArgs): { namespace: NamespaceManifest } {
  return {
    namespace: {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: args.name,
        labels: {
          "app.kubernetes.io/name": "todo-app",
          "app.kubernetes.io/part-of": "evolution-of-todo",
          "pod-security.kubernetes.io/enforce": args.podSecurity,
          "pod-security.kubernetes.io/warn": args.podSecurity,
        },
      },
    },
  };
}

export class Namespace extends pulumi.ComponentResource {
  /** Name of the namespace. */
  readonly name: string;
  readonly namespace: NamespaceResource;

  constructor(name: string, args: NamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("todo-app:index:Namespace", name, {}, opts);
    this.name = args.name;
    this.namespace = new NamespaceResource(args.name, manifests(args).namespace, {
      parent: this,
      protect: args.protect ?? false,
      // Its volumes go with it; a local disk's wipe takes its time.
      customTimeouts: { delete: "3m" },
    });
    this.registerOutputs({});
  }
}

/** A component's arguments with the namespace that its objects are in, in place of its name: they wait for it. */
export type InNamespace<Args extends { namespace: string }> = Omit<Args, "namespace"> & {
  namespace: Namespace;
};

/** The arguments as plain values, for the pure functions that make the objects. */
export function plain<Args extends { namespace: string }>(props: InNamespace<Args>): Args {
  return { ...props, namespace: props.namespace.name } as unknown as Args;
}

/** The options of a component whose objects are in a namespace of the stack's own. */
export function within(
  { namespace }: InNamespace<{ namespace: string }>,
  opts?: pulumi.ComponentResourceOptions,
): pulumi.ComponentResourceOptions {
  return pulumi.mergeOptions({ dependsOn: namespace }, opts);
}
