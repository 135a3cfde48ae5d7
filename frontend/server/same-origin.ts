import { publicUrl } from "./environment";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Whether a request may act for the signed-in person (the defence against cross-site requests).
 *
 * Browsers add `Origin` to every unsafe request. It must name the host that was asked, or
 * `PUBLIC_URL` where a proxy in front changes the Host header. The scheme of the host is not
 * compared: behind a proxy that ends TLS, the front end itself is asked by http.
 */
export function isSameOrigin(request: Request): boolean {
  if (SAFE_METHODS.has(request.method)) return true;
  const origin = request.headers.get("origin");
  if (origin === null || !URL.canParse(origin)) return false;
  if (origin === publicUrl()?.origin) return true;
  return new URL(origin).host === request.headers.get("host");
}
