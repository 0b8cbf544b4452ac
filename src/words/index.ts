/**
 * All texts of the package for people, in English, German and French. Import only the language that you need.
 *
 * @stability stable
 * @module words
 */

// Languages

export { french } from './french.js';
export { german } from './german.js';
export { type AnyRejection, englishWords, type Words } from './words.js';
