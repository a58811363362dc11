import { expect, test } from 'vitest';
import { readPrinted } from '../../../lib/local/log/exception.ts';
import { splitLog } from '../../../lib/local/log/split-log.ts';

const frame = { file: 'score.ts', line: 17, column: 5, code: 'return go();' };
const readFrames = (stack: readonly string[]) => stack.map(() => frame);
const id = '0f3c';
const head = (level: string) => `2026-11-28T21:01:25.626Z\t${id}\t${level}\t`;
const stack = '    at fr (file:///var/task/index.mjs:2:28675)';
const emf = { _aws: {}, source: 'sqs', requestId: id, records: 3, failures: 1, latencyMs: 4.1 };

test.each([
  ['platform lines', `START RequestId: ${id}\nEND RequestId: ${id}\nREPORT RequestId: ${id}\tDuration`, []],
  ['telemetry', JSON.stringify(emf), [{ kind: 'telemetry', requestId: id, records: 3, failures: 1 }]],
  ['counts for drift', JSON.stringify({ source: 'sqs', requestId: id, drift: {} }), []],
  ['JSON of the user', '{"requestId":"mine"}', [{ kind: 'text', text: '{"requestId":"mine"}' }]],
  ['a line of Lambda', `${head('INFO')}two\rlines`, [{ kind: 'text', text: 'two\nlines' }]],
  [
    'lines without a head',
    `one\ntwo\n${JSON.stringify(emf)}\nthree`,
    [
      { kind: 'text', text: 'one\ntwo' },
      { kind: 'telemetry', requestId: id, records: 3, failures: 1 },
      { kind: 'text', text: 'three' },
    ],
  ],
])('the log is split: %s', (_, text, entries) => {
  expect(splitLog(text)).toEqual(entries);
});

const exception = (message: string) => ({ kind: 'exception', message, frames: [frame] });
const ending = (message: unknown) => ({ kind: 'exception', message, frames: [], isEnding: true });
const json = (names: object) =>
  JSON.stringify({ errorType: 'RangeError', errorMessage: 'too far', ...names });

test.each([
  ['an error', `TypeError: no\n${stack}`, [exception('TypeError: no')]],
  ['an error with a long message', `Error: one\ntwo\n${stack}`, [exception('Error: one\ntwo')]],
  ['a thrown object', `odd\n${stack}`, [exception('odd')]],
  [
    'an error between lines',
    `before\nMyError: x\n${stack} {\n  code: 'A'\n}`,
    [{ kind: 'output', text: 'before' }, exception('MyError: x'), { kind: 'output', text: "  code: 'A'\n}" }],
  ],
  [
    'a cause',
    `Error: a\n${stack} {\n  [cause]: Error: b\n  ${stack}\n}`,
    [exception('Error: a'), exception('  [cause]: Error: b'), { kind: 'output', text: '}' }],
  ],
  ['AWS’s client', `Invoke Error \t${json({ stack: [stack] })}`, [exception('RangeError: too far')]],
  ['our client', `Init Error ${json({ trace: [stack] })}`, [exception('RangeError: too far')]],
  [
    'a process that ended itself',
    `before\nRequestId: ${id} Error: Runtime exited without providing a reason\nRuntime.ExitError\nafter`,
    [
      { kind: 'output', text: 'before' },
      ending(expect.stringMatching(/ended before it answered: the score called process\.exit/)),
      { kind: 'output', text: 'after' },
    ],
  ],
  [
    'an exit code',
    `RequestId: ${id} Error: Runtime exited with error: exit status 3\nRuntime.ExitError`,
    [ending(expect.stringContaining('(exit status 3)'))],
  ],
  [
    'a killed process',
    `RequestId: ${id} Error: Runtime exited with error: signal: killed\nRuntime.ExitError`,
    [ending(expect.stringContaining('memory'))],
  ],
  [
    'no answer in time',
    `2026-11-28T21:01:25.626Z ${id} Task timed out after 2.00 seconds`,
    [ending('no answer within 2 s')],
  ],
  ['nothing but lines', 'one\n\ntwo', [{ kind: 'output', text: 'one\n\ntwo' }]],
])('exceptions are found: %s', (_, text, parts) => {
  expect(readPrinted(text, readFrames)).toEqual(parts);
});
