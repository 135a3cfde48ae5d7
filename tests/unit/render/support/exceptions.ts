/** A finding of a scanner that stays, with the reason. Anything else that a scanner finds fails the run. */
export interface Exception {
  /** The scanner's name of the check: kube-score's, or checkov's CKV_…. */
  check: string;
  /** Objects that it concerns, as KIND/NAME; absent means all. */
  objects?: readonly string[];
  reason: string;
}

const latest =
  "`docker build -t todo-frontend:latest` and `minikube image load` by hand give this name; `pulumi up` and `npm run render -- --stack` use content tags";
const loaded =
  "images are loaded into the nodes, not pulled; what a content tag names never changes";
const workload = ["Deployment/frontend", "Deployment/backend", "Deployment/mcp"];
const database = ["StatefulSet/postgres"];
const owner = "PostgreSQL's images fix the owner of its files: 70 in Alpine's, 999 in Debian's";
const testPod = ["Pod/test-connection"];

export const exceptions: readonly Exception[] = [
  { check: "container-image-tag", objects: [...workload, ...testPod], reason: latest },
  { check: "container-image-pull-policy", reason: loaded },
  {
    check: "container-ephemeral-storage-request-and-limit",
    reason: "the root file system is read-only; the writable folders are small scratch space",
  },
  {
    check: "deployment-has-host-podantiaffinity",
    objects: workload,
    reason: "topology spread constraints do it, and leave a single node usable",
  },
  {
    check: "pod-probes-identical",
    objects: ["Deployment/frontend", ...database],
    reason: "neither waits for anything else: answering is being ready; only the thresholds differ",
  },
  {
    check: "networkpolicy-targets-pod",
    objects: ["NetworkPolicy/database-clients"],
    reason: "it is for pods of the user's own, which carry its label",
  },
  {
    check: "service-type",
    objects: ["Service/frontend"],
    reason: "a NodePort works on Minikube without a cloud",
  },
  { check: "container-security-context-user-group-id", objects: database, reason: owner },
  {
    check: "statefulset-has-servicename",
    objects: database,
    reason: "one pod, reached through an ordinary Service; nobody asks for it by its own name",
  },
  { check: "CKV_K8S_14", objects: [...workload, ...testPod], reason: latest },
  {
    check: "CKV_K8S_43",
    reason:
      "the registry loader gives digests; images that were loaded into nodes have none, and postgresImage takes one",
  },
  { check: "CKV_K8S_15", reason: loaded },
  {
    check: "CKV_K8S_35",
    reason: "both applications read their credentials from environment variables",
  },
  ...["CKV_K8S_8", "CKV_K8S_9"].map((check) => ({
    check,
    objects: testPod,
    reason: "the pod of `helm test` runs once and ends",
  })),
  { check: "CKV_K8S_40", objects: database, reason: owner },
];
