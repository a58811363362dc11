"""Trains the example's regressor and writes model.ubj and samples.csv next to this file.

    pip install -r requirements.txt && python train.py

Using the example needs none of this: both files are checked in. model.ubj is what XGBoost's save_model writes.

samples.csv holds 100 policies that training has not seen: a column for each feature, then XGBoost's `prediction`. Some
values are missing. `region` is a category by its code, 0 to 5; XGBoost 3.1 and later can also keep names in the model.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import xgboost as xgb

HERE = Path(__file__).parent


def make_policies(count, rng):
    """Car insurance policies, some of them with gaps; and what their claims cost in a year, most of them nothing."""
    policies = pd.DataFrame(
        {
            "driver_age": rng.integers(18, 85, count),
            "car_age": rng.integers(0, 25, count),
            "horsepower": (60 + 140 * rng.random(count)).round(),
            "region": rng.integers(0, 6, count),
            "years_without_claim": rng.integers(0, 20, count),
        }
    ).astype(np.float32)
    risk = -1.8 + 0.9 * (policies["driver_age"] < 25) + 0.006 * policies["horsepower"]
    risk += policies["region"].isin([1, 4]) * 0.5 - 0.05 * policies["years_without_claim"]
    claims = rng.poisson(np.exp(risk))
    cost = np.array([rng.gamma(2, 400, number).sum() for number in claims])
    for name in ("horsepower", "region", "years_without_claim"):
        policies.loc[rng.random(count) < 0.06, name] = np.nan
    return policies, cost


def main():
    policies, cost = make_policies(4000, np.random.default_rng(11))
    types = ["c" if name == "region" else "float" for name in policies]

    def matrix(frame, label=None):
        names = list(policies)
        return xgb.DMatrix(frame.to_numpy(), label, feature_names=names, feature_types=types, enable_categorical=True)

    parameters = {
        "objective": "reg:tweedie", "tweedie_variance_power": 1.5, "tree_method": "hist", "max_depth": 4, "eta": 0.1,
        "base_score": float(cost.mean()), "seed": 11, "nthread": 1,
    }
    model = xgb.train(parameters, matrix(policies[:-100], cost[:-100]), num_boost_round=60)
    model.save_model(HERE / "model.ubj")

    held_out = policies[-100:]
    samples = held_out.assign(prediction=model.predict(matrix(held_out)))
    samples.to_csv(HERE / "samples.csv", index=False, float_format="%.9g")


main()
