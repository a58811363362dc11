/**
 * Calls `act` as soon as Lambda has an answer, or at once where it cannot be known. Lambda's runtime client turns the
 * answer to JSON, sends it, and only then asks for the next invocation, at which the instance is frozen, perhaps for ever:
 * a microtask that the first of these queues runs between the other two.
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 * @param answer - what the handler returns
 */
export function afterAnswer(answer: unknown, act: () => void): void {
  if (typeof answer !== 'object' || answer === null || !Object.isExtensible(answer)) {
    act();
    return;
  }
  Object.defineProperty(answer, 'toJSON', {
    configurable: true,
    enumerable: false,
    value() {
      delete (answer as { toJSON?: unknown }).toJSON;
      queueMicrotask(act);
      return answer;
    },
  });
}
