"""Trains the example's classifier and writes model.txt and samples.csv beside this file.

    pip install -r requirements.txt && python train.py

Using the example needs none of this: both files are checked in. model.txt is what LightGBM's save_model writes.

samples.csv holds 100 customers that training has not seen: a column for each feature, then what LightGBM answers, a
column for each element of an output: `label`, `probability[0]` and `probability[1]`. Some values are missing.
"""

from pathlib import Path

import lightgbm as lgb
import numpy as np
import pandas as pd

HERE = Path(__file__).parent
PLANS = ["basic", "plus", "family", "business"]
COUNTRIES = ["AT", "CH", "DE", "DK", "FI", "NO", "SE"]


def make_customers(count, rng):
    """Customers of a phone company, some of them with gaps in their records; and whether they left."""
    months = rng.integers(1, 72, count).astype(float)
    customers = pd.DataFrame(
        {
            "months": months,
            "plan": pd.Categorical(rng.choice(PLANS, count, p=[0.5, 0.25, 0.15, 0.1]), categories=PLANS),
            "country": pd.Categorical(rng.choice(COUNTRIES, count), categories=COUNTRIES),
            "monthly_charge": (15 + 40 * rng.random(count)).round(2),
            "calls_to_support": rng.poisson(1.2, count).astype(float),
            "autopay": pd.Categorical(rng.random(count) < 0.6, categories=[False, True]),
        }
    )
    risk = -1.2 - 0.04 * months + 0.03 * customers["monthly_charge"] + 0.55 * customers["calls_to_support"]
    risk += np.where(customers["plan"] == "basic", 0.7, -0.3) + np.where(customers["country"].isin(["DK", "NO"]), -0.5, 0.2)
    risk -= 0.6 * (customers["autopay"] == True)  # noqa: E712
    left = rng.random(count) < 1 / (1 + np.exp(-risk))
    customers.loc[rng.random(count) < 0.08, "monthly_charge"] = np.nan
    for name in ("plan", "country"):
        customers.loc[rng.random(count) < 0.05, name] = np.nan
    return customers, left.astype(int)


def main():
    rng = np.random.default_rng(7)
    customers, left = make_customers(3000, rng)
    parameters = {"objective": "binary", "num_leaves": 12, "learning_rate": 0.1, "seed": 7, "num_threads": 1, "verbosity": -1}
    model = lgb.train(parameters, lgb.Dataset(customers[:-100], left[:-100]), num_boost_round=60)
    model.save_model(HERE / "model.txt")

    held_out = customers[-100:]
    probability = model.predict(held_out)
    samples = held_out.assign(
        **{
            "label": (probability > 0.5).astype(int),
            "probability[0]": 1 - probability,
            "probability[1]": probability,
        }
    )
    samples.to_csv(HERE / "samples.csv", index=False, float_format="%.17g")


main()
