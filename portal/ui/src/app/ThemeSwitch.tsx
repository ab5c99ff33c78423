import { useEffect } from "react";
import { useStored } from "../lib/stored";
import { THEMES, type Theme, applyTheme, themeStore } from "../lib/theme";
import { Icon, type IconName } from "../ui/Icon";

const LOOKS: Record<Theme, { icon: IconName; label: string }> = {
  system: { icon: "screen", label: "As the system" },
  light: { icon: "sun", label: "Light" },
  dark: { icon: "moon", label: "Dark" },
};

export function ThemeSwitch() {
  const [theme, setTheme] = useStored(themeStore);
  useEffect(() => applyTheme(theme), [theme]);
  return (
    <fieldset className="flex rounded-lg border border-line p-0.5">
      <legend className="sr-only">Theme</legend>
      {THEMES.map((name) => (
        <label
          key={name}
          title={LOOKS[name].label}
          className="flex size-6.5 items-center justify-center rounded-md text-faint transition-colors hover:text-ink has-checked:bg-accent-wash has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name="theme"
            value={name}
            checked={theme === name}
            onChange={() => setTheme(name)}
            className="sr-only"
            aria-label={LOOKS[name].label}
          />
          <Icon name={LOOKS[name].icon} className="size-3.5" />
        </label>
      ))}
    </fieldset>
  );
}
