import { useHealth } from "../api/hooks/health";
import { Notice } from "../ui/Notice";

/** Says in words what is wrong; nothing while all is well. */
export function HealthBanner() {
  const { services: all, portalGone } = useHealth();
  const services = all.filter(({ optional }) => !optional);
  const troubles = portalGone
    ? ["The portal gives no answer. This page stays as it is and goes on by itself when the portal is back."]
    : services.flatMap(({ why }) => why ?? []);
  if (troubles.length === 0) return null;
  return (
    <div className="mb-4">
      <Notice tone={portalGone || services.some(({ health }) => health === "down") ? "bad" : "warn"}>
        {troubles.map((trouble) => (
          <p key={trouble}>{trouble}</p>
        ))}
      </Notice>
    </div>
  );
}
