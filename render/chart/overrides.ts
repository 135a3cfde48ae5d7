import type { Container, PodSpec } from "kubernetes-types/core/v1";

import { configChecksum, secretsChecksum } from "../../manifests/checksum";
import { secretNames } from "../../manifests/names";
import { secretData } from "../../manifests/secret-data";
import type { KubernetesObject } from "../component-objects";
import type { Tokens } from "./tokens";
import { Only } from "./tree";
import { allowedHosts } from "./variants";

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
    const expression = '(include "todo-app.publicUrl" .)';
    const publicUrl = tokens.url({ name: "publicUrl", expression });
    this.calculations.set(JSON.stringify([publicUrl]), `list ${expression} | toRawJson | quote`);
    this.calculations.set(allowedHosts, 'include "todo-app.mcpAllowedHosts" . | quote');
    for (const app of ["frontend", "backend"]) {
      const each = `$item := .Values.${app}.writablePaths`;
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
    const data = secretData({
      databaseUrl: secret("databaseUrl"),
      jwtSecret: secret("jwtSecret"),
      openaiApiKey: this.calculate("secret openaiApiKey", ".Values.secrets.openaiApiKey | quote"),
      databasePassword: secret("databasePassword"),
      registry: "",
      registryUsername: "",
      registryPassword: "",
      frontendEnv: ofUser("frontend"),
      backendEnv: ofUser("backend"),
    });
    data.pull = { ".dockerconfigjson": secret("dockerConfig") };
    const part = Object.entries(secretNames).find(([, known]) => known === name)?.[0];
    if (part === undefined) throw new Error(`the chart does not know the Secret ${name}`);
    const filled = { ...object, stringData: data[part as keyof typeof data] };
    return name === secretNames.application
      ? new Only("not .Values.secrets.existingSecret", filled)
      : filled;
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
    if (copyOfImage[app] !== undefined) {
      for (const container of containers) {
        container.imagePullPolicy = this.text(`${copyOfImage[app]}.image.pullPolicy`);
      }
    }
    containers.forEach((container) => {
      this.existingSecret(container);
    });
    const annotations = {
      ...this.configChecksum(app, containers, spec.template.metadata.annotations),
      ...this.secretsChecksum(app),
    };
    Object.assign(spec.template.metadata, { annotations });
    return object;
  }

  private existingSecret(container: Container): void {
    const name = this.calculate("name of the Secret", 'include "todo-app.secretName" .');
    for (const { valueFrom } of container.env ?? []) {
      const reference = valueFrom?.secretKeyRef;
      if (reference?.name === secretNames.application) reference.name = name;
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
    return {
      [secretsChecksum]:
        app === "frontend" ? new Only(".Values.frontend.secretEnv", digest) : digest,
    };
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

/** Workload → the application whose image it runs. */
const copyOfImage: Record<string, string> = {
  frontend: "frontend",
  backend: "backend",
  mcp: "backend",
};
