// Waiting for a condition: never for a time, and never for ever.
/** Two minutes: a busy machine is slow, and what never comes is a failure anyway. */
export const PATIENCE_MS = 120_000;

/** Asks until the answer is as wanted. */
export async function until(what, answer, wanted = Boolean) {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    const known = await answer();
    if (wanted(known)) return known;
    if (Date.now() > end) throw new Error(`${what}: still ${JSON.stringify(known)}`);
    await new Promise((later) => setTimeout(later, 100)); // between two looks; the condition is the answer
  }
}
