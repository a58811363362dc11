/** Bodies other than short JSON, in a separate chunk, so that a request of a few records does not load it. */
export { readCells, readCsv, writeCsv } from './csv.ts';
export { answerJsonLines } from './json-lines.ts';
export { weighCsv } from './weigh-csv.ts';
export { weighJson } from './weigh-json.ts';
