/** One stack as its program renders it, without engine, cluster or secret: what the diff compares. */

/** Raised when the meaning of a field changes; two versions compare only within one format. */
export const RENDERED_FORMAT = 1;

export interface RenderedObject {
  apiVersion?: string;
  kind?: string;
  metadata?: { name?: string; namespace?: string };
  [field: string]: unknown;
}

export interface Rendered {
  format: typeof RENDERED_FORMAT;
  stack: string;
  /** Kubernetes objects without secret data. */
  objects: RenderedObject[];
  /** Image name → content tag. */
  images: Record<string, string>;
  /** Encrypted configuration key → digest of its ciphertext, to see that it was set anew. */
  encrypted: Record<string, string>;
}

/** The stack's configuration is wrong, so it renders nothing. */
export interface Unrenderable {
  format: typeof RENDERED_FORMAT;
  stack: string;
  problem: string;
}
