/** Exports both entry points; the deployment selects the one that Google calls. */
export { event } from './gcf-event.ts';
export { http } from './gcf-http.ts';
