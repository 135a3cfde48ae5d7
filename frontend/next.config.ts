import type { NextConfig } from "next";
import { sourceDigest } from "./build/source-digest";

/** For every answer, files too. */
const HEADERS = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
];

/** For every answer but scripts and styles; the pages' content security policy, which needs a nonce, is in proxy.ts. */
const PAGE_HEADERS = [
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=(), payment=()" },
];

const digest = sourceDigest(import.meta.dirname);

const config: NextConfig = {
  // Only what the server needs is copied out: the image holds no node_modules beyond that.
  output: "standalone",
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  // No picture is resized here, so the image carries no image library.
  images: { unoptimized: true },
  outputFileTracingExcludes: { "*": ["node_modules/sharp/**", "node_modules/@img/**"] },
  // While an update rolls out, pages of the old version must notice that the server is newer.
  deploymentId: digest,
  generateBuildId: () => digest,
  poweredByHeader: false,
  // Pages are never stored, so nobody asks with their tags; making one reads every character of a long list.
  generateEtags: false,
  // A list of 1000 tasks comes with its page, 30 KB when packed; Next.js warns from 128 KB unpacked.
  experimental: { largePageDataBytes: 1024 * 1024 },
  // For the development server alone: people open either name.
  allowedDevOrigins: ["127.0.0.1"],
  reactStrictMode: true,
  headers: () =>
    Promise.resolve([
      { source: "/:path*", headers: HEADERS },
      // Scripts and styles are no pages, and each of them would carry these to a phone.
      { source: "/((?!_next/static/).*)", headers: PAGE_HEADERS },
    ]),
  // Where programs look that read no page.
  rewrites: () => Promise.resolve([{ source: "/favicon.ico", destination: "/icon.svg" }]),
  // Where password managers look (W3C, "A Well-Known URL for Changing Passwords").
  redirects: () =>
    Promise.resolve([
      { source: "/.well-known/change-password", destination: "/account", permanent: false },
    ]),
};

export default config;
