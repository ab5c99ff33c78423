import { HealthDots } from "./HealthDots";
import { Logo } from "./Logo";
import { ThemeSwitch } from "./ThemeSwitch";

export function Header() {
  return (
    <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-4">
      <h1 className="flex items-center gap-2.5 text-lg font-semibold tracking-tight">
        <Logo />
        kafkloud
      </h1>
      <div className="flex w-full items-center justify-between gap-x-5 sm:w-auto">
        <HealthDots />
        <ThemeSwitch />
      </div>
    </header>
  );
}
