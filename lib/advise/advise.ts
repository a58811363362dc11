import { lambdaPriceSource, lambdaPrices } from '../targets/aws-lambda/prices.ts';
import { gcfPrices } from '../targets/gcf/prices.ts';
import { breakEven } from './break-even.ts';
import { coldShareOf } from './costs.ts';
import { alwaysOn, decide, possibleFunctions, type Step } from './decide.ts';
import { type OptionId, optionOf, options } from './options.ts';
import { noModel, type Origins } from './origins.ts';
import { type HourlyPrice, hourlyPrices } from './prices.ts';
import { type Given, resolveSituation, type Situation } from './situation.ts';
import { whatChanges } from './variations.ts';

export interface OptionAdvice {
  id: OptionId;
  title: string;
  /** `null` if the option is ruled out, or the price table does not contain it. */
  monthlyUsd: number | null;
  /** Why the option is ruled out. */
  cannot?: string;
  /** Additional information about the option. */
  note?: string;
  isMadeByColdpress: boolean;
}

/** The advice and everything it was derived from. Plain data. */
export interface Advice {
  schemaVersion: 1;
  recommended: {
    id: OptionId;
    title: string;
    monthlyUsd: number | null;
    reasons: string[];
    command: string | null;
  };
  /** The questions of the tree up to the one that decided. */
  path: Step[];
  situation: Situation;
  /** Properties that were not specified, for which the documented defaults were assumed. */
  assumed: (keyof Situation)[];
  /** Where the engine and its times come from. */
  origins: Origins;
  options: OptionAdvice[];
  /** Share of requests that would start cold in a function; `null` if no function can run the model. */
  coldShare: number | null;
  /** The cost of an always-on option; `null` if none is possible, or the price table does not contain it. */
  alwaysOn: { id: OptionId; title: string; monthlyUsd: number } | null;
  /**
   * Requests per month above which an always-on option is cheaper; `null` for never, or if no function can run the
   * model.
   */
  breakEvenRequests: number | null;
  /** Changes that would lead to another option. */
  changes: { if: string; option: string }[];
  prices: { title: string; source: string; dated: string; confidence: HourlyPrice['confidence'] }[];
}

/**
 * Recommends how to package and run a model, with reasons.
 * @param known - where given facts come from. Default: from options
 */
export function advise(given: Given, known: Partial<Origins> = {}): Advice {
  const { situation, assumed } = resolveSituation(given);
  const timeOrigin = (name: 'coldMs' | 'warmMs') => (assumed.includes(name) ? 'estimate' : 'option');
  const { option, reason, path } = decide(situation);
  const { id, title, monthlyUsd, command } = optionOf(option);
  return {
    schemaVersion: 1,
    recommended: {
      id,
      title,
      command: command(situation),
      monthlyUsd: monthlyUsd(situation),
      reasons: [reason, ...situation.obstacles.map(obstacle => `The functions cannot run it: ${obstacle}`)],
    },
    path,
    situation,
    assumed,
    origins: { engine: noModel, coldMs: timeOrigin('coldMs'), warmMs: timeOrigin('warmMs'), ...known },
    options: options.map(other => {
      const cannot = other.cannot(situation);
      const note = cannot === undefined ? other.note?.(situation) : undefined;
      return {
        id: other.id,
        title: other.title,
        monthlyUsd: cannot === undefined ? other.monthlyUsd(situation) : null,
        ...(cannot === undefined ? {} : { cannot }),
        ...(note === undefined ? {} : { note }),
        isMadeByColdpress: other.command(situation) !== null,
      };
    }),
    coldShare: possibleFunctions(situation).length > 0 ? coldShareOf(situation) : null,
    alwaysOn: adviseAlwaysOn(situation),
    breakEvenRequests: breakEven(situation),
    changes: whatChanges(situation, option),
    prices: priceSources(),
  };
}

function adviseAlwaysOn(situation: Situation): Advice['alwaysOn'] {
  const { id, title, cannot, monthlyUsd } = optionOf(alwaysOn(situation));
  const usd = monthlyUsd(situation);
  return cannot(situation) !== undefined || usd === null ? null : { id, title, monthlyUsd: usd };
}

function priceSources(): Advice['prices'] {
  return [
    {
      title: `AWS Lambda, ${lambdaPrices().region}`,
      source: lambdaPriceSource.url,
      dated: lambdaPriceSource.collected,
      confidence: 'published',
    },
    {
      title: `Cloud Run functions, ${gcfPrices.region}`,
      source: gcfPrices.source,
      dated: gcfPrices.collected,
      confidence: 'published',
    },
    ...Object.values(hourlyPrices).map(({ title, source, dated, confidence }) => ({
      title,
      source,
      dated,
      confidence,
    })),
  ];
}
