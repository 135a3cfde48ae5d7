/**
 * An email address on its way between the sign-in and the sign-up page, in this tab alone: in the
 * page's address it would end up in logs.
 */
const STORED_AS = "email on its way";

export function keepEmail(email: string): void {
  try {
    window.sessionStorage.setItem(STORED_AS, email);
  } catch {
    // A browser that keeps nothing: the address is typed again.
  }
}

/** The address, once; empty when there is none. */
export function takeEmail(): string {
  try {
    const email = window.sessionStorage.getItem(STORED_AS) ?? "";
    window.sessionStorage.removeItem(STORED_AS);
    return email;
  } catch {
    return "";
  }
}
