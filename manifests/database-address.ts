/** A PostgreSQL address in the forms in which applications read it. */

/** What of an address an application wants otherwise than it was given; an empty text keeps it. */
export interface UrlForm {
  scheme: string;
  /** What follows the question mark. */
  options: string;
}

/** The parts of an address, in plain text. */
export interface DatabaseParts {
  host: string;
  port: string;
  user: string;
  password: string;
  name: string;
}

const standardPort = "5432";

const address =
  /^[^:]+:\/\/(?:([^:@/?#]*)(?::([^@/?#]*))?@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?\/([^?#]*)/;

/** The same database by another scheme or with other options. */
export function withForm(url: string, { scheme, options }: UrlForm): string {
  const named = scheme === "" ? url : url.replace(/^[^:]*:/, `${scheme}:`);
  return options === "" ? named : `${named.replace(/\?.*$/, "")}?${options}`;
}

/** Empty texts where the address has no such part, or is none. */
export function partsOf(url: string): DatabaseParts {
  const [, user = "", password = "", host = "", port = standardPort, name = ""] =
    address.exec(url) ?? [];
  return {
    host: host.replace(/^\[|\]$/g, ""),
    port,
    user: decodeURIComponent(user),
    password: decodeURIComponent(password),
    name: decodeURIComponent(name),
  };
}
