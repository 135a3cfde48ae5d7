/** The account, over the wire. Times are ISO 8601. */
import { apiFetch, request } from "@/features/api/api-fetch";
import type { components } from "@/features/api/schema";

type Schemas = components["schemas"];

export type Account = Schemas["AccountDetails"];

/** A browser or program that is signed in. */
export type SignIn = Schemas["SignInRead"];

/** A key for other programs; the secret itself is told once, when it is made. */
export type AccessToken = Schemas["AccessTokenRead"];

export type NewAccessToken = Schemas["NewAccessToken"];

export function fetchAccount(): Promise<Account> {
  return apiFetch("GET", "/api/account");
}

/** `zone` is an IANA name. */
export function changeTimeZone(zone: string): Promise<Account> {
  return apiFetch("PATCH", "/api/account", { time_zone: zone });
}

/** Ends all other sessions of this person, and with `revokeTokens` the other programs' tokens. */
export function changePassword(
  current: string,
  next: string,
  revokeTokens: boolean,
): Promise<void> {
  return apiFetch("POST", "/api/account/password", {
    current_password: current,
    new_password: next,
    revoke_tokens: revokeTokens,
  });
}

export function fetchSignIns(): Promise<SignIn[]> {
  return apiFetch("GET", "/api/account/sign-ins");
}

export function endSignIn(id: string): Promise<void> {
  return apiFetch("DELETE", `/api/account/sign-ins/${encodeURIComponent(id)}`);
}

/** Here as well. */
export function signOutEverywhere(): Promise<void> {
  return apiFetch("DELETE", "/api/account/sign-ins");
}

export function deleteAccount(password: string): Promise<void> {
  return apiFetch("POST", "/api/account/delete", { password });
}

export async function fetchExport(): Promise<Blob> {
  return (await request("/api/account/export", {})).blob();
}

export function fetchTokens(): Promise<AccessToken[]> {
  return apiFetch("GET", "/api/account/tokens");
}

export function createToken(name: string, days: number, password: string): Promise<NewAccessToken> {
  return apiFetch("POST", "/api/account/tokens", {
    name,
    expires_in_days: days,
    password,
  });
}

export function revokeToken(id: AccessToken["id"]): Promise<void> {
  return apiFetch("DELETE", `/api/account/tokens/${encodeURIComponent(id)}`);
}
