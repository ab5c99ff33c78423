import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// Parts of screens are fetched when they are needed, and compiled then: on a busy machine that takes a moment.
configure({ asyncUtilTimeout: 10_000 });

afterEach(() => {
  cleanup();
  localStorage.clear();
  // As when another tab clears the storage: every stored value begins anew.
  window.dispatchEvent(new StorageEvent("storage", { key: null }));
});
