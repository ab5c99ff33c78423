import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "../app/App";
import { Providers, newQueryClient } from "../app/Providers";

/** The whole page with its real providers at an address; resolves when the screen's code is there. */
export async function renderApp(address = "/") {
  window.history.replaceState(null, "", address);
  render(
    <Providers client={newQueryClient()}>
      <App />
    </Providers>,
  );
  await waitFor(() => {
    if (screen.queryByText("Loading")) throw new Error("the screen's code is not there yet");
  });
  return userEvent.setup();
}
