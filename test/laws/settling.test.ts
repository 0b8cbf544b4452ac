import { checkLaw } from '../support/lawTests.js';

checkLaw(16);
