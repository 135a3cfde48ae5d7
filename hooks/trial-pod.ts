import type { StatefulSet } from "kubernetes-types/apps/v1";
import type { Pod } from "kubernetes-types/core/v1";

import { labels } from "../manifests/labels";

export const trialName = "postgres-trial";

/** Prints what decides whether the image can read the volume. */
const SCRIPT = `set -eu
version=$(postgres --version | sed 's/^[^0-9]*\\([0-9]*\\).*/\\1/')
case $(ls /lib/ld-musl-* 2>/dev/null) in '') libc=glibc ;; *) libc=musl ;; esac
echo "version=$version libc=$libc"`;

/** A pod with the new image and the database's own restrictions, and without its volume, secrets and traffic. */
export function trialPod({ metadata, spec }: StatefulSet): Pod {
  const template = spec?.template.spec;
  const [server] = template?.containers ?? [];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: trialName,
      ...(metadata?.namespace === undefined ? {} : { namespace: metadata.namespace }),
      // Not `app: postgres`: the Service would send connections to it.
      labels: labels(trialName, "database"),
    },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      ...(template?.securityContext === undefined
        ? {}
        : { securityContext: template.securityContext }),
      ...(template?.imagePullSecrets === undefined
        ? {}
        : { imagePullSecrets: template.imagePullSecrets }),
      containers: [
        {
          name: "trial",
          image: server?.image ?? "",
          imagePullPolicy: "IfNotPresent",
          command: ["sh", "-c", SCRIPT],
          ...(server?.resources === undefined ? {} : { resources: server.resources }),
          ...(server?.securityContext === undefined
            ? {}
            : { securityContext: server.securityContext }),
          terminationMessagePolicy: "FallbackToLogsOnError",
        },
      ],
    },
  };
}
