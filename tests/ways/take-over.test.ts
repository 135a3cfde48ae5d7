import { takeOvers } from "../live/support/take-over";

// Every pair once.
takeOvers([
  ...(["pulumi", "kubectl", "pulumi", "helm3", "pulumi", "helm4", "kubectl"] as const),
  ...(["helm3", "helm4", "helm3", "kubectl", "helm4", "pulumi"] as const),
]);
