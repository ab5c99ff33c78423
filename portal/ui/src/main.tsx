import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { beginWithToken } from "./api/token";
import { App } from "./app/App";
import { Providers, newQueryClient } from "./app/Providers";
import { screenAt } from "./app/screens";
import { applyTheme, themeStore } from "./lib/theme";
import "./styles.css";

applyTheme(themeStore.get());
beginWithToken();
// Asked for before React begins: the first picture is the screen, not the shell without it.
void screenAt(window.location.pathname)?.load().catch(() => {});

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <Providers client={newQueryClient()}>
      <App />
    </Providers>
  </StrictMode>,
);
