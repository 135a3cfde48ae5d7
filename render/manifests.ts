import type { StackConfig } from "../config/stack";
import type { KubernetesObject } from "./component-objects";
import { databaseForms } from "../stack/database-forms";
import { manifestArgs } from "../stack/args";
import type { PerApplication } from "../stack/per-application";
import { secretNames } from "../manifests/names";
import { secretData } from "../manifests/secret-data";
import { filesOf } from "./layout";
import { checked } from "./objects";
import { yaml } from "./yaml";

/** Stands in place of a secret value. */
export const placeholder = "<from-env>";

/**
 * A field that no Secret has: kubectl asks the server for strict validation, and the server refuses the file by this
 * name, so that nobody deploys placeholders.
 */
export const refusal = "FILL-IN-THE-VALUES-BELOW-THEN-DELETE-THIS-LINE";

const heading =
  "# Rendered by `npm run render`: change components/ or the stack's configuration.\n";

const secretsHeading = `# A template: Kubernetes refuses it until the values are filled in. Write each value in quotes, then delete each
# line that begins with FILL-IN. Never commit it then.
#   database-url    postgresql://USER:PASSWORD@HOST:5432/DATABASE; for the PostgreSQL in database/ that is
#                   postgresql://todo:PASSWORD@postgres:5432/todo, with the password of the Secret postgres
#   jwt-secret      32 bytes or more: openssl rand -hex 32
#   openai-api-key  "" uses the offline assistant
#   password        of PostgreSQL in database/, letters and digits: openssl rand -hex 16
`;

/**
 * A stack's manifests: path → text. Secrets are templates to fill in.
 * @param data by the Secrets' names, for a folder that is the user's own; without it no value is ever rendered
 */
export function manifestFiles(
  config: StackConfig,
  references: PerApplication<string>,
  data?: ReadonlyMap<string, Record<string, string>>,
): Map<string, string> {
  const files = new Map<string, string>();
  const objects = filesOf(manifestArgs(config, references));
  for (const [file, content] of objects) {
    const secrets = content.some(({ kind }) => kind === "Secret");
    const documents = content.map((object) => {
      if (!secrets) return yaml(checked(object));
      const stringData = data?.get(object.metadata?.name ?? "");
      return yaml(
        stringData ? { ...checked(object), stringData } : template(checked(object), config),
      );
    });
    const above = secrets && data === undefined ? secretsHeading : heading;
    files.set(file, above + documents.join("---\n"));
  }
  const kustomization = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: [...objects.keys()],
  };
  const patches = scaledDeployments(objects).map((name) => ({
    target: { kind: "Deployment", name },
    patch: yaml([{ op: "remove", path: "/spec/replicas" }]),
  }));
  const all = patches.length === 0 ? "" : scaledHeading + yaml({ patches });
  files.set("kustomization.yaml", heading + yaml(kustomization) + all);
  return files;
}

const scaledHeading =
  "# Its autoscaler decides how many pods there are, from fifteen seconds after the first apply on.\n";

/** Deployments whose number of pods an autoscaler decides. */
function scaledDeployments(files: ReadonlyMap<string, readonly KubernetesObject[]>): string[] {
  return [...files.values()].flat().flatMap((object) => {
    if (object.kind !== "HorizontalPodAutoscaler") return [];
    const { spec } = object;
    return spec === undefined ? [] : [spec.scaleTargetRef.name];
  });
}

/** What components/kagent.ts fills in at run time. */
const kagentKeys = { OPENAI_API_KEY: placeholder, MCP_AUTHORIZATION: `Bearer ${placeholder}` };

/** A Secret with a placeholder for every value. */
function template(object: KubernetesObject, config: StackConfig): object {
  const names = (keys: readonly string[]) =>
    Object.fromEntries(keys.map((key) => [key, placeholder]));
  const values = {
    databaseUrl: placeholder,
    jwtSecret: placeholder,
    openaiApiKey: placeholder,
    databasePassword: placeholder,
    registry: "",
    registryUsername: "",
    registryPassword: "",
    frontendEnv: names(config.frontend.secretEnv),
    backendEnv: names(config.backend.secretEnv),
    mcpEnv: names(config.mcp.secretEnv),
  };
  const data = secretData(values, databaseForms(config));
  data.application = names(Object.keys(data.application));
  data.pull = { ".dockerconfigjson": placeholder };
  const parts = Object.entries(secretNames).map(
    ([part, name]) => [name, data[part as keyof typeof data]] as const,
  );
  const known = new Map<string | undefined, object>([...parts, ["kagent-openai", kagentKeys]]);
  const stringData = known.get(object.metadata?.name);
  if (stringData === undefined) throw new Error(`unknown Secret ${object.metadata?.name}`);
  return { [refusal]: true, ...object, stringData };
}
