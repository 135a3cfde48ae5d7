import type { Metadata } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { figtree } from "@/components/font";
import { BeforeFirstPaint } from "@/components/before-first-paint";
import "./globals.css";

export const metadata: Metadata = { title: "Todo" };

/** Frames the one page that Next.js asks of this folder (not found); the others are in `pages/`. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  // Rendered for its request: only then can its scripts carry the policy's nonce.
  const nonce = (await headers()).get("x-nonce") ?? "";
  return (
    <html lang="en" className={figtree.variable} suppressHydrationWarning>
      <head>
        <BeforeFirstPaint nonce={nonce} />
      </head>
      <body className="font-sans antialiased">{children}</body>
    </html>
  );
}
