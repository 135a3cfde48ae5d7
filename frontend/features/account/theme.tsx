import { useSyncExternalStore } from "react";
import { Section } from "./section";

const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

const WORDS: Record<Theme, string> = { system: "Same as the system", light: "Light", dark: "Dark" };

/** Light, dark, or what the system says. It is kept in this browser, under `theme`. */
export function ThemeChoice() {
  const theme = useSyncExternalStore(subscribe, readTheme, () => "system" as const);
  return (
    <Section id="theme-heading" heading="Appearance">
      <div role="radiogroup" aria-labelledby="theme-heading" className="flex flex-wrap gap-2">
        {THEMES.map((each) => (
          <label key={each} className="button-quiet min-h-11 gap-2 has-checked:border-accent">
            <input
              type="radio"
              name="theme"
              className="size-4 accent-accent"
              checked={theme === each}
              onChange={() => {
                setTheme(each);
              }}
            />
            {WORDS[each]}
          </label>
        ))}
      </div>
    </Section>
  );
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function readTheme(): Theme {
  return THEMES.find((each) => each === document.documentElement.dataset.theme) ?? "system";
}

function setTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "system") window.localStorage.removeItem("theme");
    else window.localStorage.setItem("theme", theme);
  } catch {
    // A browser that keeps nothing: the choice holds for this page.
  }
  for (const listener of listeners) listener();
}
