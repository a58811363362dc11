import { explainEnding } from './ending.ts';
import { type Frame, isStackLine, type ReadFrames } from './frames.ts';
import { splitLog } from './split-log.ts';

/** An error that a function threw, or the end of its process or its time. */
export interface Exception {
  /** `TypeError: no such class`; `no answer within 30 s` */
  message: string;
  /** The stack, the innermost frame first. Empty if the platform reported the error. */
  frames: Frame[];
}

/** A part of a function's output. */
/** Part of a log. `isEnding`: the platform reported that the function's process or its time ended. */
export type Printed = { kind: 'output'; text: string } | ({ kind: 'exception'; isEnding?: true } & Exception);

/** The format in which AWS's runtime client prints errors of a handler or of INIT. */
const lambdaError =
  /^(?:Invoke Error|Init Error|Uncaught Exception|Unhandled Promise Rejection)\s+(\{.*\})\s*$/s;

/** Splits a text that was printed at once into exceptions and the rest. */
export function readPrinted(text: string, readFrames: ReadFrames): Printed[] {
  const known = parseLambdaError(text);
  if (known !== undefined) {
    return [{ kind: 'exception', message: known.message, frames: readFrames(known.stack) }];
  }
  const parts: Printed[] = [];
  let lines: string[] = [];
  const takeOutput = () => {
    if (lines.some(line => line.trim() !== '')) {
      parts.push({ kind: 'output', text: lines.join('\n') });
    }
    lines = [];
  };
  for (let rest = text.split('\n'); rest.length > 0; ) {
    const stack = rest.slice(0, countWhile(rest, isStackLine));
    if (stack.length > 0 && lines.length > 0) {
      const message = lines.splice(headOf(lines)).join('\n');
      takeOutput();
      parts.push({ kind: 'exception', message, frames: readFrames(stack) });
      rest = rest.slice(stack.length);
      continue;
    }
    const ending = explainEnding(rest[0]!);
    if (ending === undefined) {
      lines.push(rest[0]!);
    } else {
      takeOutput();
      parts.push({ kind: 'exception', message: ending, frames: [], isEnding: true });
    }
    // The platform repeats the kind of the error in a line of its own.
    rest = rest.slice(ending !== undefined && rest[1] === 'Runtime.ExitError' ? 2 : 1);
  }
  takeOutput();
  return parts;
}

/**
 * Returns the exceptions, and the ends of a process or of its time, that a log of any platform contains, each once: an
 * INIT is repeated. Those of coldpress have no frames: they say what is wrong with the score's result.
 */
export function exceptionsIn(log: string, readFrames: ReadFrames): Exception[] {
  const printed = splitLog(log).flatMap(entry =>
    entry.kind === 'text' ? readPrinted(entry.text, readFrames) : [],
  );
  const found = printed.flatMap(part =>
    part.kind === 'exception' ? [{ message: part.message, frames: part.frames }] : [],
  );
  return [...new Map(found.map(exception => [JSON.stringify(exception), exception])).values()];
}

/** The index of the first line of the message before a stack: it may have several lines. */
function headOf(lines: readonly string[]): number {
  const named = lines.findLastIndex(line => /^(?:Uncaught )?[\w.]*(?:Error|Exception)\b/.test(line));
  return named < 0 ? lines.length - 1 : named;
}

function countWhile<T>(values: readonly T[], matches: (value: T) => boolean): number {
  const end = values.findIndex(value => !matches(value));
  return end < 0 ? values.length : end;
}

function parseLambdaError(text: string): { message: string; stack: string[] } | undefined {
  try {
    const { errorType, errorMessage, stack, trace } = JSON.parse(lambdaError.exec(text)?.[1] ?? '');
    return { message: `${errorType}: ${errorMessage}`, stack: stack ?? trace ?? [] };
  } catch {
    return undefined;
  }
}
