import { publicUrl } from "./environment";

/** Reads one header of a request, as `Headers.get` does. */
export type ReadHeader = (name: string) => string | null | undefined;

/** Whether people use this site by https: a proxy that ends TLS says so, or `PUBLIC_URL`. */
export function isHttps(header: ReadHeader): boolean {
  return cameByHttps(header) || publicUrl()?.protocol === "https:";
}

/** Whether a proxy says that this very request came by https. Next.js says `http` where none does. */
export function cameByHttps(header: ReadHeader): boolean {
  // Each proxy adds its own at the end: the first is the browser's.
  return header("x-forwarded-proto")?.split(",")[0]?.trim().toLowerCase() === "https";
}
