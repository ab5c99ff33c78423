// The shell: routes, focus, shortcuts, palette.
import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { renderApp } from "../test/renderApp";
import { serve } from "../test/services";
import { screens } from "./screens";

beforeEach(() => void serve());

const heading = () => screen.getByRole("heading", { level: 1 });
const palette = () => screen.findByRole("dialog", { name: "Command palette" });

test("every screen has a path, a title and a shortcut of its own", () => {
  for (const name of ["path", "title", "shortcut"] as const) {
    expect(new Set(screens.map((row) => row[name])).size).toBe(screens.length);
  }
});

test("the navigation lists the screens and marks the one that is shown", async () => {
  await renderApp("/");
  const links = within(screen.getByRole("navigation", { name: "Screens" })).getAllByRole("link");
  expect(links.map(({ textContent }) => textContent)).toEqual(screens.map(({ title }) => title));
  expect(links.filter((link) => link.getAttribute("aria-current") === "page").map(({ textContent }) => textContent)).toEqual(["Roundtrip"]);
  expect(document.title).toBe("Roundtrip – kafkloud");
});

test("an address without a screen says so and leads back, and the focus goes to the new heading", async () => {
  const user = await renderApp("/nowhere/at/all");
  expect(heading().textContent).toBe("Not found");
  await user.click(screen.getByRole("link", { name: "Go to the first screen" }));
  await waitFor(() => expect(heading().textContent).toBe("Roundtrip"));
  expect(document.activeElement).toBe(heading());
});

test("the skip link leads past the header", async () => {
  const user = await renderApp("/");
  await user.tab();
  expect(document.activeElement?.textContent).toBe("Skip to the screen");
  await user.keyboard("{Enter}");
  expect(document.activeElement).toBe(heading());
  expect(window.location.hash).toBe("");
});

test("Ctrl-K opens the palette, also from a field, and what is typed finds a screen", async () => {
  const user = await renderApp("/nowhere");
  await user.keyboard("{Control>}k{/Control}");
  const field = within(await palette()).getByRole("combobox");
  expect(document.activeElement).toBe(field);
  await user.type(field, "roundtrip{Enter}");
  await waitFor(() => expect(heading().textContent).toBe("Roundtrip"));
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("the palette switches the theme", async () => {
  const user = await renderApp("/");
  await user.click(screen.getByRole("button", { name: "Command palette" }));
  await user.type(within(await palette()).getByRole("combobox"), "dark{Enter}");
  await waitFor(() => expect(document.documentElement.dataset.theme).toBe("dark"));
});

test("a text that fits nothing is said to fit nothing, and Enter does nothing", async () => {
  const user = await renderApp("/");
  await user.keyboard("{Control>}k{/Control}");
  await user.type(within(await palette()).getByRole("combobox"), "zzzz{Enter}");
  expect(within(await palette()).getByText("Nothing is called that.")).toBeTruthy();
});

test("g and a letter go to a screen, but not while somebody types", async () => {
  const user = await renderApp("/nowhere");
  await user.keyboard("gr");
  await waitFor(() => expect(heading().textContent).toBe("Roundtrip"));
  const field = await screen.findByRole("textbox", { name: "Key" });
  await user.type(field, "?");
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("? shows the shortcuts, and there letters are switched off", async () => {
  const user = await renderApp("/nowhere");
  await user.keyboard("?");
  const help = within(await screen.findByRole("dialog", { name: "Keyboard shortcuts" }));
  for (const { title } of screens) expect(help.getByText(`Go to ${title}`)).toBeTruthy();
  await user.click(help.getByRole("checkbox", { name: "Shortcuts of single letters" }));
  await user.click(help.getByRole("button", { name: "Close" }));
  await user.keyboard("gr?");
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(heading().textContent).toBe("Not found");
});
