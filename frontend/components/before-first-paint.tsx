/**
 * Runs in the browser, as text, before anything is painted or loaded.
 *
 * The theme that somebody chose is set before the first paint, or the page would flash. The server
 * is told the time zone, so that the next page says "today" of the right tasks; once this page is
 * there, as asking for the zone loads all that the browser knows of dates, a tenth of a second on a
 * slow phone. And while an update rolls out, a page of the new version may ask a server of the old one for a file that
 * it does not have, and would stay dead: the page is then loaded again, a second later, and at
 * most every ten seconds.
 */
const SCRIPT = `
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {}
addEventListener("DOMContentLoaded", () => {
  document.cookie = "time_zone=" + Intl.DateTimeFormat().resolvedOptions().timeZone + "; path=/; max-age=31536000; samesite=lax";
});
addEventListener("error", (event) => {
  const { src, href } = event.target;
  if (!String(src ?? href).includes("/_next/static/") || !navigator.onLine) return;
  const last = Number(sessionStorage.getItem("reloaded") ?? 0);
  if (Date.now() - last < 10000) return;
  sessionStorage.setItem("reloaded", Date.now());
  setTimeout(() => location.reload(), 1000);
}, true);
`;

export function BeforeFirstPaint({ nonce }: { nonce: string }) {
  // Browsers hide a script's nonce from the page, so React would find another value there.
  return (
    <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: SCRIPT }} />
  );
}
