import { createInterface } from 'node:readline/promises';
import { ColdpressError } from '../errors.ts';
import { findTarget } from '../targets/names.ts';
import { findModels, type InitOptions } from './init.ts';
import { type InitTarget, triggers } from './project.ts';

export interface Terminal {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

/**
 * Asks for the options that no flag set: model, target, trigger. Enter selects the first choice.
 * @throws ColdpressError INTERRUPTED at Ctrl-C or the end of the input
 */
export async function promptOptions(given: InitOptions, terminal: Terminal): Promise<InitOptions> {
  const lines = createInterface(terminal);
  const end = Promise.withResolvers<never>();
  // While no question is open, nothing awaits this promise.
  end.promise.catch(() => {});
  function interrupt() {
    terminal.output.write('\n');
    end.reject(new ColdpressError('INTERRUPTED', 'interrupted; nothing was written'));
  }
  lines.once('close', interrupt);
  async function choose<T extends string>(
    question: string,
    choices: readonly T[],
    find = (answer: string) => choices.find(choice => choice === answer),
  ): Promise<T> {
    for (;;) {
      const line = lines.question(`${question} (${choices.join(', ')}) [${choices[0]}] `);
      const answer = (await Promise.race([line.catch(() => end.promise), end.promise])).trim();
      const chosen = answer === '' ? choices[0] : find(answer);
      if (chosen !== undefined) {
        return chosen;
      }
      terminal.output.write(`${answer} is none of them.\n`);
    }
  }
  try {
    const models = given.model === undefined ? await findModels(given.cwd) : [];
    const model = models.length > 1 ? await choose('Which model?', models) : given.model;
    const target =
      given.target ?? (await choose('Where will it run?', Object.keys(triggers) as InitTarget[], findTarget));
    const [only, ...others] = triggers[target];
    const trigger =
      given.trigger ?? (others.length === 0 ? only : await choose('What calls it?', triggers[target]));
    return { ...given, model, target, trigger };
  } finally {
    lines.off('close', interrupt);
    lines.close();
  }
}
