import { Backend } from "./components/backend";
import { Credentials } from "./components/credentials";
import { Database } from "./components/database";
import { Frontend } from "./components/frontend";
import { Image } from "./components/image";
import { Ingress } from "./components/ingress";
import { Kagent } from "./components/kagent";
import { KubectlAi } from "./components/kubectl-ai";
import { Limits } from "./components/limits";
import { Mcp } from "./components/mcp";
import { Namespace } from "./components/namespace";
import { NetworkPolicies } from "./components/network-policies";
import { Providers } from "./components/providers";
import { Settings } from "./components/settings";
import { readConfig } from "./config/pulumi";
import { stackArgs } from "./stack/args";
import { hotChoice } from "./stack/hot";
import { outputs } from "./stack/outputs";

const { config, secrets } = readConfig();
const args = stackArgs(config, hotChoice());
const cluster = new Providers({ kubeContext: config.cluster.context });
const { options } = cluster;

const { frontend, backend, mcp } = args.images;
const built = (app: "frontend" | "backend" | "mcp") => ({ secretValues: secrets.build[app] });
const frontendImage = new Image("frontend-image", { ...frontend, ...built("frontend") }, options);
const backendImage = new Image("backend-image", { ...backend, ...built("backend") }, options);
const mcpImage = mcp && new Image("mcp-image", { ...mcp, ...built("mcp") }, options);
const developmentImage =
  args.developmentImage &&
  new Image(
    "frontend-development-image",
    { ...args.developmentImage, ...built("frontend") },
    options,
  );

const namespace = new Namespace("namespace", args.namespace, options);
const credentials = new Credentials(
  "credentials",
  { ...args.credentials, namespace, secrets },
  options,
);
const settings = new Settings("settings", { ...args.settings, namespace }, options);
if (args.limits) new Limits("limits", { ...args.limits, namespace }, options);
if (args.network) new NetworkPolicies("network", { ...args.network, namespace }, options);

const database =
  args.database && new Database("database", { ...args.database, credentials, cluster }, options);
const needs = { settings, credentials, database, cluster };
new Backend("backend", { ...args.backend, image: backendImage, ...needs }, options);
if (args.mcp) new Mcp("mcp", { ...args.mcp, image: mcpImage ?? backendImage, ...needs }, options);
new Frontend(
  "frontend",
  {
    ...args.frontend,
    image: developmentImage ?? frontendImage,
    settings,
    credentials,
    cluster,
    database: args.credentials.databaseForms.readers.frontend === undefined ? undefined : database,
  },
  options,
);
if (args.ingress) new Ingress("ingress", { ...args.ingress, namespace }, options);

if (args.kubectlAi) new KubectlAi("kubectl-ai", { ...args.kubectlAi, namespace }, options);
if (args.kagent) new Kagent("kagent", { ...args.kagent, secrets }, options);

export const { url, pods, portForward, kubectlAi } = outputs(config);
export const image = {
  frontend: frontendImage.pinned,
  backend: backendImage.pinned,
  ...(mcpImage && { mcp: mcpImage.pinned }),
};
