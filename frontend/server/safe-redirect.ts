/** Pages that somebody may be sent back to after signing in. */
const PAGES = /^\/(tasks|account)(\?[\w=&%.+-]*)?$/;

/**
 * Where to go after signing in: the page that asked for it (`?next=`), if it is one of this site's
 * own. A link from elsewhere could otherwise send people, freshly signed in, to another site.
 */
export function safeRedirect(next: string | string[] | undefined): string {
  return typeof next === "string" && PAGES.test(next) ? next : "/tasks";
}

/** The address of the sign-in page that leads back to `page`. */
export function signInFor(page: string): string {
  return page === "/tasks" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(page)}`;
}
