/**
 * Tests that a machine may leave out, by what it lacks. `npm test` fails on any other skip, so that a green
 * run always means the same tests. `test` is the beginning of a test's full name.
 */
export type MachineClass =
  /** No Pulumi CLI, and none can be downloaded. */
  | "no-pulumi"
  /** No Minikube. */
  | "no-minikube"
  /** No Docker daemon, and no right to start one. */
  | "no-docker"
  /** No plugin for the Docker client to build with. */
  | "no-buildx"
  /** No Go, which Helm and kube-score are built with where they are missing. */
  | "no-go"
  /** No Chromium, and no right to install one. */
  | "no-browser"
  /** A cluster of one node: TODO_FAULTS_NODES=2 makes the fault suites' sandbox one of two. */
  | "one-node"
  /** No engine that enforces NetworkPolicies: TODO_FAULTS_KUBE_ROUTER names a kube-router to start in the nodes. */
  | "no-policy-engine";

export interface AllowedSkip {
  test: string;
  reason: string;
}

export const allowedSkips: Partial<Record<MachineClass, AllowedSkip[]>> = {
  "no-pulumi": [
    { test: "the engine with faults", reason: "there is no engine" },
    {
      test: "a stack whose images come from a registry with a login",
      reason: "only the engine leads a stack from one loader to another",
    },
    {
      test: "what the cluster holds after a deployment is the same by Pulumi",
      reason: "there is no engine",
    },
    {
      test: "a running application that another tool takes over",
      reason: "it begins and ends with the engine",
    },
  ],
  "no-minikube": [],
  "one-node": [{ test: "draining a node of two", reason: "its pods would have nowhere to go" }],
  "no-policy-engine": [
    { test: "network policies, enforced", reason: "the sandbox's network does not enforce them" },
  ],
  "no-docker": [],
  "no-buildx": [
    {
      test: "generated ignore files",
      reason:
        "they are compared with what docker build sends; 200 recorded ones are in the unit layer",
    },
  ],
  "no-browser": [
    { test: "the stack on a cluster in a browser", reason: "the journeys need Chromium" },
  ],
  "no-go": [
    {
      test: "program, manifests and chart have the same objects as helm",
      reason: "Helm is built from its Go module",
    },
    { test: "the chart", reason: "Helm is built from its Go module" },
    { test: "the rendered objects in a cluster", reason: "Helm is built from its Go module" },
    {
      test: "what the cluster holds after a deployment",
      reason: "Helm is built from its Go module",
    },
    {
      test: "a running application that another tool takes over",
      reason: "Helm is built from its Go module",
    },
  ],
};
