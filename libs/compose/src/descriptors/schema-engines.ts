// ajv for both drafts, as one module to load when the first schema is compiled. Imported by name, so that a
// bundler keeps what CommonJS exports.
export { Ajv } from 'ajv';
export { Ajv2020 } from 'ajv/dist/2020.js';
