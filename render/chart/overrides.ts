import type { Container, PodSpec } from "kubernetes-types/core/v1";

import { applicationNames, type ApplicationName } from "../../config/application";
import { configChecksum, secretsChecksum } from "../../manifests/checksum";
import { secretNames } from "../../manifests/names";
import { databasePartKeys, secretData } from "../../manifests/secret-data";
import type { KubernetesObject } from "../component-objects";
import type { Tokens } from "./tokens";
import { Only } from "./tree";
import { ownMcpImage, valuesOf } from "./values";
import { allowedHosts, corsOrigins } from "./variants";

/**
 * What the chart has beside or in place of what the components give, each for a reason that only a chart has. This is
 * all of it.
 */
export class Overrides {
  /** Texts that follow from several values → Helm's expression. */
  readonly calculations = new Map<string, string>();
  /** Workload → the settings that it reads. */
  private readonly read = new Map<string, string[]>();

  constructor(private readonly tokens: Tokens) {
    this.calculations.set(corsOrigins, 'include "todo-app.corsOrigins" . | quote');
    this.calculations.set(allowedHosts, 'include "todo-app.mcpAllowedHosts" . | quote');
    for (const app of applicationNames) {
      const each = `$item := ${valuesOf(app)}.writablePaths`;
      const path = tokens.text({ name: `${app}WritablePaths`, each, expression: "$item" });
      this.calculations.set(`writable-${path}`, 'include "todo-app.volumeName" $item');
    }
  }

  object(object: KubernetesObject): unknown {
    const copy = structuredClone<KubernetesObject>(object);
    switch (copy.kind) {
      case "Namespace":
        // `helm install --create-namespace` has made the release's own.
        return new Only("ne .Values.namespace .Release.Namespace", copy);
      case "Secret":
        return this.secret(copy);
      case "ResourceQuota":
        return this.quota(copy);
      case "Ingress":
        return this.ingress(copy);
      case "Service":
        return this.service(copy);
      case "Deployment":
      case "StatefulSet":
        return this.workload(copy);
      default:
        return copy;
    }
  }

  /** Kubernetes objects hold no secret data; the chart's user gives it, or it is generated. */
  private secret(object: KubernetesObject): unknown {
    const name = object.metadata?.name ?? "";
    const secret = (key: string) =>
      this.calculate(`secret ${key}`, `include "todo-app.${key}" . | quote`);
    const ofUser = (app: string) => ({
      [this.tokens.text({
        name: `${app}SecretEnv in the Secret`,
        each: `$name, $value := .Values.${app}.secretEnv`,
        expression: "$name",
      })]: this.tokens.text({
        name: `${app}SecretEnv value in the Secret`,
        expression: '(include "todo-app.text" $value)',
      }),
    });
    const values = {
      databaseUrl: secret("databaseUrl"),
      jwtSecret: secret("jwtSecret"),
      openaiApiKey: this.calculate("secret openaiApiKey", ".Values.secrets.openaiApiKey | quote"),
      databasePassword: secret("databasePassword"),
      registry: "",
      registryUsername: "",
      registryPassword: "",
      frontendEnv: ofUser("frontend"),
      backendEnv: ofUser("backend"),
      mcpEnv: ofUser("mcp"),
    };
    const data: Record<string, Record<string, unknown>> = secretData(values, {
      readers: {},
      urls: {},
      parts: false,
    });
    data["application"] = { ...data["application"], ...this.databaseForms() };
    data["pull"] = { ".dockerconfigjson": secret("dockerConfig") };
    const part = Object.entries(secretNames).find(([, known]) => known === name)?.[0];
    if (part === undefined) throw new Error(`the chart does not know the Secret ${name}`);
    const filled = { ...object, stringData: data[part] };
    if (name === secretNames.mcpEnv) return new Only(ownMcpImage, filled);
    if (name === secretNames.application) {
      const refusal = this.ungenerated(
        "jwtSecret",
        "SET-secrets.jwtSecret-OR-secrets.existingSecret",
      );
      return new Only("not .Values.secrets.existingSecret", { ...refusal, ...filled });
    }
    if (name === secretNames.database) {
      const refusal = this.ungenerated("databasePassword", "SET-secrets.databasePassword");
      const when =
        'and (include "todo-app.embeddedDatabase" .) (not .Values.database.existingSecret)';
      return new Only(when, { ...refusal, ...filled });
    }
    return filled;
  }

  /** A field that no Secret has, where there is no cluster for which a value could be generated once. */
  private ungenerated(value: string, field: string): Record<string, unknown> {
    const when = `eq (include "todo-app.${value}" .) (include "todo-app.ungenerated" .)`;
    return { [field]: new Only(when, true) };
  }

  /** The database's address in the forms that applications want, each where one of them does. */
  private databaseForms(): Record<string, unknown> {
    const only = (key: string, when: string, expression: string) => [
      key,
      new Only(when, this.calculate(`secret ${key}`, `${expression} | quote`)),
    ];
    return Object.fromEntries([
      ...applicationNames.map((app) => {
        const key = `${app}-database-url`;
        const used = `eq (include "todo-app.databaseUrlKey" (list . "${app}")) "${key}"`;
        return only(
          key,
          `and (ne ${valuesOf(app)}.database.variables "none") (${used})`,
          `include "todo-app.databaseUrlFor" (list . "${app}")`,
        );
      }),
      ...Object.values(databasePartKeys).map((key) =>
        only(
          key,
          'include "todo-app.databaseParts" .',
          `include "todo-app.databasePart" (list . "${key}")`,
        ),
      ),
    ]) as Record<string, unknown>;
  }

  /** Its annotations are there while any of them is. */
  private ingress(object: KubernetesObject): unknown {
    const { metadata } = object;
    if (metadata?.name !== "todo-app-api" || metadata.annotations === undefined) return object;
    const annotations = new Only(
      "or .Values.ingress.annotations .Values.ingress.backendRewrite",
      metadata.annotations,
    );
    return { ...object, metadata: { ...metadata, annotations } };
  }

  /** The chart's user gives the sums that the components calculate; what a container gets by itself, they know. */
  private quota(object: KubernetesObject): unknown {
    const each = "$name, $value := .Values.resourceQuota.hard";
    const name = this.tokens.text({ name: "resourceQuota.hard", each, expression: "$name" });
    const expression = '(include "todo-app.text" $value)';
    const value = this.tokens.text({ name: "resourceQuota.hard value", each, expression });
    return { ...object, spec: { hard: { [name]: value } } };
  }

  /** The chart's `service.type`. */
  private service(object: KubernetesObject): unknown {
    const { spec, metadata } = object as { spec: object; metadata: { name: string } };
    const app = metadata.name;
    if (app !== "frontend" && app !== "backend") return object;
    return { ...object, spec: { ...spec, type: this.text(`${app}.service.type`) } };
  }

  private workload(object: KubernetesObject): unknown {
    const { metadata, spec } = object as unknown as {
      metadata: { name: string };
      spec: {
        replicas: unknown;
        persistentVolumeClaimRetentionPolicy?: Record<string, string>;
        template: { metadata: { annotations?: Record<string, string> }; spec: PodSpec };
      };
    };
    const app = metadata.name;
    // The autoscaler owns the number; Helm 4 applies server-side and would fail on the conflict.
    if (app === "backend") {
      spec.replicas = new Only("not .Values.backend.autoscaling.enabled", spec.replicas);
    }
    if (spec.persistentVolumeClaimRetentionPolicy !== undefined) {
      spec.persistentVolumeClaimRetentionPolicy["whenDeleted"] = this.text("database.whenDeleted");
    }
    const pod = spec.template.spec;
    const containers = [...(pod.initContainers ?? []), ...pod.containers];
    if (isApplication(app)) {
      for (const container of containers) {
        container.imagePullPolicy = this.tokens.text({
          name: `${app}.image.pullPolicy`,
          expression: `${valuesOf(app)}.image.pullPolicy`,
        });
      }
    }
    containers.forEach((container) => {
      this.secretReferences(container);
    });
    const annotations = {
      ...this.configChecksum(app, containers, spec.template.metadata.annotations),
      ...this.secretsChecksum(app),
    };
    Object.assign(spec.template.metadata, { annotations });
    return object;
  }

  /** A Secret of the user's, the forms of the database's address, and the MCP server's variables, or the back end's. */
  private secretReferences(container: Container): void {
    const name = this.calculate("name of the Secret", 'include "todo-app.secretName" .');
    const mcpEnv = this.calculate(
      "name of the Secret of the MCP server's variables",
      `ternary "${secretNames.mcpEnv}" "${secretNames.backendEnv}" (${ownMcpImage})`,
    );
    const ofDatabase = this.calculate(
      "name of the database's Secret",
      'include "todo-app.databaseSecretName" .',
    );
    for (const { valueFrom } of container.env ?? []) {
      const reference = valueFrom?.secretKeyRef;
      if (reference?.name === secretNames.mcpEnv) reference.name = mcpEnv;
      if (reference?.name === secretNames.database) reference.name = ofDatabase;
      if (reference?.name !== secretNames.application) continue;
      reference.name = name;
      const app = /^(.+)-database-url$/.exec(reference.key)?.[1];
      if (app === undefined) continue;
      reference.key = this.calculate(
        `key of the address of ${app}`,
        `include "todo-app.databaseUrlKey" (list . "${app}")`,
      );
    }
  }

  /** The digest of the settings that these containers read: Helm takes it from the ConfigMap's template. */
  private configChecksum(
    app: string,
    containers: Container[],
    annotations: Record<string, string> = {},
  ) {
    if (!(configChecksum in annotations)) return annotations;
    const keys = (containers[0]?.env ?? []).flatMap(
      ({ valueFrom }) => valueFrom?.configMapKeyRef?.key ?? [],
    );
    // The base reads all that any variant reads; a setting that is not there does not count.
    const known = this.read.get(app) ?? keys;
    this.read.set(app, known);
    const names = known.map((key) => `"${key}"`).join(" ");
    const digest = this.calculate(
      `digest of the settings of ${app}`,
      `include "todo-app.configChecksum" (list . ${names}) | quote`,
    );
    return { ...annotations, [configChecksum]: digest };
  }

  /** The program adds it at run time. */
  private secretsChecksum(app: string): Record<string, unknown> {
    const digest = this.calculate(
      `digest of the secrets of ${app}`,
      `include "todo-app.secretsChecksum" (list . "${app}") | quote`,
    );
    const there = `include "todo-app.secretsChecksum" (list . "${app}")`;
    const reads = 'or .Values.frontend.secretEnv (ne .Values.frontend.database.variables "none")';
    const when = app === "frontend" ? `and (${reads}) (${there})` : there;
    return { [secretsChecksum]: new Only(when, digest) };
  }

  private text(path: string): string {
    return this.tokens.text({ name: path, expression: `.Values.${path}` });
  }

  private calculate(name: string, expression: string): string {
    const text = `=${name}`;
    this.calculations.set(text, expression);
    return text;
  }
}

function isApplication(workload: string): workload is ApplicationName {
  return (applicationNames as readonly string[]).includes(workload);
}
