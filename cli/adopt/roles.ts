import * as path from "node:path";
import { type Application, nameOf, ROLES, type Survey } from "./survey";

export type Role = keyof typeof ROLES;

export interface Roles {
  found: Partial<Record<Role, Application>>;
  /** What was there too, and is not part of the stack. */
  others: Application[];
}

const FRONTENDS = [
  "next",
  "react",
  "vue",
  "nuxt",
  "@sveltejs/kit",
  "svelte",
  "vite",
  "@angular/core",
];
const BACKENDS = [
  "fastapi",
  "flask",
  "django",
  "starlette",
  "express",
  "@nestjs/core",
  "hono",
  "fastify",
];
const MCP = ["mcp", "fastmcp", "@modelcontextprotocol/sdk"];

/** Says which application takes which place; of several for one place, the likeliest. */
export function assignRoles({ applications }: Pick<Survey, "applications">): Roles {
  const found: Roles["found"] = {};
  const ranked = applications
    .map((application) => ({ application, role: roleOf(application), rank: rankOf(application) }))
    .sort((a, b) => b.rank - a.rank);
  for (const { application, role } of ranked) {
    if (role !== undefined) found[role] ??= application;
  }
  const taken = new Set(Object.values(found));
  return { found, others: applications.filter((application) => !taken.has(application)) };
}

function roleOf(application: Application): Role | undefined {
  const { dockerfile, compose, context } = application;
  const named = nameOf({ dockerfile, own: context, service: compose?.name });
  for (const [role, pattern] of Object.entries(ROLES) as [Role, RegExp][]) {
    if (pattern.test(named)) return role;
  }
  if (depends(application, FRONTENDS)) return "frontend";
  if (depends(application, BACKENDS)) return "backend";
  return depends(application, MCP) ? "mcp" : undefined;
}

/** A Dockerfile that Compose builds is meant; one for developers or for another place is not. */
function rankOf({ dockerfile, compose, packages }: Application): number {
  const name = path.basename(dockerfile).toLowerCase();
  const isPlain = name === "dockerfile" || /^(front|back|api|mcp|web)\w*\.dockerfile$/.test(name);
  const isOther = /dev|test|debug|local|simple|\bhf\b|vercel/.test(name);
  return (
    (compose === undefined ? 0 : 4) +
    (isPlain ? 2 : 0) +
    (packages.length > 0 ? 1 : 0) -
    (isOther ? 4 : 0) -
    dockerfile.split(path.sep).length / 100
  );
}

/** Whether an application depends on one of the packages. */
export function depends({ packages }: Application, names: readonly string[]): boolean {
  return packages.some((each) => names.some((name) => each.names.has(name)));
}
