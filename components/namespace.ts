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

/** Seed section 3.1, with the labels of Kubernetes's Pod Security admission. */
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
  /** The object that everything else lies in, for `dependsOn`. */
  readonly namespace: NamespaceResource;

  constructor(name: string, args: NamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("todo-app:index:Namespace", name, {}, opts);
    this.namespace = new NamespaceResource(args.name, manifests(args).namespace, {
      parent: this,
      protect: args.protect ?? false,
      // Its volumes go with it; a local disk's wipe takes its time.
      customTimeouts: { delete: "3m" },
    });
    this.registerOutputs({});
  }
}
