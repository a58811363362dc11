/** The floor: what Node and the runtime client cost before any function does anything. */
export function helloHandler() {
  return async () => ({ statusCode: 200, body: 'hello' });
}
