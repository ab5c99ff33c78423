import { type ServiceHealth, useHealth } from "../api/hooks/health";
import { STATES } from "../System/states";
import { cx } from "../ui/cx";

/** The services in the order a message meets them. Where the header is crowded, those that are well are dots. */
export function HealthDots() {
  const { services } = useHealth();
  return (
    <ul aria-label="Services" className="flex flex-wrap items-center gap-x-3 gap-y-1 sm:gap-x-4">
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
      <span className={cx(health === "ready" && "lg:max-[88rem]:sr-only")}>{name}</span>
      <span className="sr-only">: {words}</span>
    </li>
  );
}
