/** The lower bound: what Node and the runtime client cost before the function does any work. */
export function helloHandler() {
  return async () => ({ statusCode: 200, body: 'hello' });
}
