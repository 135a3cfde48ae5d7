import type { IncomingMessage } from "node:http";

/** The cookie in which the browser says where it is; written before the first paint. */
export const TIME_ZONE_COOKIE = "time_zone";

/** The time zone of a person's browser (an IANA name), as far as it has said; else UTC. */
export function timeZoneOf(request: IncomingMessage): string {
  const cookies = request.headers.cookie?.split(/;\s*/) ?? [];
  const said = cookies.find((each) => each.startsWith(`${TIME_ZONE_COOKIE}=`));
  const zone = said?.slice(TIME_ZONE_COOKIE.length + 1) ?? "";
  return isTimeZone(zone) ? zone : "UTC";
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return /^[\w+/-]+$/.test(name);
  } catch {
    return false;
  }
}
