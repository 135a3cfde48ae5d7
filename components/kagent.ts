import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Namespace as NamespaceResource } from "@pulumi/kubernetes/core/v1/namespace";
import { Secret as SecretResource } from "@pulumi/kubernetes/core/v1/secret";
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";
import type { Namespace, Secret } from "kubernetes-types/core/v1";
import type { ObjectMeta } from "kubernetes-types/meta/v1";

import { labels } from "../manifests/labels";

/** kagent with one agent that works through the application's MCP tools, in a namespace of its own. */
export interface KagentArgs {
  namespace: string;
  /** Version of both charts. */
  version: string;
  model: string;
  /** An OpenAI-compatible server; absent is OpenAI's own. */
  baseUrl?: string;
  /** URL of the application's MCP server. */
  mcpUrl: string;
}

/** Values of the Secret that kagent reads; the configuration is refused without them. */
export interface KagentSecrets {
  openaiApiKey?: pulumi.Input<string>;
  /** A token of the application's account page, `todo_…`. */
  kagentMcpToken?: pulumi.Input<string>;
}

/** An object of one of kagent's own kinds. */
export interface KagentObject {
  apiVersion: "kagent.dev/v1alpha2";
  kind: "ModelConfig" | "RemoteMCPServer" | "Agent";
  metadata: ObjectMeta;
  spec: Record<string, unknown>;
}

/** Name of the Secret that the chart's own model configuration expects, and its keys. */
const secretName = "kagent-openai";
const secretKeys = { model: "OPENAI_API_KEY", tools: "MCP_AUTHORIZATION" };
const model = "todo-model";
const server = "todo-tools";

/** Named one by one: the agent gets no tool that is added later without a look at it. */
const tools = [
  ...["add_task", "list_tasks", "get_task", "search_tasks"],
  ...["update_task", "complete_task", "delete_task"],
];

/** Its own namespace, so that kagent may read no Secret of the application's. */
export function manifests(args: KagentArgs): {
  namespace: Namespace;
  secret: Secret;
  modelConfig: KagentObject;
  mcpServer: KagentObject;
  agent: KagentObject;
} {
  const { namespace } = args;
  const object = (
    kind: KagentObject["kind"],
    name: string,
    spec: KagentObject["spec"],
  ): KagentObject => ({
    apiVersion: "kagent.dev/v1alpha2",
    kind,
    metadata: { name, namespace, labels: labels("kagent", "agent") },
    spec,
  });
  return {
    namespace: {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: namespace,
        labels: {
          "app.kubernetes.io/part-of": "evolution-of-todo",
          "pod-security.kubernetes.io/enforce": "baseline",
          "pod-security.kubernetes.io/warn": "restricted",
        },
      },
    },
    secret: {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: secretName, namespace, labels: labels("kagent", "credentials") },
      type: "Opaque",
    },
    modelConfig: object("ModelConfig", model, {
      provider: "OpenAI",
      model: args.model,
      apiKeySecret: secretName,
      apiKeySecretKey: secretKeys.model,
      ...(args.baseUrl === undefined ? {} : { openAI: { baseUrl: args.baseUrl } }),
    }),
    mcpServer: object("RemoteMCPServer", server, {
      description: "The tasks of one user of the Todo application",
      protocol: "STREAMABLE_HTTP",
      url: args.mcpUrl,
      headersFrom: [
        {
          name: "Authorization",
          valueFrom: { type: "Secret", name: secretName, key: secretKeys.tools },
        },
      ],
    }),
    agent: object("Agent", "todo-assistant", {
      type: "Declarative",
      description: "Manages the tasks of the Todo application",
      declarative: {
        modelConfig: model,
        systemMessage:
          "You manage one person's to-do list with the tools that you have. Say what you did. Never invent a task.",
        tools: [
          {
            type: "McpServer",
            mcpServer: {
              apiGroup: "kagent.dev",
              kind: "RemoteMCPServer",
              name: server,
              toolNames: tools,
              requireApproval: ["delete_task"],
            },
          },
        ],
      },
    }),
  };
}

/** Where the charts are published. */
const charts = "oci://ghcr.io/kagent-dev/kagent/helm";

/** Agents for other systems, and the servers behind them: none is needed for tasks. */
const off = [
  ...["k8s", "kgateway", "istio", "promql", "observability", "argo-rollouts", "helm"],
  ...["cilium-policy", "cilium-manager", "cilium-debug"],
].map((agent) => `${agent}-agent`);
const withoutExtras = Object.fromEntries(
  [...off, "kmcp", "kagent-tools", "grafana-mcp", "querydoc"].map((part) => [
    part,
    { enabled: false },
  ]),
);

export class Kagent extends pulumi.ComponentResource {
  constructor(
    name: string,
    { secrets, ...args }: KagentArgs & { secrets: KagentSecrets },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("todo-app:index:Kagent", name, {}, opts);
    const { namespace, secret, modelConfig, mcpServer, agent } = manifests(args);
    const home = new NamespaceResource(args.namespace, namespace, { parent: this });
    const credentials = new SecretResource(
      secretName,
      {
        ...secret,
        stringData: {
          [secretKeys.model]: secrets.openaiApiKey ?? "",
          [secretKeys.tools]: pulumi.interpolate`Bearer ${secrets.kagentMcpToken ?? ""}`,
        },
      },
      { parent: this, dependsOn: home },
    );
    const release = (chart: string, values: pulumi.Inputs, dependsOn: pulumi.Resource[]): Release =>
      new Release(
        chart,
        {
          name: chart,
          chart: `${charts}/${chart}`,
          version: args.version,
          namespace: args.namespace,
          values,
        },
        { parent: this, dependsOn },
      );
    const definitions = release("kagent-crds", { kmcp: { enabled: false } }, [home]);
    const controller = release(
      "kagent",
      // It watches its own namespace alone: no rights in the application's.
      { rbac: { namespaces: [args.namespace] }, ...withoutExtras },
      [definitions, credentials],
    );
    for (const object of [modelConfig, mcpServer, agent]) {
      new CustomResource(object.metadata.name ?? "", object, {
        parent: this,
        dependsOn: controller,
      });
    }
    this.registerOutputs({});
  }
}
