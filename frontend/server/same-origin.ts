import { publicUrl } from "./environment";
import { cameByHttps } from "./https";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Whether a request may act for the signed-in person (the defence against cross-site requests).
 *
 * Browsers add `Origin` to every unsafe request. It must name the host that was asked, or
 * `PUBLIC_URL` where a proxy in front changes the Host header. Where the browser came by https, so
 * must the page have: whoever can forge pages of this host over plain http must not act here.
 */
export function isSameOrigin(request: Request): boolean {
  if (SAFE_METHODS.has(request.method)) return true;
  const origin = request.headers.get("origin");
  if (origin === null || !URL.canParse(origin)) return false;
  const { origin: named, host, protocol } = new URL(origin);
  if (named === publicUrl()?.origin) return true;
  if (cameByHttps((name) => request.headers.get(name)) && protocol !== "https:") return false;
  return host === request.headers.get("host");
}
