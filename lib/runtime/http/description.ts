/** Describes the function to people and machines, in a separate chunk that no inference waits for. */
export { answerDocs } from './docs-page.ts';
export { answerOpenApi } from './openapi.ts';
