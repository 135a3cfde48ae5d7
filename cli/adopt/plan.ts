/** What `adopt` would write, and what it has to say about it. */
export interface Plan {
  settings: Setting[];
  /** Secrets that the applications read, as they are set; one without a name is a key of its own. */
  secrets: Secret[];
  /** What could not be known, in words for the person who can. */
  open: string[];
}

export interface Setting {
  key: string;
  value: string | number | boolean | string[] | number[] | Record<string, string>;
  /** Where the guess comes from; the line above the key. */
  why: string;
}

export interface Secret {
  key: string;
  name?: string;
  why: string;
}

/** Collects a plan; maps grow by their entries. */
export class Planner {
  readonly plan: Plan = { settings: [], secrets: [], open: [] };

  set(key: string, value: Setting["value"], why: string): void {
    if (this.plan.settings.some((each) => each.key === key)) return;
    this.plan.settings.push({ key, value, why });
  }

  /** Adds to a map; what is there already stays. */
  put(key: string, name: string, value: string, why: string): void {
    const before = this.plan.settings.find((each) => each.key === key);
    if (before === undefined) {
      this.plan.settings.push({ key, value: { [name]: value }, why: `${name}: ${why}` });
      return;
    }
    const values = before.value as Record<string, string>;
    if (name in values) return;
    values[name] = value;
    before.why += `\n${name}: ${why}`;
  }

  secret(key: string, name: string | undefined, why: string): void {
    this.plan.secrets.push({ key, ...(name === undefined ? {} : { name }), why });
  }

  open(sentence: string): void {
    if (!this.plan.open.includes(sentence)) this.plan.open.push(sentence);
  }
}
