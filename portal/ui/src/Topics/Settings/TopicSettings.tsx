import { useMayChange } from "../../api/hooks/cluster";
import { type TopicDetails, useTopicSettings } from "../../api/hooks/topics";
import { Answer } from "../../Cluster/Answer";
import { useUrlState } from "../../lib/useUrlState";
import { PlainTable } from "../../ui/PlainTable";
import { Empty } from "../../ui/Panel";
import { SettingRow } from "./SettingRow";
import { inOrder } from "./settingRows";

const HEADS = [{ title: "Setting", roomy: true }, { title: "Value", plain: true }, { title: "From", roomy: true }];

export function TopicSettings({ topic }: { topic: TopicDetails }) {
  const settings = useTopicSettings(topic.name);
  const mayChange = useMayChange() && !topic.internal;
  const [params, setParams] = useUrlState();
  const filter = params.get("setting") ?? "";

  return (
    <Answer query={settings} what="the settings">
      {(data) => {
        const shown = inOrder(data.settings, filter);
        return (
          <>
            <input
              type="search"
              aria-label="Filter settings by name"
              placeholder="Filter by name"
              autoComplete="off"
              spellCheck={false}
              className="field mb-3 h-9 max-w-80 py-0 text-sm"
              value={filter}
              onChange={(event) => setParams({ setting: event.target.value })}
            />
            {shown.length === 0 ? (
              <Empty title="None of this name">No setting&rsquo;s name contains &ldquo;{filter}&rdquo;.</Empty>
            ) : (
              <PlainTable label={`Settings of ${topic.name}`} heads={HEADS}>
                {shown.map((setting) => (
                  <SettingRow key={setting.name} topic={topic.name} setting={setting} mayChange={mayChange && !setting.read_only} />
                ))}
              </PlainTable>
            )}
          </>
        );
      }}
    </Answer>
  );
}
