import type { Setting } from "../../api/hooks/cluster";
import { SOURCES, type SettingChange, meaning } from "./settingRows";

/** What saving would change, as the broker was asked; undefined: it has not answered yet. */
export function SettingChanges({ changes }: { changes: readonly SettingChange[] | undefined }) {
  if (!changes) return "Asking the broker what would change.";
  if (changes.length === 0) return "Nothing would change.";
  return (
    <ul aria-label="What would change" className="flex flex-col gap-1">
      {changes.map(({ name, from, to }) => (
        <li key={name} className="wrap-anywhere">
          <span className="font-mono">{name}</span> from {from ? <Shown setting={from} /> : "nothing"} to <Shown setting={to} />
          {from?.source !== to.source && <span className="text-faint">, {to.source === "default" ? "the default" : `set by ${SOURCES[to.source]}`}</span>}
        </li>
      ))}
    </ul>
  );
}

function Shown({ setting }: { setting: Setting }) {
  const means = meaning(setting);
  return (
    <>
      <span className="font-mono text-ink">{setting.value === "" ? "empty" : (setting.value ?? "unknown")}</span>
      {means && <span className="text-faint"> ({means})</span>}
    </>
  );
}
