import { type FormEvent, useState } from "react";
import type { Setting } from "../../api/hooks/cluster";
import { useChangeSettings } from "../../api/hooks/topics";
import { problemText } from "../../Cluster/problemText";
import { ActionButton } from "../../ui/ActionButton";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { Cell, ROW } from "../../ui/PlainTable";
import { cx } from "../../ui/cx";
import { SOURCES, isOwn, meaning } from "./settingRows";

interface SettingRowProps {
  topic: string;
  setting: Setting;
  mayChange: boolean;
}

export function SettingRow({ topic, setting, mayChange }: SettingRowProps) {
  const [editing, setEditing] = useState(false);
  return (
    <tr className={ROW}>
      <Cell roomy>
        <Name setting={setting} />
      </Cell>
      <Cell wide>
        <span className="flex flex-wrap items-center gap-2 sm:hidden">
          <Name setting={setting} /> <Source setting={setting} />
        </span>
        {editing ? (
          <Editor topic={topic} setting={setting} onClose={() => setEditing(false)} />
        ) : (
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Value setting={setting} />
            {mayChange && (
              <Button className="h-7" aria-label={`Change ${setting.name}`} onClick={() => setEditing(true)}>
                Change
              </Button>
            )}
          </span>
        )}
      </Cell>
      <Cell roomy>
        <Source setting={setting} />
      </Cell>
    </tr>
  );
}

const Name = ({ setting }: { setting: Setting }) => (
  <span className={cx("font-mono text-xs", setting.default ? "text-soft" : "font-semibold text-ink")}>{setting.name}</span>
);

function Source({ setting }: { setting: Setting }) {
  if (setting.default) return <span className="text-xs text-faint">default</span>;
  return <Badge tone={isOwn(setting) ? "accent" : "quiet"}>{SOURCES[setting.source]}</Badge>;
}

function Value({ setting }: { setting: Setting }) {
  const { value, sensitive, name } = setting;
  const means = meaning(setting);
  if (value === null) return <span className="text-faint italic">{sensitive ? "secret: brokers do not show it" : "not set"}</span>;
  if (value === "") return <span className="text-faint italic">empty</span>;
  return (
    <>
      <span className="font-mono text-xs wrap-anywhere">{value}</span>
      {means && <span className="text-xs text-faint">{means}</span>}
      <CopyButton text={value} what={name} />
    </>
  );
}

function Editor({ topic, setting, onClose }: { topic: string; setting: Setting; onClose(): void }) {
  const [text, setText] = useState(setting.value ?? "");
  const change = useChangeSettings(topic);
  const problem = problemText(change.error);
  const means = meaning({ name: setting.name, value: text });
  const put = (value: string | null) => change.mutate({ [setting.name]: value }, { onSuccess: onClose });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!change.isPending) put(text);
  }

  return (
    <form onSubmit={submit} aria-label={`Change ${setting.name}`} className="flex flex-wrap items-center gap-2 py-1">
      <input
        // One pressed "Change" to type here.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        aria-label={`New value of ${setting.name}`}
        aria-invalid={problem !== undefined}
        autoComplete="off"
        spellCheck={false}
        className="field h-8 w-64 max-w-full py-0 font-mono text-xs"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onClose()}
      />
      <ActionButton className="h-8 px-3" off={change.isPending || text === setting.value}>
        Save
      </ActionButton>
      {isOwn(setting) && (
        <Button aria-label={`Put ${setting.name} back to the default`} onClick={() => put(null)}>
          Back to the default
        </Button>
      )}
      <Button onClick={onClose}>Cancel</Button>
      {means && <span className="text-xs text-faint">{means}</span>}
      {problem && (
        <p role="alert" className="w-full text-sm text-bad">
          {problem}
        </p>
      )}
    </form>
  );
}
