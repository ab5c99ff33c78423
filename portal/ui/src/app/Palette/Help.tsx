import { useStored } from "../../lib/stored";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Keys } from "../../ui/Keys";
import { screens } from "../screens";
import { lettersStore } from "../useShortcuts";

const EVERYWHERE = [
  { keys: "Ctrl+K", does: "Command palette: go anywhere, do anything" },
  { keys: "?", does: "These shortcuts" },
  { keys: "Esc", does: "Close a window, a list" },
  { keys: "Ctrl+Enter", does: "Send the message, in the form of Roundtrip" },
];

/** The keyboard shortcuts. */
export function Help({ onClose }: { onClose(): void }) {
  const [letters, setLetters] = useStored(lettersStore);
  const going = screens.map(({ shortcut, title }) => ({ keys: `g ${shortcut}`, does: `Go to ${title}` }));
  return (
    <Dialog label="Keyboard shortcuts" onClose={onClose}>
      <div className="max-h-[80dvh] overflow-y-auto p-5">
        <h2 className="mb-3 text-base font-semibold tracking-tight">Keyboard shortcuts</h2>
        <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-5 gap-y-2 text-sm">
          {[...EVERYWHERE, ...going].map(({ keys, does }) => (
            <div key={keys} className="contents">
              <dt>
                <Keys keys={keys} />
              </dt>
              <dd className="text-soft">{does}</dd>
            </div>
          ))}
        </dl>
        <label className="mt-5 flex items-center gap-2 text-sm text-soft">
          <input type="checkbox" checked={letters} onChange={() => setLetters(!letters)} />
          Shortcuts of single letters
        </label>
        <div className="mt-5 flex justify-end">
          <Button onClick={onClose}>Close</Button>
        </div>
      </div>
    </Dialog>
  );
}
