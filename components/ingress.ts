import { Ingress as IngressResource } from "@pulumi/kubernetes/networking/v1/ingress";
import * as pulumi from "@pulumi/pulumi";
import type { Ingress as IngressManifest } from "kubernetes-types/networking/v1";

import { labels } from "../manifests/labels";
import { type InNamespace, plain, within } from "./namespace";

/** The way in by a host name, through the cluster's ingress controller. */
export interface IngressArgs {
  namespace: string;
  host: string;
  /** Class of the controller; absent is the cluster's default. */
  className?: string;
  /** Secret with the certificate; cert-manager writes it when an annotation names its issuer. */
  tlsSecret?: string;
  /** For the controller and for cert-manager. */
  annotations: Record<string, string>;
  /** The Service behind it. */
  service: { name: string; port: number };
}

/** Everything of the host goes to the front end, which forwards what is the back end's. */
export function manifests(args: IngressArgs): { ingress: IngressManifest } {
  const { namespace, host, className, tlsSecret, annotations, service } = args;
  return {
    ingress: {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: {
        name: "todo-app",
        namespace,
        labels: labels("todo-app", "ingress"),
        ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      },
      spec: {
        ...(className === undefined ? {} : { ingressClassName: className }),
        ...(tlsSecret === undefined ? {} : { tls: [{ hosts: [host], secretName: tlsSecret }] }),
        rules: [
          {
            host,
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: service.name, port: { number: service.port } } },
                },
              ],
            },
          },
        ],
      },
    },
  };
}

export class Ingress extends pulumi.ComponentResource {
  constructor(
    name: string,
    props: InNamespace<IngressArgs>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("todo-app:index:Ingress", name, {}, within(props, opts));
    const { ingress } = manifests(plain(props));
    new IngressResource(
      "todo-app",
      {
        ...ingress,
        metadata: {
          ...ingress.metadata,
          // A controller may take minutes to give it an address, or be missing: no reason for an update to hang.
          annotations: { ...ingress.metadata?.annotations, "pulumi.com/skipAwait": "true" },
        },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
