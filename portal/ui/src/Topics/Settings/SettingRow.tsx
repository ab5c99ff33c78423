import { useState } from "react";
import type { Setting } from "../../api/hooks/cluster";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { Cell, ROW } from "../../ui/PlainTable";
import { cx } from "../../ui/cx";
import { SettingEditor } from "./SettingEditor";
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
          <SettingEditor topic={topic} setting={setting} onClose={() => setEditing(false)} />
        ) : (
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Value setting={setting} />
            {mayChange && (
              <Button className="ml-auto h-7" aria-label={`Change ${setting.name}`} onClick={() => setEditing(true)}>
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
