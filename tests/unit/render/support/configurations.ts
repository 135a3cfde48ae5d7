import fc from "fast-check";

import { applicationNames, type ApplicationName } from "../../../../config/application";
import { bytes, millicores } from "../../../../manifests/quantity";

/** Configuration keys as a user would set them: key → value, without those that are left alone. */
export type Changes = Record<string, unknown>;

const port = fc.integer({ min: 1024, max: 65535 });
const nodePort = fc.integer({ min: 30000, max: 32767 });
const seconds = fc.integer({ min: 1, max: 600 });
const pods = fc.integer({ min: 1, max: 12 });
const urlPath = fc.constantFrom("/", "/health", "/up?full=1&x=2", "/a b".replace(" ", "%20"));
const name = fc.constantFrom("LOG_LEVEL", "HOSTNAME", "DATABASE_POOL_SIZE", "A", "Zone", "_x9");
const word = fc.constantFrom(
  ...["python", "-c", "print('ä')", 'say "hi"', "{{ .Values }}", "a\\b", "0x10", "yes", "1e3"],
);
const value = fc.oneof(
  word,
  fc.constantFrom("", "  spaces ", "line\nbreak", "# no comment", "null", "https://x/?a=1&b=<2>"),
  fc.integer({ min: 0, max: 10_000_000 }),
  fc.boolean(),
);
const cpu = fc.constantFrom("50m", "250m", "0.5", "1", "2");
const memory = fc.constantFrom("128Mi", "300M", "1Gi", "1.5Gi");
const url = fc.constantFrom(
  "https://todo.example.com",
  "http://10.0.0.1:8080/app",
  "https://x.example:8443/?a=1&b=2",
);
const image = fc.constantFrom(
  "postgres:18",
  "registry.example.com:5000/team/base@sha256:0123456789abcdef",
  "debian",
);
const egress = fc.uniqueArray(fc.constantFrom(80, 443, 11434, 5432, 6379), { maxLength: 3 });
const encrypted = fc.constant({ secure: "encrypted" });
const map = fc.dictionary(name, value, { maxKeys: 3 });
const namespaceName = fc.constantFrom("todo", "team-a", "default", "a1");

function application(app: ApplicationName): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(
    Object.entries({
      Context: fc.constantFrom("apps/web", "backend"),
      Dockerfile: fc.constantFrom("docker/other.Dockerfile"),
      Target: fc.constantFrom("runtime"),
      BuildArgs: fc.dictionary(name, word, { minKeys: 1, maxKeys: 2 }),
      BuildSecrets: fc.dictionary(name, encrypted, { maxKeys: 2 }),
      Image: fc.constantFrom("my-app", "team/web"),
      Port: port,
      Replicas: pods,
      LivenessPath: urlPath,
      ReadinessPath: urlPath,
      LivenessInitialDelaySeconds: seconds,
      ReadinessInitialDelaySeconds: seconds,
      LivenessPeriodSeconds: seconds,
      ReadinessPeriodSeconds: seconds,
      Command: fc.array(word, { maxLength: 3 }),
      Env: map,
      SecretEnv: fc.dictionary(name, encrypted, { maxKeys: 2 }),
      WritablePaths: fc.uniqueArray(
        fc.constantFrom("/tmp", "/var/lib/My_App.d", "/app/.next/cache"),
        {
          maxLength: 3,
        },
      ),
      RunAsUser: fc.constantFrom(0, 1000, 2147483647),
      ReadOnlyRoot: fc.boolean(),
      Database: fc.constantFrom("none", "url", "full"),
      DatabaseScheme: fc.constantFrom("postgresql+asyncpg", "postgres"),
      DatabaseOptions: fc.constantFrom("sslmode=require", "ssl=require&x=%3C1%3E"),
      MigrateCommand: fc.array(word, { maxLength: 2 }),
      ProbeKind: fc.constantFrom("tcp", "grpc", "http"),
      ProbeHost: fc.constantFrom("todo.example.com", "localhost:8000"),
      StartSeconds: seconds,
      VolumePath: fc.constant("/data"),
      VolumeSize: fc.constantFrom("500Mi", "20Gi"),
      CpuRequest: cpu,
      MemoryRequest: memory,
      CpuLimit: cpu,
      MemoryLimit: memory,
    }).map(([key, arbitrary]) => [`${app}${key}`, arbitrary]),
  );
}

/** What each configuration key may be; a key that is missing here fails a test. */
export const arbitraries: Record<string, fc.Arbitrary<unknown>> = {
  namespace: namespaceName,
  podSecurity: fc.constantFrom("restricted", "baseline"),
  deployTimeoutSeconds: fc.integer({ min: 30, max: 3600 }),
  rolloutSurge: fc.integer({ min: 1, max: 100 }),
  platform: fc.constant("linux/arm64"),
  imageLoader: fc.constantFrom("registry", "registry", "none", "node", "minikube"),
  imageLoadCommand: fc.constant("kind load docker-image {image}"),
  registry: fc.constantFrom("ghcr.io/me/todo", "registry.example.com:5000/team"),
  registryUsername: fc.constantFrom("me", 'a"b'),
  registryPassword: encrypted,
  nodeImage: image,
  pythonImage: image,
  npmRegistry: url,
  pythonIndexUrl: url,
  ...application("frontend"),
  ...application("backend"),
  ...application("mcp"),
  nodePort,
  publicUrl: url,
  backendUrl: url,
  backendExpose: fc.constant("nodePort"),
  backendNodePort: nodePort,
  backendPublicUrl: url,
  frontendSessionAffinity: fc.boolean(),
  backendCorsFormat: fc.constantFrom("json", "comma", "none"),
  backendCorsOrigins: fc.constantFrom(["http://localhost:30300"], ["*", "https://a.example"]),
  autoscaling: fc.boolean(),
  minReplicas: pods,
  maxReplicas: pods,
  targetCpuUtilization: fc.integer({ min: 1, max: 100 }),
  openaiModel: fc.constantFrom("gpt-5", "llama3.2:3b"),
  openaiBaseUrl: url,
  openaiApiMode: fc.constantFrom("responses", "chat_completions"),
  frontendServiceType: fc.constantFrom("ClusterIP", "LoadBalancer", "NodePort"),
  chatTurnsPerMinute: pods,
  chatMaxTurns: pods,
  chatMaxOutputTokens: fc.constant(100_000),
  mcpMode: fc.constantFrom("separate", "separate", "embedded"),
  mcpReplicas: fc.integer({ min: 1, max: 4 }),
  mcpPath: fc.constantFrom("/", "/sse"),
  mcpAllowedHosts: fc.constantFrom(["todo.example.com", "todo.example.com:*"]),
  resourceQuota: fc.boolean(),
  ingressHost: fc.constantFrom("todo.example.com", "localhost"),
  ingressClassName: fc.constant("nginx"),
  ingressTlsSecret: fc.constant("todo-tls"),
  ingressBackendPaths: fc.constantFrom(["/api"], ["/v1/a.b", "/auth"]),
  ingressBackendRewrite: fc.boolean(),
  ingressAnnotations: fc.constantFrom({ "cert-manager.io/cluster-issuer": "le", x: true }),
  kubectlAi: fc.boolean(),
  kubectlAiScale: fc.boolean(),
  kagent: fc.boolean(),
  kagentNamespace: fc.constant("agents"),
  kagentVersion: fc.constant("0.9.11"),
  kagentMcpToken: encrypted,
  externalDatabase: fc.boolean(),
  databaseUrl: encrypted,
  databaseDirectUrl: encrypted,
  jwtSecret: encrypted,
  jwtSecretPrevious: encrypted,
  openaiApiKey: encrypted,
  keptDigests: fc.constant({ "0123456789abcdef": "" }),
  postgresImage: image,
  postgresVersion: fc.integer({ min: 14, max: 19 }),
  postgresRunAsUser: fc.constantFrom(999, 26),
  databaseStorage: fc.constantFrom("500Mi", "20Gi"),
  databaseProtect: fc.constant(false),
  databaseMaxConnections: fc.integer({ min: 100, max: 1000 }),
  networkPolicies: fc.boolean(),
  databasePort: port,
  backendEgressPorts: egress,
  frontendEgressPorts: egress,
  metricsNamespace: namespaceName,
  databaseClients: fc.boolean(),
  dnsNamespace: fc.constantFrom("", "openshift-dns"),
  dnsPodLabels: fc.constantFrom({}, { "dns.operator/daemonset-dns": "default", n: 1 }),
  dnsPort: fc.constant(5353),
  dnsCidrs: fc.constantFrom(["169.254.20.10/32"], ["10.0.0.10/32", "fd00::/64"]),
};

/** Some keys set, the others at their defaults; rules over several keys are kept. */
export const configurations: fc.Arbitrary<Changes> = fc
  .record(arbitraries, { requiredKeys: [] })
  .chain((all) =>
    // Few keys at a time in some cases, nearly all in others.
    fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.infiniteStream(fc.integer({ min: 0, max: 9 })))
      .map(([share, dice]) => {
        const entries = Object.entries(all).filter(() => (dice.next().value as number) < share);
        return consistent(Object.fromEntries(entries));
      }),
  );

/** Sets right what the rules over several keys forbid, with the fewest changes. */
function consistent(changes: Changes): Changes {
  const fixed = { ...changes };
  const number = (key: string, standard: number) => (fixed[key] as number | undefined) ?? standard;
  if (fixed["autoscaling"] !== false) {
    const most = number("maxReplicas", 10);
    if (number("minReplicas", 2) > most) fixed["minReplicas"] = most;
    if (number("backendReplicas", 3) > most) fixed["backendReplicas"] = most;
  }
  if (Object.keys(fixed).some((key) => /^ingress(?!Host)/.test(key))) {
    fixed["ingressHost"] ??= "todo.example.com";
  }
  if (fixed["externalDatabase"] === true) fixed["databaseUrl"] ??= { secure: "encrypted" };
  if (fixed["kagent"] === true) {
    fixed["openaiApiKey"] ??= { secure: "encrypted" };
    fixed["kagentMcpToken"] ??= { secure: "encrypted" };
  }
  if (fixed["imageLoader"] === "registry") fixed["registry"] ??= "ghcr.io/me/todo";
  if (fixed["backendExpose"] === "nodePort") {
    fixed["publicUrl"] ??= "http://127.0.0.1:30300";
    fixed["backendPublicUrl"] ??= "http://127.0.0.1:30800";
    if (number("nodePort", 30300) === number("backendNodePort", 30800)) {
      fixed["backendNodePort"] = number("nodePort", 30300) === 30801 ? 30802 : 30801;
    }
  }
  if (fixed["mcpDockerfile"] !== undefined) {
    fixed["mcpMode"] = "separate";
    fixed["mcpCommand"] ??= [];
  }
  for (const app of applicationNames) {
    if (fixed[`${app}VolumePath`] !== undefined) {
      fixed[`${app}Replicas`] = 1;
      if (app === "backend") fixed["autoscaling"] = false;
    }
    const startSeconds = number(`${app}StartSeconds`, 120);
    if (startSeconds > 120 && startSeconds >= number("deployTimeoutSeconds", 180)) {
      fixed["deployTimeoutSeconds"] = startSeconds + 60;
    }
    const text = (key: string, standard: string) => (fixed[key] as string | undefined) ?? standard;
    const [cpu, memory] = [text(`${app}CpuRequest`, "100m"), text(`${app}MemoryRequest`, "256Mi")];
    if (millicores(cpu) > millicores(text(`${app}CpuLimit`, "500m"))) {
      fixed[`${app}CpuLimit`] = cpu;
    }
    if (bytes(memory) > bytes(text(`${app}MemoryLimit`, "512Mi"))) {
      fixed[`${app}MemoryLimit`] = memory;
    }
  }
  if (applicationNames.some((app) => fixed[`${app}RunAsUser`] === 0)) {
    fixed["podSecurity"] = "baseline";
  }
  return fixed;
}
