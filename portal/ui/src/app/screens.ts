// The table of screens. Navigation, document titles, the command palette and the keyboard shortcuts are made from it:
// a screen appears when its row is here.
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import { topicLink } from "../Cluster/links";
import { MESSAGES, messageLink } from "../Messages/address";
import { Roundtrip } from "../Roundtrip/Roundtrip";

interface ScreenRow {
  /** Where it starts. It owns every address below, too: /topics also answers /topics/orders. */
  path: string;
  title: string;
  /** What one does there, for the palette. */
  about: string;
  /** Typed after "g" it goes there. */
  shortcut: string;
  load(): Promise<ComponentType>;
  /** Where it shows one topic, or one message by its id: the palette leads there. */
  topicAddress?(topic: string): string;
  messageAddress?(id: string): string;
}

export interface Screen extends ScreenRow {
  /** Loaded when it is first shown, so that no screen pays for another. */
  Component: LazyExoticComponent<ComponentType>;
}

const ROWS: ScreenRow[] = [
  {
    path: "/",
    title: "Roundtrip",
    about: "Send a message and watch it arrive",
    shortcut: "r",
    // It comes with the shell: what is shown first does not wait for a second file.
    load: async () => Roundtrip,
  },
  {
    path: MESSAGES,
    title: "Messages",
    about: "Find a message by its id, key, topic or time",
    shortcut: "m",
    load: async () => (await import("../Messages/Messages")).Messages,
    messageAddress: messageLink,
  },
  {
    path: "/topics",
    title: "Topics",
    about: "See, browse, make and change the cluster's topics",
    shortcut: "t",
    load: async () => (await import("../Topics/Topics")).Topics,
    topicAddress: topicLink,
  },
  {
    path: "/groups",
    title: "Groups",
    about: "Find the slow consumer, and set a group's offsets",
    shortcut: "o",
    load: async () => (await import("../Groups/Groups")).Groups,
  },
  {
    path: "/health",
    title: "Health",
    about: "See what runs, how quick it is, and what is wrong",
    shortcut: "h",
    load: async () => (await import("../Health/Health")).Health,
  },
  {
    path: "/seer",
    title: "Seer",
    about: "Ask what flowed through and what documents say, with the place it stands at",
    shortcut: "s",
    load: async () => (await import("../Seer/Seer")).Seer,
  },
  {
    path: "/about",
    title: "About",
    about: "The system’s picture, versions, licences and documents",
    shortcut: "a",
    load: async () => (await import("../About/About")).About,
  },
];

export const screens: readonly Screen[] = ROWS.map((row) => ({
  ...row,
  Component: lazy(async () => ({ default: await row.load() })),
}));

export const isAt = (screen: Pick<Screen, "path">, path: string) =>
  path === screen.path || (screen.path !== "/" && path.startsWith(`${screen.path}/`));

export const screenAt = (path: string) => screens.find((screen) => isAt(screen, path));
