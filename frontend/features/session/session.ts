import { apiFetch } from "@/features/api/api-fetch";

/** Who is signed in, and when the tokens have to be renewed (ISO 8601). */
export interface SignedIn {
  user_id: string;
  expires: string;
}

export type Mode = "sign-in" | "sign-up";

export function openSession(mode: Mode, email: string, password: string): Promise<SignedIn> {
  return apiFetch("POST", "/session", { mode, email, password });
}

/** Also renews the session, so it is asked for now and then while a page is open. */
export function fetchSession(): Promise<SignedIn> {
  return apiFetch("GET", "/session");
}

export function closeSession(): Promise<void> {
  return apiFetch("DELETE", "/session");
}
