/** Bodies other than short JSON: a part of its own, which a request of a few records does not wait for. */
export { readCells, readCsv, writeCsv } from './csv.ts';
export { answerJsonLines } from './json-lines.ts';
export { weighCsv } from './weigh-csv.ts';
export { weighJson } from './weigh-json.ts';
