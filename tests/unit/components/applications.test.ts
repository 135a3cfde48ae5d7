import assert from "node:assert/strict";
import type { Deployment } from "kubernetes-types/apps/v1";
import type { Container, EnvVar, PersistentVolumeClaim, Service } from "kubernetes-types/core/v1";
import type { Ingress, NetworkPolicy } from "kubernetes-types/networking/v1";

import { databaseUrl } from "../../../manifests/secret-data";
import { stackObjectsWithSecrets, type KubernetesObject } from "../../../render/objects";
import { manifestArgs } from "../../../stack/args";
import { imageSources } from "../../../stack/images";
import { references, stackConfig } from "../fixtures/stack";

const given = "postgresql://me:p%40ss%2Fword@db.example.com:6543/todo?sslmode=require";

function objects(
  changes: Record<string, unknown>,
  url = databaseUrl("secret"),
  images: Parameters<typeof manifestArgs>[1] = references,
): KubernetesObject[] {
  return stackObjectsWithSecrets(manifestArgs(stackConfig(changes), images), {
    databaseUrl: url,
    jwtSecret: "signing",
    openaiApiKey: "",
    databasePassword: "secret",
    registry: "",
    registryUsername: "",
    registryPassword: "",
    frontendEnv: {},
    backendEnv: {},
    mcpEnv: { TOKEN: "secret" },
    checksumKey: "key",
  });
}

/** The kinds that are looked into here. */
interface Kinds {
  Deployment: Deployment;
  Ingress: Ingress;
  NetworkPolicy: NetworkPolicy;
  PersistentVolumeClaim: PersistentVolumeClaim;
  Service: Service;
}

function found<Kind extends keyof Kinds>(
  all: readonly KubernetesObject[],
  kind: Kind,
  name: string,
): Kinds[Kind] {
  const object = all.find((one) => one.kind === kind && one.metadata?.name === name);
  assert.ok(object, `${kind} ${name}`);
  return object as Kinds[Kind];
}

function container(all: readonly KubernetesObject[], app: string): Container {
  const deployment = found(all, "Deployment", app);
  return deployment.spec?.template.spec?.containers[0] ?? assert.fail();
}

/** A container's variables as the process sees them, with what the Secrets hold. */
function environment(all: readonly KubernetesObject[], app: string): Record<string, string> {
  const value = ({ value, valueFrom }: EnvVar): string => {
    if (value !== undefined) return value;
    const { name, key } = valueFrom?.secretKeyRef ?? valueFrom?.configMapKeyRef ?? {};
    const source = all.find(
      ({ kind, metadata }) =>
        ["Secret", "ConfigMap"].includes(kind ?? "") && metadata?.name === name,
    ) as { stringData?: Record<string, string>; data?: Record<string, string> } | undefined;
    return { ...source?.data, ...source?.stringData }[key ?? ""] ?? assert.fail(`${name}/${key}`);
  };
  return Object.fromEntries(
    (container(all, app).env ?? []).map((variable) => [variable.name, value(variable)]),
  );
}

describe("an application's database", () => {
  it("is the front end's as well by one key, with both ends of the network open", () => {
    const all = objects({ frontendDatabase: "url" });
    assert.equal(environment(all, "frontend")["DATABASE_URL"], databaseUrl("secret"));
    const peers = (policy: string, direction: "ingress" | "egress") =>
      JSON.stringify(found(all, "NetworkPolicy", policy).spec?.[direction]);
    assert.match(peers("frontend", "egress"), /"app":"postgres"/);
    assert.match(peers("database", "ingress"), /"app":"frontend"/);
  });

  it("outside of the namespace is let through to it by its port", () => {
    const all = objects({
      frontendDatabase: "url",
      databaseUrl: { secure: "" },
      databasePort: 6543,
    });
    const { spec } = found(all, "NetworkPolicy", "frontend");
    assert.match(JSON.stringify(spec?.egress), /6543/);
  });

  it("has the scheme and the options that each application's driver wants", () => {
    const all = objects(
      {
        frontendDatabase: "url",
        backendDatabaseScheme: "postgresql+asyncpg",
        backendDatabaseOptions: "ssl=require",
      },
      given,
    );
    assert.equal(environment(all, "frontend")["DATABASE_URL"], given);
    assert.equal(
      environment(all, "backend")["DATABASE_URL"],
      "postgresql+asyncpg://me:p%40ss%2Fword@db.example.com:6543/todo?ssl=require",
    );
  });

  for (const [what, url, host] of [
    ["a name", given, "db.example.com"],
    ["an address", given.replace("db.example.com", "[fd00::1]"), "fd00::1"],
  ] as const) {
    it(`has its parts apart, in plain text, with ${what} for a host`, () => {
      const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE } = environment(
        objects({ backendDatabase: "full" }, url),
        "backend",
      );
      assert.deepEqual(
        [PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE],
        [host, "6543", "me", "p@ss/word", "todo"],
      );
    });
  }

  it("stands before every variable that may be made of its parts", () => {
    const all = objects({
      backendDatabase: "full",
      backendEnv: { DATABASE_URL: "postgres://$(PGUSER):$(PGPASSWORD)@$(PGHOST)/$(PGDATABASE)" },
    });
    const names = (container(all, "backend").env ?? []).map(({ name }) => name);
    for (const part of ["PGUSER", "PGPASSWORD", "PGHOST", "PGDATABASE"]) {
      assert.ok(names.indexOf(part) < names.indexOf("DATABASE_URL"), names.join());
    }
  });

  it("rolls the pods that read it, when the form changes in which they do", () => {
    const digest = (changes: Record<string, unknown>, app: string) =>
      found(objects(changes), "Deployment", app).spec?.template.metadata?.annotations?.[
        "checksum/secrets"
      ];
    const changed = { backendDatabaseScheme: "postgres" };
    assert.notEqual(digest({}, "backend"), digest(changed, "backend"));
    assert.equal(digest({}, "frontend"), undefined);
    assert.notEqual(digest({ frontendDatabase: "url" }, "frontend"), undefined);
  });

  it("is not run where nobody connects to it", () => {
    const all = objects({ backendDatabase: "none" }, "");
    assert.equal(
      all.some(({ metadata }) => metadata?.name === "postgres"),
      false,
    );
    assert.equal("DATABASE_URL" in environment(all, "backend"), false);
  });

  it("leaves connections for the front end's pods", () => {
    const both = stackConfig({ frontendDatabase: "url" }).database.poolSize;
    assert.equal(both, Math.floor(90 / (2 * 10 + 1 + 2 * 2 + 1)));
  });
});

describe("an application's probes", () => {
  it("send the host that its middleware knows", () => {
    const { livenessProbe, readinessProbe, startupProbe } = container(
      objects({ backendProbeHost: "todo.example.com" }),
      "backend",
    );
    for (const probe of [livenessProbe, readinessProbe, startupProbe]) {
      assert.deepEqual(probe?.httpGet?.httpHeaders, [{ name: "Host", value: "todo.example.com" }]);
    }
  });

  for (const [kind, field] of [
    ["tcp", "tcpSocket"],
    ["grpc", "grpc"],
  ] as const) {
    it(`ask by ${kind} alone`, () => {
      const { livenessProbe, readinessProbe, startupProbe } = container(
        objects({ frontendProbeKind: kind, frontendPort: 50051 }),
        "frontend",
      );
      for (const probe of [livenessProbe, readinessProbe, startupProbe]) {
        assert.equal(probe?.httpGet, undefined);
        assert.deepEqual(probe?.[field], { port: 50051 });
      }
    });
  }

  it("wait for a slow start", () => {
    const all = objects({ backendStartSeconds: 240, deployTimeoutSeconds: 400 });
    const { startupProbe } = container(all, "backend");
    assert.equal((startupProbe?.periodSeconds ?? 0) * (startupProbe?.failureThreshold ?? 0), 240);
  });
});

describe("the port", () => {
  it("is told to a back end of another repository, also where it is this one's", () => {
    assert.equal(environment(objects({ backendMigrateCommand: [] }), "backend")["PORT"], "8000");
    assert.equal(environment(objects({ backendPort: 9000 }), "backend")["PORT"], "9000");
  });

  it("is not told to this repository's own at its own port, whose pods would roll for it", () => {
    assert.equal(environment(objects({}), "backend")["PORT"], undefined);
  });
});

describe("the origins that the back end accepts", () => {
  const cors = (changes: Record<string, unknown>) =>
    environment(objects(changes), "backend")["CORS_ORIGINS"];
  const exposed = {
    backendExpose: "nodePort",
    backendPublicUrl: "http://127.0.0.1:30800",
    publicUrl: "http://127.0.0.1:30300",
  };

  it("are a list of JSON, with more than one where there are more", () => {
    assert.equal(cors(exposed), '["http://127.0.0.1:30300"]');
    assert.equal(
      cors({ ...exposed, backendCorsOrigins: ["http://localhost:30300"] }),
      '["http://127.0.0.1:30300","http://localhost:30300"]',
    );
  });

  it("are split at commas, or not set, for an application that wants it so", () => {
    const more = { ...exposed, backendCorsOrigins: ["http://localhost:30300"] };
    assert.equal(
      cors({ ...more, backendCorsFormat: "comma" }),
      "http://127.0.0.1:30300,http://localhost:30300",
    );
    assert.equal(cors({ ...more, backendCorsFormat: "none" }), undefined);
  });

  it("are set for an ingress too", () => {
    assert.equal(cors({ backendCorsOrigins: ["https://a.example"] }), '["https://a.example"]');
  });

  it("are origins, as browsers send them, whatever the URL has beyond", () => {
    for (const url of ["https://Todo.example.com/", "https://todo.example.com:443/app?x=1"]) {
      assert.equal(cors({ ...exposed, publicUrl: url }), '["https://todo.example.com"]');
    }
  });
});

describe("a volume of an application's", () => {
  const alone = { autoscaling: false, backendReplicas: 1, backendVolumePath: "/data" };

  it("is mounted by one pod, which ends before the next one starts", () => {
    const all = objects(alone);
    const claim = found(all, "PersistentVolumeClaim", "backend-data");
    assert.equal(claim.spec?.resources?.requests?.["storage"], "1Gi");
    const { spec } = found(all, "Deployment", "backend");
    assert.equal(spec?.strategy?.type, "Recreate");
    assert.deepEqual(
      spec.template.spec?.volumes?.find(({ persistentVolumeClaim }) => persistentVolumeClaim),
      { name: "data", persistentVolumeClaim: { claimName: "backend-data" } },
    );
    assert.ok(
      container(all, "backend").volumeMounts?.some(({ mountPath }) => mountPath === "/data"),
    );
  });

  it("keeps the namespace from being destroyed as a database does", () => {
    const config = stackConfig({ ...alone, backendDatabase: "none", databaseProtect: true });
    assert.equal(manifestArgs(config, references).namespace.protect, true);
  });
});

describe("an MCP server with an image of its own", () => {
  const own = {
    mcpMode: "separate",
    mcpDockerfile: "mcp/Dockerfile",
    mcpContext: "mcp",
    mcpCommand: [],
    mcpPort: 9000,
    mcpPath: "/sse",
    mcpProbeKind: "http",
    mcpLivenessPath: "/up",
    mcpEnv: { MODE: "tools" },
    mcpSecretEnv: { TOKEN: { secure: "" } },
    backendEnv: { LOG_LEVEL: "debug" },
  };

  it("is built from its own folder", () => {
    assert.deepEqual(
      (({ context, dockerfile, repository }) => [context, dockerfile, repository])(
        imageSources(stackConfig(own)).mcp ?? assert.fail(),
      ),
      ["mcp", "mcp/Dockerfile", "todo-mcp"],
    );
    assert.equal(imageSources(stackConfig({ mcpMode: "separate" })).mcp, undefined);
  });

  it("runs with its own image, port, probes and environment", () => {
    const all = objects(own, undefined, { ...references, mcp: "todo-mcp:1" });
    const mcp = container(all, "mcp");
    assert.equal(mcp.image, "todo-mcp:1");
    assert.equal(mcp.command, undefined);
    assert.equal(mcp.livenessProbe?.httpGet?.path, "/up");
    const { MODE, LOG_LEVEL, TOKEN, PORT } = environment(all, "mcp");
    assert.deepEqual([MODE, LOG_LEVEL, TOKEN, PORT], ["tools", undefined, "secret", "9000"]);
    assert.equal(environment(all, "backend")["MCP_URL"], "http://mcp:9000/sse");
  });

  it("is the back end's in everything without one", () => {
    const all = objects({ mcpMode: "separate", backendEnv: { LOG_LEVEL: "debug" } });
    assert.equal(container(all, "mcp").image, references.backend);
    assert.equal(environment(all, "mcp")["LOG_LEVEL"], "debug");
    assert.equal(container(all, "mcp").livenessProbe?.httpGet?.path, "/livez");
  });
});

describe("paths of the ingress that lead to the back end", () => {
  const host = { ingressHost: "todo.example.com", ingressBackendPaths: ["/api"] };
  const api = (changes: Record<string, unknown>) =>
    found(objects({ ...host, ...changes }), "Ingress", "todo-app-api");
  const path = (ingress: Ingress) => ingress.spec?.rules?.[0]?.http?.paths[0];

  it("go there as they are", () => {
    const { path: text, pathType, backend } = path(api({})) ?? {};
    assert.deepEqual([text, pathType, backend?.service?.name], ["/api", "Prefix", "backend"]);
    assert.equal(api({}).metadata?.annotations, undefined);
  });

  it("go there without the path, where the application does not know it", () => {
    const ingress = api({ ingressBackendRewrite: true });
    const [, rest] = new RegExp(`^${path(ingress)?.path}$`).exec("/api/tasks")?.slice(1) ?? [];
    assert.equal(rest, "tasks");
    const target = "nginx.ingress.kubernetes.io/rewrite-target";
    assert.equal(ingress.metadata?.annotations?.[target], "/$2");
  });

  it("are open to the controller, which is outside of the namespace", () => {
    const { spec } = found(objects(host), "NetworkPolicy", "backend");
    assert.equal(spec?.ingress?.[0]?.from, undefined);
  });
});

describe("the front end's session affinity", () => {
  it("keeps a client at one pod", () => {
    const all = objects({ frontendSessionAffinity: true });
    assert.match(JSON.stringify(found(all, "Service", "frontend")), /"sessionAffinity":"ClientIP"/);
  });
});
