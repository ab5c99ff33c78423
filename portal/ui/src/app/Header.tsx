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
      {/* On a phone a row of its own, below the buttons. */}
      <div className="max-md:order-1 max-md:w-full">
        <HealthDots />
      </div>
      <div className="flex items-center gap-2">
        <PaletteButton />
        <ThemeSwitch />
      </div>
    </header>
  );
}
