/** Runs before every page: a new nonce, the policy that demands it, and https for good where it is used. */
import { NextResponse, type NextRequest } from "next/server";
import { contentSecurityPolicy } from "@/server/content-security-policy";
import { isHttps } from "@/server/https";

export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === "development");

  // Next.js finds the nonce in the request's copy of the policy and puts it on its own tags.
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  if (isHttps((name) => request.headers.get(name))) {
    // A year, of this host alone: the other hosts of its domain are not ours to speak for.
    response.headers.set("strict-transport-security", "max-age=31536000");
  }
  return response;
}

export const config = {
  // Pages only: data and files carry no scripts of their own.
  matcher: [
    "/((?!api/|mcp$|session$|healthz$|_next/static/|icon.svg$|favicon.ico$|manifest.webmanifest$|robots.txt$).*)",
  ],
};
