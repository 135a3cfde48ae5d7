/** Pages that somebody may be sent back to after signing in. */
const PAGES = /^\/(tasks|account)(\?[\w=&%.+-]*)?$/;

/**
 * Where to go after signing in: the page that asked for it (`?next=`), if it is one of this site's
 * own. A link from elsewhere could otherwise send people, freshly signed in, to another site.
 */
export function safeRedirect(next: string | string[] | undefined): string {
  return typeof next === "string" && PAGES.test(next) ? next : "/tasks";
}

/** The address of the sign-in page that leads back to `page`, and says when a session has `ended`. */
export function signInFor(page: string, ended: boolean): string {
  const query = [
    ...(ended ? ["ended"] : []),
    ...(page === "/tasks" ? [] : [`next=${encodeURIComponent(page)}`]),
  ];
  return query.length === 0 ? "/sign-in" : `/sign-in?${query.join("&")}`;
}
