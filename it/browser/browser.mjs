// A real Chromium (Debian's) for the tests and the pictures, and the page as a person meets it.
import { chromium } from "playwright-core";
import { PATIENCE_MS } from "./until.mjs";

export const PORTAL_URL = process.env.PORTAL_URL ?? "http://127.0.0.1:3000";
const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";

// Without these Chromium looks for its maker's hosts at each start.
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

/** Playwright gives each start a user-data-dir of its own and removes it at the end. */
export const launch = () =>
  chromium.launch({ executablePath: EXECUTABLE, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", ...QUIET] });

/**
 * A page in a fresh profile. Whatever the browser complains of (scripts' errors, console errors, violations of the
 * Content-Security-Policy) is collected in page.complaints.
 */
export async function openPage(browser, options = {}, address = "/") {
  return openTab(await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options }), new URL(address, PORTAL_URL).href);
}

/** One more page of a profile. */
export async function openTab(context, address = PORTAL_URL) {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") page.complaints.push(`console: ${message.text()}`);
  });
  await page.exposeFunction("__violation", (text) => page.complaints.push(`CSP: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.__violation(`${event.effectiveDirective} ${event.blockedURI}`);
    });
  });
  await page.goto(address);
  return page;
}

/** Without answers like 404, which are what the page asked for: whether a topic is there. */
export const scriptTroubles = ({ complaints }) => complaints.filter((text) => !text.includes("Failed to load resource"));

/** Loaded, and listening to the keyboard: what it asks for after its first paint has been answered. */
export const isListening = (page) => page.getByRole("list", { name: "Services" }).getByText("producer: ready").waitFor({ state: "attached" });

/** Waits for the focus, which some changes move only after they are drawn. */
export const isFocused = (locator) => locator.and(locator.page().locator(":focus")).waitFor({ state: "attached" });

/** Fills the form and presses DoIt. */
export async function send(page, { topic, key, message }) {
  const form = page.getByRole("form", { name: "Send a message" });
  await topicField(page).fill(topic);
  if (key !== undefined) await form.getByLabel("Key", { exact: true }).fill(key);
  if (message !== undefined) await form.getByRole("textbox", { name: "Message" }).fill(message);
  await form.getByRole("button", { name: "DoIt" }).click();
}

/** Sends one message and waits until it was read: its id. What an earlier one left on the screen counts for nothing. */
export async function roundtrip(page, what) {
  const [before = "no id yet"] = await shownId(page).allInnerTexts();
  await send(page, what);
  const shown = shownId(page).filter({ hasNotText: before });
  await shown.waitFor();
  await isDone(page).getByText("Done", { exact: true }).waitFor();
  return shown.innerText();
}
const shownId = (page) => isDone(page).getByText(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);

export const topicField = (page) => page.getByRole("combobox", { name: "Topic", exact: true });
export const isDone = (page) => page.getByRole("region", { name: "IsDone" });
export const liveLog = (page) => page.getByRole("region", { name: "Live log" });
export const history = (page) => page.getByRole("region", { name: "Your sends" });

let serial = 0;
/** A topic nobody else uses. */
export const newTopic = (name) => `browser-${name}-${Date.now().toString(36)}-${(serial += 1)}`;
