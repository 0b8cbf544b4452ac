import lunr from 'lunr';

/** A page that the search finds. */
export type FoundPage = {
  /** Its title, or the name of an export. */
  readonly title: string;
  /** The part of the site, or the import of an export. */
  readonly part: string;
  /** Its address within the site. */
  readonly url: string;
  /** Its first sentence, shortened. */
  readonly about: string;
  /** What people call it: each phrase as words, stemmed. */
  readonly asked?: readonly string[];
};

/** The index as `npm run docs` writes it. */
export type SearchIndex = {
  /** The pages; the reference of an entry in `index` is the position here. */
  readonly pages: readonly FoundPage[];
  /** The serialized index of lunr, of the terms of {@link termsOf}. */
  readonly index: object;
};

/** Finds the pages for a text, the best first. */
export type FindPages = (text: string) => FoundPage[];

/** The weights of the terms of a query: the word itself, and longer words that begin with the last one. */
const WHOLE = 4;
const BEGINNING = 1;

/** How much more a page counts if its title is the text itself, to the letter or but for capitals. */
const SAME_TITLE = 20;
const SAME_LETTERS = 10;

/** How much more a page counts if the text is a whole phrase of what people call it; a part of one counts for its part. */
const SAME_PHRASE = 12;

/** Returns a name as words: `receivePayment` becomes `receive Payment`. */
export function partsOf(name: string): string {
  return name.replace(/([a-z0-9])(?=[A-Z])/g, '$1 ');
}

/** Returns the words of a text as the index has them: lower case, without stop words, stemmed. */
export function termsOf(text: string): string[] {
  return wordsOf(text).flatMap((word) => {
    const token = lunr.stopWordFilter(new lunr.Token(word));
    return token ? [String(lunr.stemmer(token))] : [];
  });
}

/** Returns a phrase as its words, stemmed; also the stop words, which tell "who waived" from "waived". */
export function phraseOf(text: string): string {
  return wordsOf(text)
    .map((word) => String(lunr.stemmer(new lunr.Token(word))))
    .join(' ');
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Returns the search over an index; the page and the tests use the same. */
export function openSearch({ pages, index }: SearchIndex): FindPages {
  const loaded = lunr.Index.load(index);
  return (text) => {
    const scores = new Map<string, number>();
    for (const query of queriesOf(text)) {
      for (const { ref, score } of loaded.query(query)) {
        // With the root, a page that has all words is better than one with many mentions of one word.
        scores.set(ref, (scores.get(ref) ?? 0) + Math.sqrt(score));
      }
    }
    const wanted = text.trim();
    return [...scores]
      .map(([ref, score]) => {
        const page = pages[Number(ref)] as FoundPage;
        return { page, score: score * likeness(page.title, wanted) * familiarity(page, wanted) };
      })
      .sort((one, other) => other.score - one.score)
      .map(({ page }) => page);
  };
}

/** Returns a query for each word of a text; the last word may be unfinished. */
function queriesOf(text: string): ((query: lunr.Query) => void)[] {
  const words = wordsOf(text);
  return words.flatMap((word, at) => {
    const [term] = termsOf(word);
    if (term === undefined && words.length > 1) return [];
    return (query: lunr.Query) => {
      if (term !== undefined) query.term(term, { boost: WHOLE, usePipeline: false });
      if (at < words.length - 1) return;
      query.term(word, { boost: BEGINNING, usePipeline: false, wildcard: lunr.Query.wildcard.TRAILING });
    };
  });
}

function likeness(title: string, wanted: string): number {
  if (title === wanted) return SAME_TITLE;
  return title.toLowerCase() === wanted.toLowerCase() ? SAME_LETTERS : 1;
}

/** Returns how much more a page counts because people call it by the text. */
function familiarity({ asked = [] }: FoundPage, wanted: string): number {
  const phrase = phraseOf(wanted);
  const shares = asked.map((one) => (` ${one} `.includes(` ${phrase} `) ? phrase.length / one.length : 0));
  return 1 + (SAME_PHRASE - 1) * Math.max(0, ...shares);
}
