import { access } from "./stack/outputs";
import { Backend } from "./components/backend";
import { readConfig } from "./config/pulumi";
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
import { images, plan } from "./stack/args";
import { Providers } from "./components/providers";
import { Settings } from "./components/settings";

const { config, secrets } = readConfig();
const providers = new Providers({ kubeContext: config.cluster.context }).all;

const sources = images(config);
const frontendImage = new Image("frontend-image", sources.frontend, { providers });
const backendImage = new Image("backend-image", sources.backend, { providers });
const parts = plan(config, { frontend: frontendImage.reference, backend: backendImage.reference });

const namespace = new Namespace("namespace", parts.namespace, { providers });
const inNamespace = { providers, dependsOn: namespace };
const credentials = new Credentials("credentials", parts.credentials, secrets, inNamespace);
const settings = new Settings("settings", parts.settings, inNamespace);
if (parts.limits) new Limits("limits", parts.limits, inNamespace);
if (parts.network) new NetworkPolicies("network", parts.network, inNamespace);

const database =
  parts.database &&
  new Database("database", parts.database, credentials.databaseChecksum, {
    providers,
    dependsOn: credentials,
  });
const usesDatabase = {
  providers,
  dependsOn: [backendImage.loaded, credentials, settings, ...(database ? [database] : [])],
};
new Backend("backend", parts.backend, credentials.backendChecksum, usesDatabase);
if (parts.mcp) new Mcp("mcp", parts.mcp, credentials.mcpChecksum, usesDatabase);
new Frontend("frontend", parts.frontend, credentials.frontendChecksum, {
  providers,
  dependsOn: [frontendImage.loaded, credentials, settings],
});
if (parts.ingress) new Ingress("ingress", parts.ingress, inNamespace);
if (parts.kubectlAi) new KubectlAi("kubectl-ai", parts.kubectlAi, inNamespace);
if (parts.kagent) new Kagent("kagent", parts.kagent, secrets, { providers });

export const { url, pods, portForward, kubectlAi } = access(config);
export const image = { frontend: frontendImage.pinned, backend: backendImage.pinned };
