import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(() => {
  cleanup();
  localStorage.clear();
  // As when another tab clears the storage: every stored value begins anew.
  window.dispatchEvent(new StorageEvent("storage", { key: null }));
});
