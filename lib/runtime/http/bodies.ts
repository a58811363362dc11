/**
 * Bodies other than short JSON, compressed ones, and the descriptions of the function, in a separate chunk, so that a request of a few
 * records does not load it. One chunk, because texts compress better together.
 */
export { readCells, readCsv, writeCsv } from './csv.ts';
export { answerDocs } from './docs-page.ts';
export { inflate } from './inflate.ts';
export { answerJsonLines } from './json-lines.ts';
export { answerOpenApi } from './openapi.ts';
export { readRaw } from './raw-request.ts';
export { weighCsv } from './weigh-csv.ts';
export { weighJson } from './weigh-json.ts';
