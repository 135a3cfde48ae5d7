import type { ConfigReader } from "./reader";

/** The way in by a host name; an empty host is none. */
export interface IngressConfig {
  host: string;
  className: string;
  tlsSecret: string;
  annotations: Record<string, string>;
  /** Paths of the host that lead to the back end. */
  backendPaths: string[];
  /** Whether the back end is asked without that path. */
  backendRewrite: boolean;
}

const optionalName = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$/;
const annotation = /^([a-z0-9.-]+\/)?[\w.-]+$/i;

export function readIngress(reader: ConfigReader): IngressConfig {
  const name = (key: string, what: string, example: string) =>
    reader.text(key, optionalName, `${what}, or empty`, example);
  return {
    host: name("ingressHost", "a host name without https://", "todo.example.com"),
    className: name("ingressClassName", "the name of an IngressClass", "nginx"),
    tlsSecret: name("ingressTlsSecret", "the name of a Secret", "todo-tls"),
    annotations: reader.map(
      "ingressAnnotations",
      annotation,
      "names of annotations",
      '"cert-manager.io/cluster-issuer"',
    ),
    backendPaths: reader.list(
      "ingressBackendPaths",
      /^\/[\w.~-]+(\/[\w.~-]+)*$/,
      "paths such as /api, without a slash at the end",
      "/api",
    ),
    backendRewrite: reader.flag("ingressBackendRewrite", false),
  };
}

/** Where people reach the application through the ingress; empty without one. */
export function ingressUrl({ host, tlsSecret }: IngressConfig): string {
  if (host === "") return "";
  return `${tlsSecret === "" ? "http" : "https"}://${host}`;
}
