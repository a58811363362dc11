import { lambdaPriceSource, lambdaPrices } from '../targets/aws-lambda/prices.ts';
import { gcfPrices } from '../targets/gcf/prices.ts';
import { breakEven } from './break-even.ts';
import { coldShareOf } from './costs.ts';
import { alwaysOn, decide, possibleFunctions, type Step } from './decide.ts';
import { type OptionId, optionOf, options } from './options.ts';
import { type HourlyPrice, hourlyPrices } from './prices.ts';
import { type Given, resolveSituation, type Situation } from './situation.ts';
import { whatChanges } from './variations.ts';

export interface OptionAdvice {
  id: OptionId;
  title: string;
  /** `null` where it is out of the question, or the table of prices does not know it. */
  monthlyUsd: number | null;
  /** Why it is out of the question. */
  cannot?: string;
  /** What else is to be known of it. */
  note?: string;
  isMadeByColdpress: boolean;
}

/** The advice, and all that it was made from. Plain data. */
export interface Advice {
  schemaVersion: 1;
  recommended: {
    id: OptionId;
    title: string;
    monthlyUsd: number | null;
    reasons: string[];
    command: string | null;
  };
  /** The questions of the tree down to the one that decided. */
  path: Step[];
  situation: Situation;
  /** What was not said, and taken as documented. */
  assumed: (keyof Situation)[];
  options: OptionAdvice[];
  /** Share of requests that would start cold in a function; `null` where none can do it. */
  coldShare: number | null;
  /** What always being on would cost; `null` where nothing can be, or the table does not know it. */
  alwaysOn: { id: OptionId; title: string; monthlyUsd: number } | null;
  /** Requests a month above which what is always on is cheaper; `null` for never, or where no function can do it. */
  breakEvenRequests: number | null;
  /** What would lead to another option. */
  changes: { if: string; option: string }[];
  prices: { title: string; source: string; dated: string; confidence: HourlyPrice['confidence'] }[];
}

/** Decides how to package and run a model, and says why. */
export function advise(given: Given): Advice {
  const { situation, assumed } = resolveSituation(given);
  const { option, reason, path } = decide(situation);
  const { id, title, monthlyUsd, command } = optionOf(option);
  return {
    schemaVersion: 1,
    recommended: {
      ...{ id, title, command: command(situation), monthlyUsd: monthlyUsd(situation) },
      reasons: [reason, ...situation.obstacles.map(obstacle => `The functions cannot run it: ${obstacle}`)],
    },
    ...{ path, situation, assumed },
    options: options.map(other => {
      const cannot = other.cannot(situation);
      const note = cannot === undefined ? other.note?.(situation) : undefined;
      return {
        ...{ id: other.id, title: other.title },
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
