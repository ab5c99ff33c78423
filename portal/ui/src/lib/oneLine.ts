const PREVIEW_MAX = 240;

/** The beginning of a text on one line. */
export const oneLine = (text: string) => text.slice(0, PREVIEW_MAX).replace(/\s+/g, " ").trim();
