/**
 * What a function answers over HTTP besides records and inference requests in short JSON: other paths and other bodies.
 * A separate chunk, so that a cold start reads only what its first request needs. One chunk, because texts compress
 * better together.
 */
export { answerPath } from './answer-path.ts';
export { readBinary } from './binary-request.ts';
export { readCells } from './csv.ts';
export { inflate } from './inflate.ts';
export { weighJson } from './weigh-json.ts';
