/** Both of what Google may call: which of them is said when the function is deployed. */
export { event } from './gcf-event.ts';
export { http } from './gcf-http.ts';
