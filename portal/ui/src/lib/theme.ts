import { stored } from "./stored";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const themeStore = stored<Theme>("theme", (raw) => THEMES.find((theme) => theme === raw) ?? "system");

/** The style sheet follows the system unless the root element says otherwise. */
export function applyTheme(theme: Theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
