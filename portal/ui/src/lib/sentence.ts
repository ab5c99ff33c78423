/** A service's words as a sentence: problems' details begin small and end without a stop. */
export const sentence = (text: string) => ended(text.charAt(0).toUpperCase() + text.slice(1));

/** Only the stop, for words that stand behind a colon. */
export const ended = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
