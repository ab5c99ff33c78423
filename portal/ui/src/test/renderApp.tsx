import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "../app/App";
import { Providers, newQueryClient } from "../app/Providers";

/** The whole page with its real providers. */
export function renderApp() {
  render(
    <Providers client={newQueryClient()}>
      <App />
    </Providers>,
  );
  return userEvent.setup();
}
