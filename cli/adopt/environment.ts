import type { Addresses } from "./addresses";
import { isPartOfDatabase } from "./database";
import type { Planner } from "./plan";
import type { Role } from "./roles";
import type { Application } from "./survey";
import { isForBrowsers, isPlaceholder, isSecret, type Variable, variablesOf } from "./variables";

/** The environment: what the stack gives is left out, secrets are named, addresses are those within the cluster. */
export function planEnvironment(
  planner: Planner,
  role: Role,
  application: Application,
  reached: Addresses,
): void {
  if (role === "backend") planCors(planner, application, reached);
  if (role === "backend" && knows(application, "OPENAI_API_KEY")) {
    planner.secret("openaiApiKey", undefined, "the back end reads OPENAI_API_KEY");
  }
  for (const variable of variablesOf(role, application)) {
    if (variable.name !== "DATABASE_URL" && !isPartOfDatabase(application, variable.name))
      planVariable(planner, role, variable, reached);
  }
  for (const name of application.ownVariables) {
    if (knows(application, name)) continue;
    planner.open(
      `${role}: its .env sets ${name}, whose value was not read. If pods need it: pulumi config set --path '${role}Env.${name}' VALUE`,
    );
  }
}

function knows({ compose, chart, examples, sources }: Application, name: string): boolean {
  return (
    sources.reads.has(name) ||
    [compose?.environment, chart?.environment, examples].some(
      (all) => all !== undefined && name in all,
    )
  );
}

function planVariable(planner: Planner, role: Role, variable: Variable, reached: Addresses): void {
  const { name, value, from, isRequired } = variable;
  const key = isForBrowsers(name) ? `${role}BuildArgs` : `${role}Env`;
  const database = /^(postgres(?:ql)?(?:\+\w+)?):\/\//.exec(value);
  if (database !== null) {
    planner.set(`${role}Database`, "full", `${name} is an address of the database too.`);
    const address = "://$(PGUSER):$(PGPASSWORD)@$(PGHOST):$(PGPORT)/$(PGDATABASE)";
    planner.put(
      key,
      name,
      `${database[1] ?? "postgresql"}${address}`,
      `${from}; Kubernetes fills in the parts`,
    );
    return;
  }
  if (isSecret(variable)) {
    const who = from === "the sources" ? "the sources read it" : `${from} has it`;
    planner.secret(`${role}SecretEnv`, name, isRequired ? `needed to start: ${who}` : who);
    return;
  }
  if (name === reached.byBrowser?.name) return;
  const address = inCluster(variable, reached);
  if (address !== undefined) {
    if (role === "backend" && address.startsWith("http://frontend:")) {
      planner.set(
        "backendEgressPorts",
        [reached.frontend.port],
        `It asks the front end for ${name}, which the network policies would refuse.`,
      );
    }
    planner.put(key, name, address, `${from}, with the stack's own address`);
    return;
  }
  const isWritten = from.startsWith("the Compose") || from.startsWith("the chart");
  if (!isPlaceholder(value) && (isWritten || isRequired))
    planner.put(key, name, value, `as in ${from}`);
  else if (isRequired) {
    planner.open(
      `${role}: it does not start without ${name}: pulumi config set --path '${key}.${name}' VALUE`,
    );
  } else if (/REDIS|KAFKA|QDRANT|RABBIT|MONGO|ELASTIC|SMTP/.test(name) && !value.startsWith("${")) {
    planner.open(`${role}: ${from} names ${name}, a service that the stack has not.`);
  }
}

/** An address of another part of the application, as it is in the cluster, or as browsers have it; of a list, each. */
function inCluster({ name, value }: Variable, reached: Addresses): string | undefined {
  if (!/https?:\/\//.test(value)) return undefined;
  const changed: string[] = [];
  const pattern = /https?:\/\/([\w.-]+)(?::(\d+))?/g;
  const address = value.replace(pattern, (all, host: string, port?: string) => {
    const role = reached.meaning(host, port ?? "", name);
    if (role === undefined) return all;
    changed.push(all);
    // Keys are fetched by the server; what an address is compared with or sent to is the one that browsers know.
    if (role === "frontend" && !/JWKS|INTERNAL/.test(name)) return reached.publicUrl;
    if (isForBrowsers(name) && role === "backend") return reached.backendPublicUrl;
    return `http://${role}:${reached[role].port}`;
  });
  return changed.length > 0 ? address : undefined;
}

/** CORS_ORIGINS is given by the stack, in a form that has to be known. */
function planCors(
  planner: Planner,
  { compose, chart, examples, sources }: Application,
  reached: Addresses,
): void {
  const name = "CORS_ORIGINS";
  const value = compose?.environment[name] ?? chart?.environment[name] ?? examples[name]?.value;
  if (value === undefined && !sources.reads.has(name)) return;
  if (sources.requires.has(name) && reached.byBrowser === undefined) {
    planner.set(
      "backendCorsOrigins",
      [reached.publicUrl],
      "It does not start without CORS_ORIGINS, which is set where there are origins.",
    );
  }
  const isJson = value?.startsWith("[") ?? sources.server.corsFormat === "json";
  if (!isJson) {
    planner.set(
      "backendCorsFormat",
      "comma",
      value !== undefined
        ? "As it is written elsewhere."
        : sources.server.corsFormat === "comma"
          ? "The sources split it at commas."
          : "The usual form; json is the other.",
    );
  }
}
