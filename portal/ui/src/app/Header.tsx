import { Link } from "wouter";
import { HealthDots } from "./HealthDots";
import { Logo } from "./Logo";
import { Navigation } from "./Navigation";
import { PaletteButton } from "./PaletteButton";
import { ThemeSwitch } from "./ThemeSwitch";

export function Header() {
  return (
    <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-4">
      <Link href="/" className="flex items-center gap-2.5 text-lg font-semibold tracking-tight">
        <Logo />
        kafkloud
      </Link>
      <Navigation />
      <div className="flex w-full items-center justify-between gap-x-5 sm:w-auto">
        <HealthDots />
        <div className="flex items-center gap-2">
          <PaletteButton />
          <ThemeSwitch />
        </div>
      </div>
    </header>
  );
}
