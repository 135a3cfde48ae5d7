import { CopyButton } from "./copy-button";

/** The token, told this once, and the configuration that most MCP clients take. */
export function McpConfiguration({ token }: { token: string }) {
  const configuration = JSON.stringify(
    {
      mcpServers: {
        todo: {
          type: "http",
          url: `${window.location.origin}/mcp`,
          headers: { Authorization: `Bearer ${token}` },
        },
      },
    },
    null,
    2,
  );
  return (
    <section ref={focusAtOnce} tabIndex={-1} aria-label="The new token" className="notice mt-4">
      <p className="font-semibold">Copy it now: the token is not shown again.</p>
      <div className="mt-3 flex items-center gap-3">
        <code className="min-w-0 flex-1 text-sm wrap-anywhere">{token}</code>
        <CopyButton text={token} what="the token" />
      </div>
      <p className="mt-4 font-medium">Configuration for the program</p>
      <div className="mt-2 flex items-start gap-3">
        <pre className="min-w-0 flex-1 text-xs whitespace-pre-wrap wrap-anywhere">
          {configuration}
        </pre>
        <CopyButton text={configuration} what="the configuration" />
      </div>
    </section>
  );
}

/** It must not be missed: there is no second look at it. */
function focusAtOnce(element: HTMLElement | null): void {
  element?.focus();
}
