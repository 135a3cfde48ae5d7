import { StatefulSet as StatefulSetResource } from "@pulumi/kubernetes/apps/v1/statefulSet";
import { Service as ServiceResource } from "@pulumi/kubernetes/core/v1/service";
import * as pulumi from "@pulumi/pulumi";
import type { StatefulSet } from "kubernetes-types/apps/v1";
import type { Container, EnvVar, Probe, Service } from "kubernetes-types/core/v1";
import { readFileSync } from "node:fs";
import * as path from "node:path";

import { beforeDatabaseChanges } from "../hooks/database-change";
import { showWhyPodsFail } from "../hooks/failed-rollout";
import { storageAnnotation } from "../hooks/storage-annotation";
import type { Credentials } from "./credentials";
import { labels, selector } from "../manifests/labels";
import { containerSecurity, podDefaults, resources } from "../manifests/pod";
import type { Providers } from "./providers";
import { rollingStatefulSet } from "./rolling";
import { databaseAddress, secretNames } from "../manifests/names";
import { databaseResources } from "../manifests/database-resources";
import { service } from "../manifests/service";
import { withoutAwait } from "../manifests/without-await";

/** PostgreSQL in the namespace, for stacks that name no database of their own. */
export interface DatabaseArgs {
  namespace: string;
  /** Image with the official image's contract (POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB, PGDATA). */
  image: string;
  /** Major version in the image. */
  version: number;
  /** Numeric user and group of PostgreSQL in the image: 70 in Alpine's, 999 in Debian's. */
  runAsUser: number;
  /** Size of the volume, a Kubernetes quantity. */
  storage: string;
  maxConnections: number;
  /** Seconds until it must be ready. */
  timeoutSeconds: number;
}

const app = databaseAddress.host;
const component = "database";

const sharedBuffers = "64MB";

const prepare = readFileSync(path.join(__dirname, "database-prepare.sh"), "utf8");

export function manifests(args: DatabaseArgs): { statefulSet: StatefulSet; service: Service } {
  const { namespace } = args;
  return {
    statefulSet: {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: app, namespace, labels: labels(app, component) },
      spec: {
        serviceName: app,
        replicas: 1,
        selector: { matchLabels: selector(app) },
        // A stack that moves to a database of its own keeps this one's data until the namespace goes.
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        template: {
          metadata: { labels: labels(app, component) },
          spec: {
            ...podDefaults(args.runAsUser),
            terminationGracePeriodSeconds: 60,
            initContainers: [prepareContainer(args)],
            containers: [serverContainer(args)],
            volumes: scratch.map(({ name }) => ({ name, emptyDir: {} })),
          },
        },
        volumeClaimTemplates: [
          {
            apiVersion: "v1",
            kind: "PersistentVolumeClaim",
            metadata: { name: "data" },
            spec: {
              accessModes: ["ReadWriteOnce"],
              resources: { requests: { storage: args.storage } },
            },
          },
        ],
      },
    },
    service: service(namespace, { app, component, port: databaseAddress.port }),
  };
}

/** Folders outside the volume that PostgreSQL writes to; the root file system is read-only. */
const scratch = [
  { name: "run", mountPath: "/var/run/postgresql" },
  { name: "tmp", mountPath: "/tmp" },
];

/** The official images moved their volume up by one folder with version 18. */
function volumePath(version: number): string {
  return version >= 18 ? "/var/lib/postgresql" : "/var/lib/postgresql/data";
}

/** What both containers share: the image, its environment, its volumes, its limits. */
function shared(args: DatabaseArgs): Omit<Container, "name"> & {
  env: EnvVar[];
  volumeMounts: NonNullable<Container["volumeMounts"]>;
} {
  const volume = volumePath(args.version);
  return {
    image: args.image,
    imagePullPolicy: "IfNotPresent",
    env: [
      { name: "POSTGRES_USER", value: databaseAddress.user },
      { name: "POSTGRES_DB", value: databaseAddress.name },
      {
        name: "POSTGRES_PASSWORD",
        valueFrom: { secretKeyRef: { name: secretNames.database, key: "password" } },
      },
      // A subdirectory: a volume's own top folder may hold lost+found.
      { name: "PGDATA", value: `${volume}/pgdata` },
    ],
    resources: resources(databaseResources),
    ...containerSecurity(true, args.runAsUser),
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [{ name: "data", mountPath: volume }, ...scratch],
  };
}

function prepareContainer(args: DatabaseArgs): Container {
  const container = shared(args);
  return {
    ...container,
    name: "prepare",
    command: ["sh", "-c", prepare],
    env: [
      ...container.env,
      { name: "VOLUME", value: volumePath(args.version) },
      { name: "EXPECTED_VERSION", value: String(args.version) },
    ],
  };
}

function serverContainer(args: DatabaseArgs): Container {
  // Over TCP: while the image sets up a new volume, its server listens on the socket alone.
  const isReady = (timing: Probe): Probe => ({
    exec: {
      command: [
        "pg_isready",
        "-q",
        "-h",
        "127.0.0.1",
        "-U",
        databaseAddress.user,
        "-d",
        databaseAddress.name,
      ],
    },
    ...timing,
  });
  return {
    ...shared(args),
    name: app,
    args: [
      "postgres",
      "-c",
      `max_connections=${args.maxConnections}`,
      "-c",
      `shared_buffers=${sharedBuffers}`,
    ],
    ports: [{ name: "postgres", containerPort: databaseAddress.port }],
    startupProbe: isReady({ periodSeconds: 1, timeoutSeconds: 3, failureThreshold: 120 }),
    livenessProbe: isReady({ periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 }),
    readinessProbe: isReady({ periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 }),
  };
}

export class Database extends pulumi.ComponentResource {
  readonly statefulSet: StatefulSetResource;
  readonly service: ServiceResource;

  constructor(
    name: string,
    {
      credentials,
      cluster,
      ...args
    }: DatabaseArgs & {
      credentials: Credentials;
      cluster: Providers;
    },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(
      "todo-app:index:Database",
      name,
      {},
      pulumi.mergeOptions({ dependsOn: credentials }, opts),
    );
    const { statefulSet, service } = manifests(args);
    const annotations = { [storageAnnotation]: args.storage };
    const annotated = { ...statefulSet, metadata: { ...statefulSet.metadata, annotations } };
    const timeout = `${args.timeoutSeconds}s`;
    // The pod restarts when the password changes, and its init container makes the new one the role's.
    const checksum = credentials.checksum("database");
    this.statefulSet = new StatefulSetResource(app, rollingStatefulSet(annotated, checksum), {
      parent: this,
      customTimeouts: { create: timeout, update: timeout },
      // It cannot change without the StatefulSet being made anew, and resizes nothing then: the hook grows the claim itself.
      ignoreChanges: ["spec.volumeClaimTemplates"],
      hooks: {
        beforeUpdate: [beforeDatabaseChanges(cluster.kubeContext, annotated, args.timeoutSeconds)],
        onError: [showWhyPodsFail(cluster.kubeContext, args.namespace, app)],
      },
    });
    this.service = new ServiceResource(app, withoutAwait(service), { parent: this });
    this.registerOutputs({});
  }
}
