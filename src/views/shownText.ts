/** Controls and line breaks: a title with one could start a line of its own and pretend to be a total. */
const controls = /[\p{Cc}\u2028\u2029]+/gu;

/** Invisible marks that turn the direction of all that follows, and could make an amount read backwards. */
const bidiControls = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

const loneSurrogates = /\p{Surrogate}/gu;

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** Free text as it may be shown beside our own: on one line, with no control over what stands around it. */
export function shownText(text: string): string {
  return String(text).replace(controls, ' ').replace(bidiControls, '').replace(loneSurrogates, '\uFFFD');
}

/** The same for plain text; what is written from right to left is isolated, so that it reorders nothing else. */
export function isolatedText(text: string): string {
  const shown = shownText(text);
  return rightToLeft.test(shown) ? `\u2068${shown}\u2069` : shown;
}

/** One entry of a list in plain text, of what there is. */
export function listedText(parts: readonly (string | false)[]): string {
  return `- ${parts.filter((part) => part !== false).join('; ')}`;
}
