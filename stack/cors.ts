import type { StackConfig } from "../config/stack";

/**
 * The value of CORS_ORIGINS: the origins from which browsers may call the back end; empty where it is not set.
 * The front end's own is among them where browsers reach the back end by a port of its own.
 */
export function corsOrigins({ frontend, backend }: StackConfig): string {
  const { expose, corsFormat, corsOrigins } = backend;
  if (corsFormat === "none") return "";
  const own = expose === "none" || frontend.publicUrl === "" ? [] : [originOf(frontend.publicUrl)];
  const origins = [...new Set([...own, ...corsOrigins])];
  if (origins.length === 0) return "";
  return corsFormat === "comma" ? origins.join(",") : JSON.stringify(origins);
}

/** The origin as browsers send it: in lower case, without a path, a slash at the end, or the scheme's own port. */
export function originOf(url: string): string {
  const [origin = ""] = /^https?:\/\/[^/?#]*/i.exec(url) ?? [];
  return origin
    .toLowerCase()
    .replace(/^(http:.*):80$/, "$1")
    .replace(/^(https:.*):443$/, "$1");
}
