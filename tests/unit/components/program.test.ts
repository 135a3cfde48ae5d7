import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime";
import assert from "node:assert/strict";
import { createRequire } from "node:module";

import { manifestArgs } from "../../../stack/args";
import type { PerApplication } from "../../../stack/per-application";
import { type KubernetesObject, stackObjects } from "../../../render/objects";
import { storageAnnotation } from "../../../hooks/storage-annotation";
import { root, stackConfig, stackFile } from "../fixtures/stack";

interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

interface Outputs {
  image: PerApplication<pulumi.Output<string>>;
}

/** The mocks say that they take hooks, and then wait for ever for an answer. */
function acceptHooks(): void {
  const monitor = getMonitor() as unknown as {
    registerErrorHook: (request: unknown, done: (error: null, answer: object) => void) => void;
    registerResourceHook: (request: unknown, done: (error: null, answer: object) => void) => void;
  };
  monitor.registerErrorHook = (_request, done) => {
    done(null, {});
  };
  monitor.registerResourceHook = monitor.registerErrorHook;
}

/** What a provider adds to the inputs of a resource. */
function found(type: string, name: string): object {
  if (type === "random:index/randomPassword:RandomPassword") return { result: name };
  return type === "pulumi-nodejs:dynamic/image:Load" ? { digest: "sha256:0123" } : {};
}

/** Runs index.ts against Pulumi's mocks and returns what it registered. */
async function run(changes: Record<string, unknown>, secrets: string[] = []) {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs: inputs as Record<string, unknown> });
        return { id: `${name}-id`, state: { ...(inputs as object), ...found(type, name) } };
      },
      call: () => ({}),
    },
    "todo-app",
    "dev",
    false,
  );
  acceptHooks();
  const { values, context } = stackFile(changes);
  const asText = Object.entries(values).map(([key, value]): [string, string] => [
    `todo-app:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(
    { ...Object.fromEntries(asText), "kubernetes:context": context ?? "" },
    secrets.map((key) => `todo-app:${key}`),
  );
  const folder = process.cwd();
  process.chdir(root);
  try {
    // The module is the program: it must run anew for every configuration.
    const load = createRequire(__filename);
    Reflect.deleteProperty(load.cache, load.resolve("../../../index.ts"));
    const { image } = load("../../../index.ts") as Outputs;
    const pinned = await new Promise<PerApplication<string>>((resolve) => {
      pulumi.output(image).apply(resolve);
    });
    const references = {
      frontend: pinned.frontend.replace(/@.*/, ""),
      backend: pinned.backend.replace(/@.*/, ""),
    };
    await pulumi.runtime.disconnect();
    return { registered, references, pinned };
  } finally {
    process.chdir(folder);
  }
}

/** The Kubernetes objects among the registered resources, without what only the engine adds. */
function objects(registered: Registered[]): KubernetesObject[] {
  return (
    registered
      // A chart's release is no object; what the chart holds is not ours.
      .filter(({ type }) => type.startsWith("kubernetes:") && !type.includes("helm"))
      .map(({ inputs }) => {
        const object = structuredClone(inputs) as KubernetesObject & { stringData?: object };
        delete object.stringData;
        const annotations = object.metadata?.annotations;
        for (const own of ["pulumi.com/skipAwait", "pulumi.com/patchForce", storageAnnotation]) {
          if (annotations !== undefined) Reflect.deleteProperty(annotations, own);
        }
        if (annotations !== undefined && Object.keys(annotations).length === 0) {
          delete object.metadata?.annotations;
        }
        if (object.kind === "Deployment" || object.kind === "StatefulSet") {
          const metadata = object.spec?.template.metadata;
          if (metadata?.annotations !== undefined) {
            delete metadata.annotations["checksum/secrets"];
            if (Object.keys(metadata.annotations).length === 0) delete metadata.annotations;
          }
        }
        return object;
      })
  );
}

const byName = (a: KubernetesObject, b: KubernetesObject) =>
  `${a.kind}/${a.metadata?.name}` < `${b.kind}/${b.metadata?.name}` ? -1 : 1;

describe("the program", function () {
  this.timeout(60_000);

  const cases: [string, Record<string, unknown>, string[]][] = [
    ["with nothing set", {}, []],
    [
      "with a database, a key and secrets of its own",
      {
        databaseUrl: "postgresql://me:secret@db.example.com/todo",
        jwtSecret: "s".repeat(40),
        openaiApiKey: "sk-secret",
        kagent: true,
        kagentMcpToken: "todo_secret",
        backendSecretEnv: { STRIPE_KEY: "stripe-secret" },
        frontendSecretEnv: { MAP_KEY: "map-secret" },
      },
      [
        ...["databaseUrl", "jwtSecret", "openaiApiKey", "kagentMcpToken"],
        ...["backendSecretEnv", "frontendSecretEnv"],
      ],
    ],
    [
      "with a registry that needs a password, and no autoscaler",
      {
        imageLoader: "registry",
        registry: "registry.example.com/team",
        registryUsername: "me",
        registryPassword: "secret",
        autoscaling: false,
        metricsNamespace: "monitoring",
        mcpMode: "separate",
        resourceQuota: true,
        frontendServiceType: "ClusterIP",
        ingressHost: "todo.example.com",
        ingressTlsSecret: "todo-tls",
        kubectlAi: true,
        databaseClients: true,
      },
      ["registryPassword"],
    ],
    [
      "with an application of the user's that runs as root and is called by browsers",
      {
        podSecurity: "baseline",
        backendRunAsUser: 0,
        backendReadOnlyRoot: false,
        networkPolicies: false,
        backendMigrateCommand: [],
        backendWritablePaths: [],
        backendExpose: "nodePort",
        backendPublicUrl: "http://127.0.0.1:30800",
        publicUrl: "http://127.0.0.1:30300",
        backendEnv: { LOG_LEVEL: "debug" },
      },
      [],
    ],
  ];
  for (const [what, changes, secrets] of cases) {
    it(`registers exactly the rendered objects ${what}`, async () => {
      const { registered, references } = await run(changes, secrets);
      const rendered = stackObjects(
        manifestArgs(stackConfig(asEncrypted(changes, secrets)), references),
      );
      assert.deepEqual(objects(registered).sort(byName), rendered.sort(byName));
    });
  }

  it("puts out the digest of an image that is in a registry, and the plain name elsewhere", async () => {
    const local = await run({});
    assert.match(local.pinned.backend, /^todo-backend:[0-9a-f]{12}$/);
    const pushed = await run({ imageLoader: "registry", registry: "registry.example.com/team" });
    assert.match(
      pushed.pinned.backend,
      /^registry\.example\.com\/team\/todo-backend:[0-9a-f]{12}@sha256:0123$/,
    );
  });

  it("generates a database, a password and a signing key only where none is given", async () => {
    const embedded = await run({});
    const given = await run(
      { databaseUrl: "postgresql://me:secret@db/todo", jwtSecret: "s".repeat(40) },
      ["databaseUrl", "jwtSecret"],
    );
    const names = ({ registered }: typeof embedded) =>
      registered
        .filter(({ type }) => type.startsWith("random:") || type.includes("StatefulSet"))
        .map(({ name }) => name)
        .sort();
    assert.deepEqual(names(embedded), [
      "checksum-key",
      "database-password",
      "jwt-secret",
      "postgres",
    ]);
    assert.deepEqual(names(given), ["checksum-key"]);
  });

  it("rolls the pods that read a secret when it changes, and no others", async () => {
    const checksums = async (openaiApiKey: string) => {
      const { registered } = await run(
        { openaiApiKey, frontendSecretEnv: { MAP_KEY: "map" }, mcpMode: "separate" },
        ["openaiApiKey", "frontendSecretEnv"],
      );
      return Object.fromEntries(
        registered
          .filter(({ inputs }) => ["Deployment", "StatefulSet"].includes(String(inputs["kind"])))
          .map(({ name, inputs }) => [
            name,
            JSON.stringify(
              (inputs as unknown as { spec: { template: { metadata: object } } }).spec.template
                .metadata,
            ),
          ]),
      );
    };
    const before = await checksums("sk-first");
    const after = await checksums("sk-second");
    assert.notEqual(before["backend"], after["backend"]);
    assert.equal(before["frontend"], after["frontend"]);
    assert.equal(before["postgres"], after["postgres"]);
    assert.ok(before["mcp"]);
    assert.equal(before["mcp"], after["mcp"]);
  });

  it("plans the same images with and without a proxy, whose address and login are this machine's alone", async () => {
    const images = async () =>
      (await run({})).registered.filter(({ type }) => type === "docker:index/image:Image");
    const before = { ...process.env };
    const none = await images();
    try {
      for (const name of ["HTTP_PROXY", "HTTPS_PROXY"]) {
        process.env[name] = "http://me:password@proxy.acme.test:3128";
      }
      assert.deepEqual(await images(), none);
    } finally {
      for (const name of ["HTTP_PROXY", "HTTPS_PROXY"]) {
        if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[name];
      }
    }
    assert.equal(none.length, 2);
  });

  it("keeps a machine's daemon and kubeconfig out of the state, and never uses the current cluster", async () => {
    const { registered } = await run({});
    const provider = (name: string) =>
      registered.find(({ type }) => type === `pulumi:providers:${name}`)?.inputs ?? {};
    assert.ok(!("host" in provider("docker")));
    const kubernetes = provider("kubernetes");
    assert.equal(kubernetes["kubeconfig"], "");
    assert.equal(kubernetes["context"], "todo-app");
    assert.equal(kubernetes["clusterIdentifier"], "todo-app");
  });
});

/** Encrypted values as they stand in a stack's file. */
function asEncrypted(changes: Record<string, unknown>, secrets: string[]) {
  return Object.fromEntries(
    Object.entries(changes).map(([key, value]) => [
      key,
      !secrets.includes(key) ? value : typeof value === "string" ? encrypted : eachEncrypted(value),
    ]),
  );
}

const encrypted = { secure: "encrypted" };

function eachEncrypted(map: unknown): object {
  return Object.fromEntries(Object.keys(map as object).map((name) => [name, encrypted]));
}
