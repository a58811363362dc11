export { handler } from './aws-lambda-function.ts';
