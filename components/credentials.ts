import { Secret as SecretResource } from "@pulumi/kubernetes/core/v1/secret";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";
import type { Secret } from "kubernetes-types/core/v1";

import { type KeptDigests, keyedChecksum, podDigest } from "../manifests/checksum";
import { labels } from "../manifests/labels";
import { secretNames } from "../manifests/names";
import {
  type DatabaseForms,
  databaseUrl,
  secretData,
  type SecretReader,
  secretsReadBy,
  type SecretValues,
} from "../manifests/secret-data";
import { type InNamespace, plain, within } from "./namespace";

/** Which Secrets exist; their values come at run time and are never part of a manifest. */
export interface CredentialsArgs {
  namespace: string;
  /** Whether PostgreSQL runs in the namespace and needs a password. */
  embeddedDatabase: boolean;
  /** Digests under which another tool's pods run, which go on with the stack. */
  keptDigests: KeptDigests;
  /** The registry that pods pull from with a user and password. */
  pull?: { registry: string; username: string };
  /** Whether the applications have secret environment variables of their own. */
  frontendEnv: boolean;
  backendEnv: boolean;
  mcpEnv: boolean;
  /** Whether the MCP server has variables of its own, in place of the back end's. */
  mcpOwn: boolean;
  /** In which forms the applications read the database's address. */
  databaseForms: DatabaseForms;
}

/** Values given by the user; what is absent is generated. */
export interface CredentialValues {
  databaseUrl?: pulumi.Input<string>;
  jwtSecret?: pulumi.Input<string>;
  openaiApiKey?: pulumi.Input<string>;
  registryPassword?: pulumi.Input<string>;
  frontendEnv: pulumi.Input<Record<string, string>>;
  backendEnv: pulumi.Input<Record<string, string>>;
  mcpEnv: pulumi.Input<Record<string, string>>;
}

/** The Secrets without their data: the application's, and those of the parts that are on. */
export function manifests(args: CredentialsArgs): {
  application: Secret;
  database?: Secret;
  pull?: Secret;
  frontendEnv?: Secret;
  backendEnv?: Secret;
  mcpEnv?: Secret;
} {
  const secret = (name: string, component: string, type = "Opaque"): Secret => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: args.namespace, labels: labels("todo-app", component) },
    type,
  });
  return {
    application: secret(secretNames.application, "credentials"),
    ...(args.embeddedDatabase ? { database: secret(secretNames.database, "database") } : {}),
    ...(args.pull === undefined
      ? {}
      : { pull: secret(secretNames.pull, "credentials", "kubernetes.io/dockerconfigjson") }),
    ...(args.frontendEnv ? { frontendEnv: secret(secretNames.frontendEnv, "frontend") } : {}),
    ...(args.backendEnv ? { backendEnv: secret(secretNames.backendEnv, "backend") } : {}),
    ...(args.mcpEnv ? { mcpEnv: secret(secretNames.mcpEnv, "mcp") } : {}),
  };
}

/** Whether the front end's pods read any secret. */
export function readsSecrets({ frontendEnv, databaseForms }: CredentialsArgs): boolean {
  return frontendEnv || databaseForms.readers.frontend !== undefined;
}

export class Credentials extends pulumi.ComponentResource {
  readonly #checksums: Record<SecretReader, pulumi.Output<string | undefined>>;

  constructor(
    name: string,
    { secrets: values, ...props }: InNamespace<CredentialsArgs> & { secrets: CredentialValues },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("todo-app:index:Credentials", name, {}, within(props, opts));
    const args = plain<CredentialsArgs>(props);
    const generate = (secret: string, length: number) =>
      // Letters and digits only: the value stands in a URL.
      new RandomPassword(secret, { length, special: false }, { parent: this }).result;
    const databasePassword = args.embeddedDatabase ? generate("database-password", 32) : undefined;

    const inputs: { [Key in keyof SecretValues]: pulumi.Input<SecretValues[Key]> } = {
      databaseUrl: values.databaseUrl ?? databasePassword?.apply(databaseUrl) ?? "",
      jwtSecret: values.jwtSecret ?? generate("jwt-secret", 64),
      openaiApiKey: values.openaiApiKey ?? "",
      databasePassword: databasePassword ?? "",
      registry: args.pull?.registry ?? "",
      registryUsername: args.pull?.username ?? "",
      registryPassword: values.registryPassword ?? "",
      frontendEnv: values.frontendEnv,
      backendEnv: values.backendEnv,
      mcpEnv: values.mcpEnv,
    };
    const forms = args.databaseForms;
    const data = pulumi
      .output(inputs)
      .apply((plain) => secretData(plain as unknown as SecretValues, forms)); // unwrapped, key by key

    const register = (manifest: Secret | undefined, key: keyof ReturnType<typeof secretData>) => {
      if (manifest === undefined) return;
      new SecretResource(
        manifest.metadata?.name ?? key,
        { ...manifest, stringData: data.apply((all) => all[key]) },
        { parent: this },
      );
    };
    const secrets = manifests(args);
    register(secrets.application, "application");
    register(secrets.database, "database");
    register(secrets.pull, "pull");
    register(secrets.frontendEnv, "frontendEnv");
    register(secrets.backendEnv, "backendEnv");
    register(secrets.mcpEnv, "mcpEnv");

    const key = generate("checksum-key", 32);
    const checksum = (reader: SecretReader) =>
      pulumi.unsecret(
        pulumi
          .all([key, data])
          .apply(([hmac, all]) =>
            podDigest(
              keyedChecksum(hmac, secretsReadBy(all, forms, args.mcpOwn)[reader]),
              args.keptDigests,
            ),
          ),
      );
    const none = pulumi.output(undefined);
    this.#checksums = {
      backend: checksum("backend"),
      mcp: checksum("mcp"),
      frontend: readsSecrets(args) ? checksum("frontend") : none,
      database: args.embeddedDatabase ? checksum("database") : none,
    };
    this.registerOutputs({});
  }

  /** Keyed digest of the secrets that a workload's pods read; undefined where they read none. */
  checksum(reader: SecretReader): pulumi.Output<string | undefined> {
    return this.#checksums[reader];
  }
}
