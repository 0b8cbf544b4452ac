import '../../src/index.js';
import '../../src/views/index.js';
