import { type FeePolicy, type PolicyLabels, withLabels } from 'patron-fees';
import { englishWords, french, german, type Words } from 'patron-fees/words';
import { place } from './desk.js';

/** The labels of the policy's codes in the languages other than English. */
export const labels: Readonly<Record<string, PolicyLabels>> = {
  de: { ...german.labels, destinations: { BANNER: 'Studierendenkonto' } },
  fr: { ...french.labels, destinations: { BANNER: 'Compte étudiant' } },
};

const words: Readonly<Record<string, Words>> = { de: german, fr: french };
const locales: Readonly<Record<string, string>> = { de: 'de-DE', fr: 'fr-FR' };

/** A language in which the library writes to patrons: English, unless it has words in theirs. */
export function languageOf(policy: FeePolicy, language: string) {
  const own = labels[language];
  return {
    words: words[language] ?? englishWords,
    place: { ...place, locale: locales[language] ?? place.locale },
    policy: own === undefined ? policy : withLabels(policy, own),
  };
}
