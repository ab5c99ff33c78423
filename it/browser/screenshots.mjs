// Takes pictures of the page, dark and light, narrow to very wide:  node screenshots.mjs FOLDER
// It needs a running stack (PORTAL_URL) and sends a few messages to it.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { isDone, launch, liveLog, openPage, send } from "./browser.mjs";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node screenshots.mjs FOLDER");
  process.exit(64);
}
mkdirSync(folder, { recursive: true });

const SIZES = { narrow: { width: 390, height: 844 }, wide: { width: 1440, height: 900 }, huge: { width: 2560, height: 1440 } };
const THEMES = ["light", "dark"];

const ORDERS = [
  { key: "customer-7", message: { order: 1041, total: 12.5, items: ["tea"] } },
  { key: "customer-9", message: { order: 1042, total: 84.9, items: ["lamp", "cable"] } },
  { key: "customer-3", message: { order: 1043, total: 7.2, items: ["notebook"] } },
  { key: "customer-9", message: { order: 1044, total: 230, items: ["chair"] } },
];

/** What shows that a screen is whole. */
const SCREENS = {
  Messages: (page) => page.getByRole("link", { name: /customer-9/ }).first(),
  Topics: (page) => page.getByRole("link", { name: "orders" }).first(),
  Groups: (page) => page.getByRole("heading", { name: "Groups" }),
  Health: (page) => page.getByRole("region", { name: "Brokers" }),
  Seer: (page) => page.getByText("SEER_URL="),
  About: (page) => page.getByRole("region", { name: "Licences of the page's packages" }),
};

async function fill(page) {
  for (const { key, message } of ORDERS) {
    await send(page, { topic: "orders", key, message: JSON.stringify(message, null, 2) });
    await isDone(page).getByText("Done", { exact: true }).waitFor();
  }
  await liveLog(page).getByText("1044").first().waitFor();
}

const browser = await launch();
for (const theme of THEMES) {
  for (const [name, viewport] of Object.entries(SIZES)) {
    const page = await openPage(browser, { viewport, colorScheme: theme, deviceScaleFactor: name === "narrow" ? 2 : 1 });
    const picture = (what) => page.screenshot({ path: join(folder, `${what}-${name}-${theme}.png`), fullPage: true });
    await page.getByText("No message yet").waitFor();
    await picture("first");
    await fill(page);
    await picture("done");
    await liveLog(page).getByRole("button", { name: /1042/ }).click();
    await send(page, { topic: "not a topic" });
    await page.getByRole("alert").waitFor();
    await picture("wrong");
    for (const [screen, whole] of Object.entries(SCREENS)) {
      await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: screen }).click();
      await whole(page).waitFor();
      await picture(screen.toLowerCase());
    }
    await page.context().close();
  }
}
await browser.close();
