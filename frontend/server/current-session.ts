import type { GetServerSidePropsContext, Redirect } from "next";
import { BackendUnavailable } from "./backend";
import type { ReadHeader } from "./https";
import { signInFor } from "./safe-redirect";
import { claimsOf, dropSession, keepSession, readSession, type Session } from "./session-cookie";
import { NEEDED_LIFE, renewed } from "./session-renewal";

type Context = Pick<GetServerSidePropsContext, "req" | "res">;

/** Who a page is made for. */
export interface SignedIn {
  userId: string;
  /** For the back end. */
  token: string;
}

/** Whether somebody seems to be signed in: the page that follows finds out. */
export function seemsSignedIn({ req }: Pick<Context, "req">): boolean {
  return readSession(headersOf(req)) !== undefined;
}

/** What to tell somebody whose browser sent the form of a page by itself, without the page's script. */
export function noteWithoutScript({ req, res }: Context): string | null {
  if (req.method !== "POST") return null;
  res.statusCode = 405;
  res.setHeader("allow", "GET, HEAD");
  return "This form works by JavaScript. Allow it for this site, and try again.";
}

/**
 * Who is signed in, their tokens renewed where they are nearly over; else where to go instead: to
 * the sign-in page, which leads back here, and says so where a session has ended.
 */
export async function signedIn(
  context: Context & { resolvedUrl: string },
): Promise<SignedIn | { redirect: Redirect }> {
  const header = headersOf(context.req);
  const session = readSession(header);
  if (session === undefined) return toSignIn(context.resolvedUrl, false);
  try {
    const renewal = await renewed(session, crypto.randomUUID(), NEEDED_LIFE);
    if (renewal === "ended") {
      context.res.setHeader("set-cookie", dropSession(header));
      return toSignIn(context.resolvedUrl, true);
    }
    const { renewed: next } = renewal;
    if (next !== undefined) {
      context.res.setHeader("set-cookie", keepSession(header, next.session, next.ends));
    }
    return describe(renewal.session);
  } catch (error) {
    // The page is shown all the same, and says what it cannot reach.
    if (error instanceof BackendUnavailable) return describe(session);
    throw error;
  }
}

function describe(session: Session): SignedIn {
  return { userId: claimsOf(session.token)?.userId ?? "", token: session.token };
}

function toSignIn(page: string, ended: boolean): { redirect: Redirect } {
  return { redirect: { destination: signInFor(page, ended), permanent: false } };
}

function headersOf(request: Context["req"]): ReadHeader {
  return (name) => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  };
}
