import type { ReactNode } from "react";
import { bytes } from "../lib/format";
import { CopyButton } from "../ui/CopyButton";
import type { Send } from "./sends";
import type { Subject } from "./journey";

/** Where the message is, and what it is. */
export function Facts({ own, subject }: { own: Send | undefined; subject: Subject }) {
  const { answer, receipt } = subject;
  const topic = answer?.topic ?? receipt?.topic ?? own?.topic;
  const partition = answer?.partition ?? receipt?.partition;
  const offset = answer?.offset ?? receipt?.offset;
  const size = receipt?.value_bytes ?? own?.bytes;
  return (
    <dl className="mt-6 grid grid-cols-2 gap-x-10 gap-y-3 border-t border-line pt-4 sm:flex sm:flex-wrap">
      <Fact name="Id" wide>
        <span className="min-w-0 font-mono text-xs leading-5 break-all">{subject.id}</span>
        <CopyButton text={subject.id} what="the id" />
      </Fact>
      <Fact name="Topic">{topic ?? "–"}</Fact>
      <Fact name="Partition">{partition ?? "–"}</Fact>
      <Fact name="Offset">{offset ?? "–"}</Fact>
      <Fact name="Key">{keyText(own, subject)}</Fact>
      <Fact name="Size">{size === undefined || size === null ? "–" : bytes(size)}</Fact>
    </dl>
  );
}

function Fact({ name, wide = false, children }: { name: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={wide ? "col-span-full w-full min-w-0" : "min-w-0"}>
      <dt className="text-xs text-faint">{name}</dt>
      <dd className="figures flex min-h-6 items-center gap-1 text-sm wrap-anywhere">{children}</dd>
    </div>
  );
}

function keyText(own: Send | undefined, { receipt }: Subject): ReactNode {
  const key = own ? own.key : receipt?.key;
  if (receipt?.key_base64 !== undefined) return <span className="font-mono text-xs">base64 {receipt.key_base64}</span>;
  if (key === undefined) return "–";
  if (key === null) return <span className="text-faint">none</span>;
  return key === "" ? <span className="text-faint">empty</span> : key;
}
