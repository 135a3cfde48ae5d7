import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { ApiError } from "@/features/api/api-fetch";
import { fetchSession } from "./session";

/**
 * Milliseconds. An access token lives 30 minutes and is renewed from its half on: often enough that no other request has to
 * wait for that, and that an open page soon hears of a session that was ended elsewhere.
 */
const EVERY = 5 * 60 * 1000;

/** Keeps the session alive while the page is open, and leaves the page when it has ended. */
export function KeepSession() {
  const { error } = useQuery({
    queryKey: ["session"],
    queryFn: fetchSession,
    refetchInterval: EVERY,
    refetchIntervalInBackground: true,
    refetchOnWindowFocus: "always",
  });
  const over = error instanceof ApiError && error.status === 401;
  useEffect(() => {
    if (over) redirectToSignIn();
  }, [over]);
  return null;
}

/**
 * To the sign-in page, which leads back to where somebody was. A whole new page load, so that
 * nothing of the last person's data stays in memory; what was typed and not sent is in drafts.
 */
export function redirectToSignIn(): void {
  const { pathname, search } = window.location;
  const next = encodeURIComponent(pathname + search);
  window.location.replace(`/sign-in?ended&next=${next}`);
}
