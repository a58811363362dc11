export type Dice = ReturnType<typeof startDice>;

/** @param random - uniform in [0, 1) */
export function startDice(random: () => number) {
  const below = (bound: number) => Math.floor(random() * bound);
  return {
    /** An integer below `bound`. */
    below,
    pick: <T>(items: readonly T[]): T => items[below(items.length)]!,
    chance: (share: number) => random() < share,
  };
}
