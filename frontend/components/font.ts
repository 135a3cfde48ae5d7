import localFont from "next/font/local";

/** Comes as an npm file: nothing is asked of another site, and the fallback has the same metrics. */
export const figtree = localFont({
  src: "../node_modules/@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2",
  weight: "300 900",
  variable: "--font-figtree",
});
