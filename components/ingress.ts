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
  service: HostService;
  /** Another one behind some of its paths. */
  api?: {
    service: HostService;
    /** Each without a slash at the end. */
    paths: string[];
    /** Whether it is asked without that path. */
    rewrite: boolean;
  };
}

interface HostService {
  name: string;
  port: number;
}

/** ingress-nginx's own words for: ask without the path, which is the first group of the pattern below. */
const rewriteAnnotations = {
  "nginx.ingress.kubernetes.io/use-regex": "true",
  "nginx.ingress.kubernetes.io/rewrite-target": "/$2",
};

/**
 * Everything of the host goes to the front end, which forwards what is the back end's; where browsers ask the back end
 * themselves, its paths are an object of their own, for annotations are for a whole one.
 */
export function manifests(args: IngressArgs): {
  ingress: IngressManifest;
  api?: IngressManifest;
} {
  const { service, api } = args;
  const root = { path: "/", pathType: "Prefix" };
  return {
    ingress: ingress(args, "todo-app", args.annotations, service, [root]),
    ...(api === undefined
      ? {}
      : {
          api: ingress(
            args,
            "todo-app-api",
            { ...args.annotations, ...(api.rewrite ? rewriteAnnotations : {}) },
            api.service,
            api.paths.map((path) =>
              api.rewrite
                ? { path: `${path}(/|$)(.*)`, pathType: "ImplementationSpecific" }
                : { path, pathType: "Prefix" },
            ),
          ),
        }),
  };
}

function ingress(
  { namespace, host, className, tlsSecret }: IngressArgs,
  name: string,
  annotations: Record<string, string>,
  service: HostService,
  paths: { path: string; pathType: string }[],
): IngressManifest {
  const backend = { service: { name: service.name, port: { number: service.port } } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name,
      namespace,
      labels: labels("todo-app", "ingress"),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      ...(className === undefined ? {} : { ingressClassName: className }),
      ...(tlsSecret === undefined ? {} : { tls: [{ hosts: [host], secretName: tlsSecret }] }),
      rules: [{ host, http: { paths: paths.map((path) => ({ ...path, backend })) } }],
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
    for (const ingress of Object.values(manifests(plain(props)))) {
      new IngressResource(
        ingress.metadata?.name ?? "",
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
    }
    this.registerOutputs({});
  }
}
