import { STAGES, StageNode } from "./StageNode";

/** What the stages mean, before there is a message to show them. */
export function StagesToCome() {
  return (
    <ol aria-label="Stages" className="grid gap-4 sm:grid-cols-3 sm:gap-6">
      {Object.entries(STAGES).map(([name, { title, about }]) => (
        <li key={name} className="flex gap-3 sm:block">
          <StageNode state="pending" waitedFor={false} />
          <div className="sm:mt-2.5">
            <p className="font-medium text-soft">{title}</p>
            <p className="text-sm text-pretty text-faint">{about}.</p>
          </div>
        </li>
      ))}
    </ol>
  );
}
