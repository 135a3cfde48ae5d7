/** Whether browsers can call the API where the front end's pages were told that it is. */
import type { StackConfig } from "../config/stack";
import { minikubeAddress } from "../tools/minikube";
import type { ChosenCluster } from "./stack-record";
import { waitForUrl } from "./url";

/** Whoever asked for the application's own address has waited for kube-proxy already. */
const PATIENCE_MS = 10_000;

/** What is wrong with the API's address and what to do about it, as lines; none where it answers or there is none. */
export async function apiAddressHint(
  { backend }: StackConfig,
  cluster: ChosenCluster,
  signal: AbortSignal,
): Promise<string[]> {
  const { expose, publicUrl, nodePort } = backend;
  if (expose === "none") return [];
  const otherwise = `${publicUrl}, where browsers call the API (backendPublicUrl), does not answer from here`;
  const addresses = () => Promise.resolve({ urls: [publicUrl], otherwise });
  if ("url" in (await waitForUrl(addresses, signal, PATIENCE_MS))) return [];
  const profile = cluster.kind === "minikube" ? cluster.profile : undefined;
  if (profile === undefined) return [`${otherwise}.`];
  const address = await minikubeAddress(profile);
  return [
    `${otherwise}: Minikube's profile publishes the ports that it was made with. Either of these:`,
    ...(address === undefined
      ? []
      : [
          `  npm run pulumi -- config set backendPublicUrl http://${address}:${nodePort} && npm start   (on Linux)`,
        ]),
    `  npm run backup, minikube delete -p ${profile}, npm start, npm run restore   (a profile that publishes it)`,
  ];
}
