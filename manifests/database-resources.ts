import type { PodArgs } from "./pod";

/** Of the embedded PostgreSQL: small enough for a default Minikube (2 CPUs) beside ten pods of the back end. */
export const databaseResources: PodArgs["resources"] = {
  cpuRequest: "100m",
  memoryRequest: "256Mi",
  cpuLimit: "500m",
  memoryLimit: "512Mi",
};
