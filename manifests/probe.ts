import type { Probe } from "kubernetes-types/core/v1";

/** How the kubelet asks a container, in all of its probes. */
export interface ProbeKindArgs {
  /** `http` asks for a path, `tcp` opens the port, `grpc` calls grpc.health.v1. */
  kind: "http" | "tcp" | "grpc";
  /** Host header of HTTP probes; empty is the pod's address. */
  host: string;
  /** Seconds that a start may take before the container is restarted. */
  startSeconds: number;
}

/** What a probe asks for, and how often; times in seconds. */
export interface ProbeArgs {
  /** Used by HTTP probes alone. */
  path: string;
  initialDelaySeconds: number;
  periodSeconds: number;
}

/** Readiness gives up after this many seconds; the default of 1 flaps under CPU limits (measured). */
const readinessTimeoutSeconds = 3;
const livenessTimeoutSeconds = 5;

/** The three probes of an application's container. */
export function probes(args: {
  port: number;
  probe: ProbeKindArgs;
  liveness: ProbeArgs;
  readiness: ProbeArgs;
}): { startupProbe: Probe; livenessProbe: Probe; readinessProbe: Probe } {
  const { port, probe, liveness, readiness } = args;
  const timing = ({ initialDelaySeconds, periodSeconds }: ProbeArgs) => ({
    initialDelaySeconds,
    periodSeconds,
  });
  return {
    // Every second: pods are ready as soon as they can be. It takes the place of initial delays, which the kubelet would
    // add to every pod of a rollout even beside a startup probe.
    startupProbe: {
      ...question(probe, liveness, port),
      periodSeconds: 1,
      timeoutSeconds: readinessTimeoutSeconds,
      failureThreshold: probe.startSeconds,
    },
    livenessProbe: {
      ...question(probe, liveness, port),
      ...timing(liveness),
      timeoutSeconds: livenessTimeoutSeconds,
      failureThreshold: 6,
    },
    readinessProbe: {
      ...question(probe, readiness, port),
      ...timing(readiness),
      timeoutSeconds: readinessTimeoutSeconds,
      failureThreshold: 3,
    },
  };
}

function question(
  { kind, host }: ProbeKindArgs,
  { path }: ProbeArgs,
  port: number,
): Pick<Probe, "httpGet" | "tcpSocket" | "grpc"> {
  if (kind === "tcp") return { tcpSocket: { port } };
  if (kind === "grpc") return { grpc: { port } };
  const headers = host === "" ? {} : { httpHeaders: [{ name: "Host", value: host }] };
  return { httpGet: { path, port, ...headers } };
}
