import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { messageOf } from "@/features/api/api-fetch";
import { PasswordField } from "@/features/session/password-field";
import { dateInWords } from "@/lib/dates";
import {
  createToken,
  fetchTokens,
  revokeToken,
  type AccessToken,
  type NewAccessToken,
} from "./account";
import { ConfirmButton } from "./confirm-button";
import { McpConfiguration } from "./mcp-configuration";
import { Section } from "./section";
import { useAttempt } from "./use-attempt";

export const TOKENS = ["tokens"];

/** How many days a token may be good for. */
const DAYS = [30, 90, 365];

/** Keys for other programs' assistants, which use the tasks over MCP. */
export function AccessTokens() {
  const client = useQueryClient();
  const list = useQuery({ queryKey: TOKENS, queryFn: fetchTokens });
  const [made, setMade] = useState<NewAccessToken>();
  const [name, setName] = useState("");
  const [days, setDays] = useState(90);
  const [password, setPassword] = useState("");
  const [revoked, setRevoked] = useState("");
  const outcome = useRef<HTMLDivElement>(null);
  const { busy, problem, attempt } = useAttempt();
  const reload = () => client.invalidateQueries({ queryKey: TOKENS });

  async function create() {
    await attempt(async () => {
      setMade(await createToken(name.trim(), days, password));
      setName("");
      setPassword("");
      setRevoked("");
    });
    await reload();
  }

  async function revoke({ id, name: program }: AccessToken) {
    if (await attempt(() => revokeToken(id))) {
      setMade((current) => (current?.id === id ? undefined : current));
      setRevoked(`The token of “${program}” is revoked.`);
      // Its button is gone.
      outcome.current?.focus();
    }
    await reload();
  }

  return (
    <Section
      id="tokens-heading"
      heading="Other assistants"
      explanation="Programs that speak MCP can work with your tasks. Each gets a token of its own, which you can revoke."
    >
      <div role="alert">
        {problem !== undefined && <p className="notice-bad mb-4">{problem}</p>}
      </div>
      <div ref={outcome} role="status" tabIndex={-1}>
        {revoked !== "" && <p className="notice mb-4">{revoked}</p>}
      </div>
      <form
        method="post"
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") void create();
        }}
      >
        <div className="min-w-0 flex-1 basis-48">
          <label htmlFor="token-name" className="label">
            Which program is it for?
          </label>
          <input
            id="token-name"
            required
            autoComplete="off"
            className="field"
            value={name}
            onChange={(event) => {
              setName(event.target.value);
            }}
          />
        </div>
        <div>
          <label htmlFor="token-days" className="label">
            Good for
          </label>
          <select
            id="token-days"
            className="field"
            value={days}
            onChange={(event) => {
              setDays(Number(event.target.value));
            }}
          >
            {DAYS.map((each) => (
              <option key={each} value={each}>
                {each} days
              </option>
            ))}
          </select>
        </div>
        <div className="w-full max-w-sm">
          <PasswordField
            id="token-password"
            label="Your password, as proof"
            kind="current-password"
            value={password}
            onChange={setPassword}
          />
        </div>
        <button type="submit" className="button" aria-disabled={busy}>
          Make a token
        </button>
      </form>

      {made !== undefined && <McpConfiguration key={made.id} token={made.token} />}

      {list.data === undefined ? (
        <p className="mt-5 text-ink-soft" role="status">
          {list.isError ? messageOf(list.error) : "Loading your tokens…"}
        </p>
      ) : (
        list.data.length > 0 && (
          <ul className="mt-5 divide-y divide-line border-t border-line">
            {list.data.map((token) => (
              <li key={token.id} className="flex flex-wrap items-center gap-3 py-3">
                <div className="min-w-0 flex-1 basis-48">
                  <p className="truncate font-medium">{token.name}</p>
                  <p className="text-sm text-ink-soft">{lifeOf(token)}</p>
                </div>
                <ConfirmButton
                  label="Revoke"
                  fullLabel={`Revoke “${token.name}”`}
                  question="Its program is locked out at once. Revoke it?"
                  onConfirm={() => void revoke(token)}
                />
              </li>
            ))}
          </ul>
        )
      )}
    </Section>
  );
}

function lifeOf({ expires_at, last_used_at }: AccessToken): string {
  const used =
    last_used_at === null
      ? "Never used"
      : `Last used ${dateInWords(new Date(last_used_at), "medium")}`;
  return `${used} · good until ${dateInWords(new Date(expires_at), "medium")}`;
}
