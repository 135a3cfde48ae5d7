import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { onSignedOut } from "@/features/api/api-fetch";
import { fetchSession } from "./session";

/**
 * Milliseconds. An access token lives 30 minutes and is renewed from its half on: often enough that no other request has to
 * wait for that, and that an open page soon hears of a session that was ended elsewhere.
 */
const EVERY = 5 * 60 * 1000;

/** Keeps the session alive while the page is open, and leaves the page when it has ended. */
export function KeepSession() {
  useQuery({
    queryKey: ["session"],
    queryFn: fetchSession,
    refetchInterval: EVERY,
    refetchIntervalInBackground: true,
    refetchOnWindowFocus: "always",
  });
  // Whatever was asked or changed: when nobody is signed in any more, that is where it leads.
  useEffect(() => onSignedOut(redirectToSignIn), []);
  return null;
}

/**
 * To the sign-in page, which leads back to where somebody was. A whole new page load, so that
 * nothing of the last person's data stays in memory; what was typed and not sent is in drafts.
 */
function redirectToSignIn(): void {
  const { pathname, search } = window.location;
  const next = encodeURIComponent(pathname + search);
  window.location.replace(`/sign-in?ended&next=${next}`);
}
