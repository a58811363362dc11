import { RequestError } from '../../errors.ts';
import { refusedInputs } from '../../refused-inputs.ts';
import { tooLarge } from '../../too-large.ts';
import { unfitShape } from '../../unfit-shape.ts';
import type { Session } from '../session.ts';

/**
 * Matches the names of nodes that packing adds to reject invalid operator inputs. They contain the unit, the operator,
 * and the maximum, which is a number or the function's limit. The unit is "for" where a node only computes for them.
 */
const gates = /'coldpress\/(\w+)\/(\w+)\/(\d+|limit)/;

/**
 * Makes a session throw the errors that callers receive.
 * @param limit - returns the maximum elements that an operator may create
 */
export function explaining<Opened extends Session>(session: Opened, limit: () => string): Opened {
  return {
    ...session,
    run(inputs, outputNames) {
      try {
        return session.run(inputs, outputNames);
      } catch (error) {
        throw explain(error, limit);
      }
    },
  };
}

/** Returns the error for inputs that the model rejects, or that need too much memory; fewer may succeed. */
function explain(error: unknown, limit: () => string): RequestError {
  const message = describe(error);
  const [, unit, operator = '', most = ''] = gates.exec(String(error)) ?? [];
  if (unit === 'guard') {
    return unfitShape(operator);
  }
  if (unit === 'for') {
    // The error begins with the operator of the added node.
    return refusedInputs(message.replace(/^\w+/, operator));
  }
  if (unit !== undefined) {
    return tooLarge(
      operator,
      `${/idx=(\d{3,})/.exec(message)?.[1] ?? 'more'} ${unit}`,
      most === 'limit' ? limit() : most,
    );
  }
  return /allocate memory|bad_alloc/.test(message)
    ? new RequestError(413, 'MEMORY', 'the model has too little memory for these inputs; send fewer')
    : refusedInputs(message);
}

/** A place in ONNX Runtime's source: a file with a line, then a function with its whole signature or only its name. */
const place = /\S*\.(?:cc|h):\d+ (?:[^()]*::[^()]*\([^()]*\)(?: const)?(?: \[with [^\]]*\])? |\S+ )?/g;

/** Returns ONNX Runtime's message with the operator first, without the source places that most begin with. */
function describe(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [, operator = '', status = text] =
    /(?:.*running (\S+) node\..*)?Status Message: (.*)/s.exec(text) ?? [];
  const plain = status.replace(place, '').trim();
  const named = plain.startsWith(operator) ? plain : `${operator}: ${plain}`;
  return named.slice(0, 500);
}
