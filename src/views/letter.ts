/**
 * Something written to a patron: a receipt, a notice, a statement, a report. It is in the reader's words and formats,
 * and not yet escaped; `letterText` and `letterHtml` write it.
 */
export type Letter = {
  /** The language and the direction of the words. */
  readonly words: { readonly language: string; readonly direction: 'ltr' | 'rtl' };
  /** Lines about who sends it. */
  readonly issuer: readonly string[];
  /** The heading, which is the subject of an e-mail. */
  readonly heading: Line;
  /** The title of the window; the heading if left out. */
  readonly title?: Line;
  /** What follows the heading, in order. */
  readonly parts: readonly Part[];
};

/** Free text, such as a title or a name: isolated, so that it cannot change the direction of the text around it. */
export type FreeText = { readonly free: string };

/** A line: words and formatted values, whose marks of direction are kept, and free text. */
export type Line = string | FreeText | readonly (string | FreeText)[];

/** A part of a letter. */
export type Part = Heading | Paragraph | Entries | Amounts | Table;

type Heading = { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: Line };

type Paragraph = {
  readonly kind: 'paragraph';
  readonly text: Line;
  /** `quiet` for explanations, `box` for what must not be missed. */
  readonly tone?: 'quiet' | 'box' | undefined;
};

/** Labels with their texts. */
type Entries = { readonly kind: 'entries'; readonly entries: readonly Entry[] };

/** A label and its text. */
export type Entry = readonly [label: string, text: Line];

/** Labels with their amounts. */
type Amounts = {
  readonly kind: 'amounts';
  readonly amounts: readonly Amount[];
  /** Whether the last one is the sum. */
  readonly endsWithSum?: true;
};

/** A label and its amount. */
export type Amount = readonly [label: string, amount: string];

/** A table. Its first column has texts, the others have amounts. */
type Table = {
  readonly kind: 'table';
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** Whether the other columns have longer texts instead of amounts. */
  readonly wraps?: true;
  /** The sum below the last column. */
  readonly sum?: Amount | undefined;
};

/** A row of a table. */
export type Row = {
  /** What it is about. */
  readonly head: Line;
  /** Shown below the head, a line each. */
  readonly details?: readonly Line[];
  /** The cells after the head; empty texts are not shown. */
  readonly cells: readonly string[];
  /** A warning after the last cell. */
  readonly alert?: string | undefined;
};

/** Returns the pieces of a line. */
export function piecesOf(line: Line): readonly (string | FreeText)[] {
  return typeof line === 'string' || 'free' in line ? [line] : line;
}

/** Marks a text as free text. */
export function free(text: string): FreeText {
  return { free: text };
}

/** Returns a paragraph; `quiet` for explanations, `box` for what must not be missed. */
export function paragraph(text: Line, tone?: Paragraph['tone']): Paragraph {
  return { kind: 'paragraph', text, tone };
}

/** Returns an entry of free text; nothing without a text. */
export function freeEntry(label: string, text: string | null | undefined): readonly Entry[] {
  return text ? [[label, free(text)]] : [];
}

/** Returns a detail that is free text after its label; nothing without a text. */
export function freeDetail(label: string, text: string | null | undefined): readonly Line[] {
  return text ? [[`${label}: `, free(text)]] : [];
}

/** Returns texts with a separator between them, each isolated alone. */
export function joined(texts: readonly (string | FreeText)[], separator: string): Line {
  return texts.flatMap((text, index) => (index === 0 ? [text] : [separator, text]));
}
