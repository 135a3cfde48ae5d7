/** Something was written to, or went, between being listed and being read. */
export class FilesChanged extends Error {
  constructor(what: string) {
    super(`${what} changed while they were read. Run it again.`);
    this.name = "FilesChanged";
  }
}

/** An editor's write is over in milliseconds; a formatter's or a checkout's may meet a second reading too. */
const ATTEMPTS = 5;

/** Reads again where files changed meanwhile, so that nobody's work in them stops an update. */
export function untilSteady<T>(read: () => T): T {
  for (let attempt = 1; ; attempt++) {
    try {
      return read();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const hasChanged = error instanceof FilesChanged || code === "ENOENT" || code === "ENOTDIR";
      if (!hasChanged || attempt === ATTEMPTS) throw error;
    }
  }
}
