import { Secret as SecretResource } from "@pulumi/kubernetes/core/v1/secret";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";
import type { Secret } from "kubernetes-types/core/v1";

import { keyedChecksum } from "../manifests/checksum";
import { labels } from "../manifests/labels";
import {
  databaseUrl,
  secretData,
  secretNames,
  secretsReadBy,
  type SecretValues,
} from "../manifests/secret-data";

/** Which Secrets exist; their values come at run time and are never part of a manifest. */
export interface CredentialsArgs {
  namespace: string;
  /** Whether PostgreSQL runs in the namespace and needs a password. */
  embeddedDatabase: boolean;
  /** The registry that pods pull from with a user and password. */
  pull?: { registry: string; username: string };
  /** Whether the applications have secret environment variables of their own. */
  frontendEnv: boolean;
  backendEnv: boolean;
}

/** Values given by the user; what is absent is generated. */
export interface CredentialValues {
  databaseUrl?: pulumi.Input<string>;
  jwtSecret?: pulumi.Input<string>;
  openaiApiKey?: pulumi.Input<string>;
  registryPassword?: pulumi.Input<string>;
  frontendEnv: pulumi.Input<Record<string, string>>;
  backendEnv: pulumi.Input<Record<string, string>>;
}

/** The Secrets without their data (seed section 3.2, and those of the parts that are on). */
export function manifests(args: CredentialsArgs): {
  application: Secret;
  database?: Secret;
  pull?: Secret;
  frontendEnv?: Secret;
  backendEnv?: Secret;
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
  };
}

export class Credentials extends pulumi.ComponentResource {
  /** Digests of what each application reads, for its pods to roll by; no secrets. */
  readonly frontendChecksum: pulumi.Output<string | undefined>;
  readonly backendChecksum: pulumi.Output<string>;
  readonly mcpChecksum: pulumi.Output<string>;
  readonly databaseChecksum: pulumi.Output<string | undefined>;

  constructor(
    name: string,
    args: CredentialsArgs,
    values: CredentialValues,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("todo-app:index:Credentials", name, {}, opts);
    const generate = (secret: string, length: number) =>
      // Letters and digits only: the value stands in a URL.
      new RandomPassword(secret, { length, special: false }, { parent: this }).result;
    const databasePassword = args.embeddedDatabase ? generate("database-password", 32) : undefined;

    const inputs: { [Key in keyof SecretValues]: pulumi.Input<SecretValues[Key]> } = {
      databaseUrl: values.databaseUrl ?? pulumi.output(databasePassword ?? "").apply(databaseUrl),
      jwtSecret: values.jwtSecret ?? generate("jwt-secret", 64),
      openaiApiKey: values.openaiApiKey ?? "",
      databasePassword: databasePassword ?? "",
      registry: args.pull?.registry ?? "",
      registryUsername: args.pull?.username ?? "",
      registryPassword: values.registryPassword ?? "",
      frontendEnv: values.frontendEnv,
      backendEnv: values.backendEnv,
    };
    const data = pulumi
      .output(inputs)
      .apply((plain) => secretData(plain as unknown as SecretValues)); // unwrapped, key by key

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

    const key = generate("checksum-key", 32);
    const checksum = (workload: keyof ReturnType<typeof secretsReadBy>) =>
      pulumi.unsecret(
        pulumi
          .all([key, data])
          .apply(([hmac, all]) => keyedChecksum(hmac, secretsReadBy(all)[workload])),
      );
    this.backendChecksum = checksum("backend");
    this.mcpChecksum = checksum("mcp");
    this.frontendChecksum = args.frontendEnv ? checksum("frontend") : pulumi.output(undefined);
    this.databaseChecksum = args.embeddedDatabase ? checksum("database") : pulumi.output(undefined);
    this.registerOutputs({});
  }
}
