import { createInterface } from 'node:readline/promises';
import { findModels, type InitOptions } from './init.ts';
import { type InitTarget, triggers } from './project.ts';

export interface Terminal {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

/** Asks for what the flags left open: model, target, trigger. Enter takes the first. */
export async function askOptions(given: InitOptions, terminal: Terminal): Promise<InitOptions> {
  const lines = createInterface(terminal);
  async function choose<T extends string>(question: string, choices: readonly T[]): Promise<T> {
    for (;;) {
      const answer = (await lines.question(`${question} (${choices.join(', ')}) [${choices[0]}] `)).trim();
      const chosen = answer === '' ? choices[0] : choices.find(choice => choice === answer);
      if (chosen !== undefined) {
        return chosen;
      }
    }
  }
  try {
    const models = given.model === undefined ? await findModels(given.cwd) : [];
    const model = models.length > 1 ? await choose('Which model?', models) : given.model;
    const target =
      given.target ?? (await choose('Where will it run?', Object.keys(triggers) as InitTarget[]));
    const trigger = given.trigger ?? (await choose('What calls it?', triggers[target]));
    return { ...given, model, target, trigger };
  } finally {
    lines.close();
  }
}
