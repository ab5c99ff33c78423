import { type FormEvent, useState } from "react";
import type { Setting } from "../../api/hooks/cluster";
import { useChangeSettings, useSettingsPreview, useTopicSettings } from "../../api/hooks/topics";
import { problemText } from "../../Cluster/problemText";
import { useSettled } from "../../lib/useSettled";
import { ActionButton } from "../../ui/ActionButton";
import { Button } from "../../ui/Button";
import { SettingChanges } from "./SettingChanges";
import { changesBetween, isOwn } from "./settingRows";

const SETTLED_MS = 300;

interface SettingEditorProps {
  topic: string;
  setting: Setting;
  onClose(): void;
}

/** A setting's new value. What the broker would make of it is shown first; only then it can be saved. */
export function SettingEditor({ topic, setting, onClose }: SettingEditorProps) {
  const { name } = setting;
  const before = setting.value ?? ""; // a secret's is not shown
  const [wanted, setWanted] = useState<string | null>(before); // null: back to the default
  const asked = useSettled(wanted, SETTLED_MS);
  const isChange = wanted !== before;
  const now = useTopicSettings(topic).data?.settings ?? [];
  const preview = useSettingsPreview(topic, isChange && asked === wanted ? { [name]: wanted } : undefined);
  const changes = preview.data && changesBetween(now, preview.data.settings);
  const change = useChangeSettings(topic);
  const problem = problemText(change.error ?? preview.error);
  const canSave = isChange && asked === wanted && changes !== undefined && changes.length > 0 && !change.isPending;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (canSave) change.mutate({ [name]: wanted }, { onSuccess: onClose });
  }
  function want(value: string | null) {
    setWanted(value);
    change.reset();
  }

  return (
    <form onSubmit={submit} aria-label={`Change ${name}`} className="flex flex-wrap items-center gap-2 py-1">
      <input
        // One pressed "Change" to type here.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        aria-label={`New value of ${name}`}
        aria-invalid={problem !== undefined}
        autoComplete="off"
        spellCheck={false}
        className="field h-8 w-64 max-w-full py-0 font-mono text-xs"
        placeholder={wanted === null ? "The default" : undefined}
        value={wanted ?? ""}
        onChange={(event) => want(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onClose()}
      />
      <ActionButton className="h-8 px-3" off={!canSave}>
        Save
      </ActionButton>
      {isOwn(setting) && wanted !== null && (
        <Button aria-label={`Put ${name} back to the default`} onClick={() => want(null)}>
          Back to the default
        </Button>
      )}
      <Button onClick={onClose}>Cancel</Button>
      <div role="status" className="w-full text-xs text-soft">
        {isChange && !problem && <SettingChanges changes={changes} />}
      </div>
      {problem && (
        <p role="alert" className="w-full text-sm text-bad">
          {problem}
        </p>
      )}
    </form>
  );
}
