import { ClusterPanel } from "./ClusterPanel";
import { Components } from "./Components";
import { LatencyPanel } from "./Latency/LatencyPanel";
import { ReadingPanel } from "./Reading/ReadingPanel";

/** Is all well, and since when is it not? */
export function Health() {
  return (
    <div className="grid flex-1 content-start items-start gap-4 lg:grid-cols-2">
      <div className="lg:col-span-2">
        <Components />
      </div>
      <div className="lg:col-span-2">
        <LatencyPanel />
      </div>
      <ReadingPanel />
      <ClusterPanel />
    </div>
  );
}
