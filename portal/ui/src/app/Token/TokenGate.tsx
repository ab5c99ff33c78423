import { useQueryClient } from "@tanstack/react-query";
import { Suspense, lazy, useEffect, useState } from "react";
import { onToken, useToken } from "../../api/token";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";

const TokenDialog = lazy(async () => ({ default: (await import("./TokenDialog")).TokenDialog }));

/** Asks for the token when a call was refused for want of it; nothing else where there is no such portal. */
export function TokenGate() {
  const { wanted, token } = useToken();
  const [closed, setClosed] = useState(false);
  const client = useQueryClient();
  // What was refused is asked for again at once.
  useEffect(() => onToken((next) => void (next.wanted || client.invalidateQueries())), [client]);
  if (!wanted) return null;
  return (
    <div className="mb-4">
      <Notice tone="warn">
        <span className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          {token === undefined ? "The portal answers only who has its token." : "The portal does not take the token any more."}
          <Button onClick={() => setClosed(false)}>Give the token</Button>
        </span>
      </Notice>
      {!closed && (
        <Suspense>
          <TokenDialog refused={token !== undefined} onClose={() => setClosed(true)} />
        </Suspense>
      )}
    </div>
  );
}
