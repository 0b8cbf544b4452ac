/** Control characters and line breaks; with one, a title could start a new line that looks like a total. */
const controls = /[\p{Cc}\u2028\u2029]+/gu;

/** Invisible marks that change the direction of the text after them, and could reverse an amount. */
const bidiControls = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

const loneSurrogates = /\p{Surrogate}/gu;

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** Returns free text made safe to show: on one line, and without effect on the text around it. */
export function shownText(text: string): string {
  return String(text).replace(controls, ' ').replace(bidiControls, '').replace(loneSurrogates, '\uFFFD');
}

/**
 * Returns free text made safe for plain text: as `shownText`, and isolated if it has another direction than the text
 * around it. In right-to-left text all of it is: without a letter it has no direction of its own.
 */
export function isolatedText(text: string, around: 'ltr' | 'rtl' = 'ltr'): string {
  const shown = shownText(text);
  return around === 'rtl' || rightToLeft.test(shown) ? `\u2068${shown}\u2069` : shown;
}
