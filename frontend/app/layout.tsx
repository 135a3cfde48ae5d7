import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { ReloadOnMissingFile } from "@/components/reload-on-missing-file";
import "./globals.css";

const figtree = localFont({
  src: "../node_modules/@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2",
  weight: "300 900",
  variable: "--font-figtree",
});

export const metadata: Metadata = {
  title: { default: "Todo", template: "%s · Todo" },
  description: "Write it down, tick it off. Your tasks, in one calm place.",
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f4f6f4" },
    { media: "(prefers-color-scheme: dark)", color: "#101512" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Every page is rendered for its request: only then can its scripts carry the policy's nonce.
  const nonce = (await headers()).get("x-nonce") ?? "";
  return (
    <html lang="en" className={figtree.variable}>
      <head>
        <ReloadOnMissingFile nonce={nonce} />
      </head>
      <body className="font-sans antialiased">{children}</body>
    </html>
  );
}
