import { shownText } from './shownText.js';

/** Escaped HTML, safe to put into more HTML. */
export type Markup = {
  /** The HTML. */
  readonly html: string;
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}

/** Template tag that returns HTML. Strings put into the template are escaped, so only the template can have tags. */
export function markup(
  template: TemplateStringsArray,
  ...values: readonly (string | Markup | readonly Markup[])[]
): Markup {
  const written = values.map((value) => {
    if (typeof value === 'string') return escaped(value);
    return [value]
      .flat()
      .map(({ html }) => html)
      .join('');
  });
  return { html: String.raw({ raw: template }, ...written) };
}

/** Returns free text as HTML, isolated so that its writing direction does not affect the text around it. */
export function textMarkup(text: string): Markup {
  return markup`<bdi>${shownText(text)}</bdi>`;
}
