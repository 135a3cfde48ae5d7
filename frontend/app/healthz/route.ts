/** For probes: this process answers. It says nothing about the back end, on purpose. */
export function GET(): Response {
  return Response.json(
    { status: "healthy", service: "frontend" },
    { headers: { "cache-control": "no-store" } },
  );
}

export const dynamic = "force-dynamic";
