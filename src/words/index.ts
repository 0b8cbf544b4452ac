/**
 * The texts of the package in other languages than English. Import only the language that you need.
 *
 * @sections Languages
 * @module words
 */

// Languages

export { french } from './french.js';
export { german } from './german.js';
