/** What describes the function to people and to machines: a part of its own, which no inference waits for. */
export { answerDocs } from './docs-page.ts';
export { answerOpenApi } from './openapi.ts';
