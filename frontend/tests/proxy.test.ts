import { NextRequest } from "next/server";
import { afterEach, expect, test, vi } from "vitest";
import { proxy } from "@/proxy";

afterEach(() => {
  vi.unstubAllEnvs();
});

const page = (headers: Record<string, string>) =>
  proxy(new NextRequest("http://localhost:3000/tasks", { headers })).headers;

test("browsers are told to stay with https exactly where people use it", () => {
  const name = "strict-transport-security";
  expect(page({}).has(name)).toBe(false);
  expect(page({ "x-forwarded-proto": "http" }).has(name)).toBe(false);
  expect(page({ "x-forwarded-proto": "https" }).get(name)).toBe("max-age=31536000");
  vi.stubEnv("PUBLIC_URL", "https://todo.example.org");
  expect(page({ "x-forwarded-proto": "http" }).get(name)).toBe("max-age=31536000");
});

test("each page has a nonce of its own, and no script or picture from elsewhere", () => {
  const [first = "", second = ""] = [1, 2].map(() => page({}).get("content-security-policy") ?? "");
  expect(first).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';/);
  expect(first).toContain("img-src 'self' data:;");
  expect(first).not.toBe(second);
});
