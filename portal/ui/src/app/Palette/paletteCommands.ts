// Which commands a text asks for, best first.
import { forgetToken, tokenState } from "../../api/token";
import { THEMES, type Theme, themeStore } from "../../lib/theme";
import { isMessageId } from "../../lib/messageId";
import { type Command, screenCommands } from "../commands";
import { screens } from "../screens";

const SHOWN_MAX = 40;

const THEME_TITLES: Record<Theme, string> = {
  system: "Theme: as the system",
  light: "Theme: light",
  dark: "Theme: dark",
};

const FORGET_TOKEN: Command = {
  id: "forget token",
  title: "Forget the token",
  note: "The portal asks for it again",
  run: forgetToken,
};

interface Surroundings {
  /** Topics by name. */
  topics: readonly string[];
  navigate(address: string): void;
  onHelp(): void;
}

/** The commands that are there whatever was typed. */
export function allCommands({ topics, navigate, onHelp }: Surroundings): Command[] {
  return [
    ...screenCommands(),
    ...screens.map(({ path, title, about, shortcut }) => ({
      id: `screen ${path}`,
      title: `Go to ${title}`,
      note: about,
      keys: `g ${shortcut}`,
      run: () => navigate(path),
    })),
    ...topics.flatMap((topic) => topicCommands(topic, navigate)),
    ...THEMES.map((theme) => ({ id: `theme ${theme}`, title: THEME_TITLES[theme], run: () => themeStore.set(theme) })),
    ...(tokenState().token === undefined ? [] : [FORGET_TOKEN]),
    { id: "help", title: "Keyboard shortcuts", keys: "?", run: onHelp },
  ];
}

function topicCommands(topic: string, navigate: (address: string) => void): Command[] {
  return screens.flatMap(({ title, topicAddress }) =>
    topicAddress ? [{ id: `topic ${title} ${topic}`, title: topic, note: title, run: () => navigate(topicAddress(topic)) }] : [],
  );
}

/** A text that is itself the name of something: a message's id, or its place. */
function directCommands(text: string, navigate: (address: string) => void): Command[] {
  if (!isMessageId(text)) return [];
  return screens.flatMap(({ messageAddress }) =>
    messageAddress ? [{ id: "message", title: `Show message ${text}`, run: () => navigate(messageAddress(text)) }] : [],
  );
}

export function commandsFor(text: string, around: Surroundings): Command[] {
  const wanted = text.trim();
  const words = wanted.toLowerCase().split(/\s+/);
  const all = allCommands(around);
  // Topics are many: they show when a text asks for them.
  const listed = wanted === "" ? all.filter(({ id }) => !id.startsWith("topic ")) : all.filter((command) => fits(command, words));
  const sorted = listed.toSorted((a, b) => distance(a, words) - distance(b, words));
  return [...directCommands(wanted, around.navigate), ...sorted].slice(0, SHOWN_MAX);
}

const fits = ({ title, note = "" }: Command, words: readonly string[]) => {
  const text = `${title} ${note}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

/** Where the first word stands in the title; far behind, when only the note has it. */
function distance({ title }: Command, [first = ""]: readonly string[]): number {
  const at = title.toLowerCase().indexOf(first);
  return at < 0 ? Number.MAX_SAFE_INTEGER : at;
}
