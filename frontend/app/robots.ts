import type { MetadataRoute } from "next";

/** Only the first page is for everybody. */
export default function robots(): MetadataRoute.Robots {
  return { rules: { userAgent: "*", allow: "/$", disallow: "/" } };
}
