import { type ServiceHealth, useHealth } from "../api/hooks/health";
import { STATES } from "../System/states";
import { cx } from "../ui/cx";

/** The services in the order a message meets them. */
export function HealthDots() {
  const { services } = useHealth();
  return (
    <ul aria-label="Services" className="flex items-center gap-3 sm:gap-4">
      {services.map((service) => (
        <HealthDot key={service.name} {...service} />
      ))}
    </ul>
  );
}

function HealthDot({ name, health, why }: ServiceHealth) {
  const { dot, words } = STATES[health];
  return (
    <li className="flex items-center gap-1.5 text-xs text-soft sm:text-sm" title={why ?? `${name} is ${words}`}>
      <span className={cx("size-2 rounded-full", dot)} />
      {name}
      <span className="sr-only">: {words}</span>
    </li>
  );
}
