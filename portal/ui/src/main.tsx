import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { Providers, newQueryClient } from "./app/Providers";
import { applyTheme, themeStore } from "./lib/theme";
import "./styles.css";

applyTheme(themeStore.get());

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <Providers client={newQueryClient()}>
      <App />
    </Providers>
  </StrictMode>,
);
