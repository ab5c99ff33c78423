import { type FormEvent, useState } from "react";
import { giveToken } from "../../api/token";
import { faultOf } from "../../api/tokenCheck";
import { ActionButton } from "../../ui/ActionButton";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { TextField } from "../../ui/TextField";
import { DialogButtons, TitledDialog } from "../../ui/TitledDialog";

/** Takes the portal's token, after the portal has said that it is the one. refused: the one that was kept no longer is. */
export function TokenDialog({ refused, onClose }: { refused: boolean; onClose(): void }) {
  const [token, setToken] = useState("");
  const [keep, setKeep] = useState(false);
  const [asking, setAsking] = useState(false);
  const [fault, setFault] = useState<string>();

  async function submit(event: FormEvent) {
    event.preventDefault();
    const given = token.trim();
    if (asking) return;
    setAsking(true);
    const found = given === "" ? "Without a token the portal answers nothing." : await faultOf(given);
    setAsking(false);
    setFault(found);
    if (!found) giveToken(given, { keep });
  }

  return (
    <TitledDialog title={refused ? "The token is no longer taken" : "This portal wants a token"} onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-sm text-pretty text-soft">
          It is in the file that the portal&rsquo;s setting <code className="font-mono text-xs">API_TOKEN_FILE</code> names; who runs the portal has
          it.
        </p>
        <TextField
          label="Token"
          type="password"
          name="token"
          autoComplete="current-password"
          className="field font-mono text-sm"
          // The window was opened to type here.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={token}
          error={fault}
          onChange={(next) => {
            setToken(next);
            setFault(undefined);
          }}
        />
        <Checkbox checked={keep} onChange={setKeep}>
          Keep it in this browser; else it is forgotten with this tab
        </Checkbox>
        <DialogButtons>
          <Button className="h-9" onClick={onClose}>
            Not now
          </Button>
          <ActionButton off={asking}>Use this token</ActionButton>
        </DialogButtons>
      </form>
    </TitledDialog>
  );
}
